import { expect, test } from 'vitest';
import { onceFor } from '../../lambda/semantics/once-for.ts';

test('each object is worked out once, whatever it comes to', () => {
  const asked: object[] = [];
  const size = onceFor((of: readonly number[]): number | null => {
    asked.push(of);
    return of.length === 0 ? null : of.length;
  });
  const [none, two] = [[], [1, 2]];
  expect([size(none), size(two), size(none), size(two), size([1, 2])]).toEqual([null, 2, null, 2, 2]);
  expect(asked).toHaveLength(3);
});
