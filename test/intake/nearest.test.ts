import { expect, test } from 'vitest';
import { meantByWords } from '../../lambda/intake/index.ts';

const KNOWN = ['target-security-group-closed', 'load-balancer-security-group-closed', 'out-of-memory'];

test.each([
  ['security-group-close', 'did you mean target-security-group-closed or load-balancer-security-group-closed?'],
  ['memory', 'did you mean out-of-memory?'],
  ['out-of-memry', 'did you mean out-of-memory?'],
  ['memory-leak', undefined],
  ['to', undefined],
  ['-', undefined],
])('%s of names of several words', (written, hint) => {
  expect(meantByWords(written, KNOWN)).toBe(hint);
});
