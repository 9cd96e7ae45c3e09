import { generate } from '../src/generate/generate.js';

/** Generates in a process of its own, whose terminal drizzle-kit asks on: the name, and where drizzle.config.ts is. */
const [name = '', home = ''] = process.argv.slice(2);
await generate(name, false, home);
