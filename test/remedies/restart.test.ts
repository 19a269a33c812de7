import { expect, test } from 'vitest';
import { text } from '../../lambda/incident/text.ts';
import { restartsOf } from '../../lambda/remedies/restart.ts';
import { asString } from '../../lambda/render/json.ts';
import { aSnapshot, unhealthy } from '../support/a-snapshot.ts';

const rebootOf = (hosts: number, worth: Parameters<typeof restartsOf>[1]) => {
  const targets = Array.from({ length: hosts }, (_, n) => unhealthy(`i-${n + 1}`, 'Target.Timeout'));
  const [first] = restartsOf(targets, worth, aSnapshot({ targetHealth: targets }).evidence);
  const { options = {} } = first?.run?.tool === 'aws' ? first.run : {};
  return { does: asString(first?.does ?? []), ids: [options.instanceIds ?? []].flat().length };
};
const ENDS = { says: text`it ends it` };

test('a call names as many as it takes, and what is left is said', () => {
  expect(rebootOf(20, ENDS)).toEqual({
    does: 'reboot i-1, i-2, i-3 and 17 more, with everything else that runs there: it ends it',
    ids: 20,
  });
  expect(rebootOf(21, ENDS)).toEqual({
    does: 'reboot i-1, i-2, i-3 and 17 more (20 of 21, and then the last one the same way), with everything else that runs there: it ends it',
    ids: 20,
  });
  expect(rebootOf(1300, ENDS).does).toContain('(20 of 1,300, and then the other 1,280 the same way)');
});

test('what a restart would lose is saved before it', () => {
  expect(rebootOf(1, { ...ENDS, before: text`take a dump` }).does).toBe(
    'take a dump, then reboot i-1, with everything else that runs there: it ends it',
  );
});
