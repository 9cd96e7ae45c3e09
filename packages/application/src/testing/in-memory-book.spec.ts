import { bookContract } from './contract/book-contract.js';
import { describeContract } from './contract/contract-case.js';
import { concurrentFillsCase } from './contract/use-case-concurrency-cases.js';
import { InMemoryBook } from './memory/in-memory-book.js';

function makeHarness() {
  const book = new InMemoryBook();
  return { factory: book, read: book.read };
}

bookContract(makeHarness);
describeContract('Many tasks', [concurrentFillsCase({ tasks: 50, fills: 20, portfolios: 10 })], makeHarness);
