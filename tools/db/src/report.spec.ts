import { expect, test } from 'vitest';
import { planLines } from './report.js';

test('a plan can be pasted: each statement has its semicolon, and none is lost in a comment', () => {
  const statements = ['select 1', 'select 2;\n', 'select 3 -- three'];
  const plan = {
    version: '0007',
    name: 'add',
    direction: 'up',
    isTransactional: true,
    losses: [],
    statements,
  } as const;
  expect(planLines([plan])).toBe('-- up 0007_add\nselect 1;\nselect 2;\nselect 3 -- three\n;');
});
