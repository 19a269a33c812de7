import { expect, test } from 'vitest';
import codeMismatch from '../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { mayBeOlder } from '../../lambda/diagnose/edge-of-reading.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  always,
  aSnapshot,
  between,
  denied,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  TG,
  target,
  unhealthy,
} from '../support/a-snapshot.ts';

test.each<[string, string, boolean]>([
  ['in the first minute that was read', '2026-03-10T11:30:00Z', true],
  ['a little before, by the checks that had failed by then', '2026-03-10T11:29:30Z', true],
  ['in the next minute', '2026-03-10T11:31:00Z', false],
  ['days before, as its own record tells', '2026-03-08T11:30:00Z', false],
])('what began %s may be older', (_, since, isOlder) => {
  expect(mayBeOlder(since, aSnapshot().evidence)).toBe(isOlder);
});

test('without metrics there is no edge', () => {
  expect(mayBeOlder('2026-03-10T11:30:00Z', aSnapshot({ loadBalancerMetrics: denied() }).evidence)).toBe(false);
});

test('what fails in all that was read is given no time at which it began', () => {
  const failing = (values: readonly (number | null)[]): Ill => ({
    loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
    targetHealth: [
      target('i-1'),
      unhealthy('i-2', 'Target.ResponseCodeMismatch', { description: 'Health checks failed with these codes: [404]' }),
    ],
    targetGroupMetrics: groupMetrics({ [TG]: { 'UnHealthyHostCount.max': [...values] } }),
  });
  const read = (ill: Ill) => renderEmail(diagnose(aSnapshot(ill), [codeMismatch])).replace(/\s+/g, ' ');
  const ever = read(failing(always(1)));
  expect(ever).toMatch(/What is suspected began at 11:\d\d(:\d\d)? UTC or earlier: what was read starts there/);
  expect(ever).toContain('gets 404 from 1 of 2 targets (or earlier)');
  const lately40 = read(failing(between(40, 0, 1).map((value) => value ?? 0)));
  expect(lately40).toMatch(/(The cause|What is suspected) began at 13:\d\d/);
  expect(lately40).not.toContain('or earlier');
});
