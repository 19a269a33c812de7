import { describe, expect, test } from 'vitest';
import { defineCause } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { always, aSnapshot, lately, metrics, partly, securityGroup, unhealthy } from '../support/a-snapshot.ts';

const ofAll500s = defineCause({
  id: 'authentication-failing',
  needs: ['loadBalancerMetrics'],
  examine: () => ({
    is: 'found',
    findings: [
      {
        strength: 'strong',
        says: words('it fails'),
        because: [{ from: 'loadBalancerMetrics', shows: words('it does') }],
        affects: { targetGroups: [], targets: [] },
        explains: ['500'],
        fixes: [],
      },
    ],
  }),
});

test.each<[string, number, string]>([
  ['as often as in the hour before', 2, 'circumstantial'],
  ['more than twice as often', 5, 'strong'],
])('an old fault beside a new one, whose errors come %s', (_, now, expected) => {
  const old = [...always(2).slice(0, 171), ...lately(9, now).slice(171)];
  const loadBalancerMetrics = metrics({
    HTTPCode_ELB_500_Count: old,
    HTTPCode_ELB_504_Count: lately(9, 60),
    HTTPCode_ELB_5XX_Count: old.map((value, minute) => (value ?? 0) + (minute >= 171 ? 60 : 0)),
  });
  const [finding] = diagnose(aSnapshot({ loadBalancerMetrics }), [ofAll500s]).findings;
  expect(finding?.strength).toBe(expected);
});

test.each<[string, number, string]>([
  ['one error in a hundred', 99, 'strong'],
  ['fewer than that: a fault beside what happens', 100, 'circumstantial'],
])('what explains %s', (_, others, expected) => {
  const loadBalancerMetrics = metrics({
    HTTPCode_ELB_500_Count: lately(9, 1),
    HTTPCode_ELB_504_Count: lately(9, others),
    HTTPCode_ELB_5XX_Count: lately(9, others + 1),
  });
  const [finding] = diagnose(aSnapshot({ loadBalancerMetrics }), [ofAll500s]).findings;
  expect(finding?.strength).toBe(expected);
});

const unread = (...ids: readonly string[]) =>
  ({ why: 'denied', detail: 'GetMetricData answered Forbidden', ids }) as const;

test.each<[string, string, number | null]>([
  ['its code', 'HTTPCode_ELB_500_Count', null],
  ['another code', 'HTTPCode_ELB_504_Count', 0],
  ['the requests', 'RequestCount', 0],
])('what is of no known kind, where the metric was not read of %s', (_, metric, share) => {
  const loadBalancerMetrics = partly(metrics({ HTTPCode_ELB_5XX_Count: lately(9, 60) }), unread(metric));
  const [finding] = diagnose(aSnapshot({ loadBalancerMetrics }), [ofAll500s]).findings;
  expect(finding?.share).toBe(share);
  if (share === null) expect(finding?.capped ?? '').not.toMatch(/explains (none|hardly)/);
});

test('where all errors are of codes that were read, none is of the one that was not', () => {
  const errors = { HTTPCode_ELB_504_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) };
  const loadBalancerMetrics = partly(metrics(errors), unread('HTTPCode_ELB_500_Count'));
  const [finding] = diagnose(aSnapshot({ loadBalancerMetrics }), [ofAll500s]).findings;
  expect(finding?.share).toBe(0);
});

test('a closed security group is no suspect without errors, where the count of its code was denied', () => {
  const loadBalancerMetrics = partly(
    metrics({ HTTPCode_ELB_5XX_Count: lately(9, 60) }),
    unread('HTTPCode_ELB_504_Count'),
  );
  const snapshot = aSnapshot({
    ...{ loadBalancerMetrics, securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [])] },
    targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  });
  const diagnosis = diagnose(snapshot, CAUSES);
  expect(diagnosis.verdict).toMatchObject({ status: 'suspected', cause: 'target-security-group-closed' });
  const words = renderTerminal(diagnosis, { colour: false, width: 80 }).replace(/\s+/g, ' ');
  expect(words).toContain('The fault is proven; whether it causes the errors could not be seen.');
  expect(words).not.toMatch(/explains none|explains 0 %|other 5xx/);
});

const perhaps = (since: string, strength: 'circumstantial' | 'strong') =>
  defineCause({
    id: 'cpu-saturated',
    needs: ['loadBalancerMetrics'],
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength,
          since,
          says: words('it is busy'),
          because: [{ from: 'loadBalancerMetrics', shows: words('it is') }],
          affects: { targetGroups: [], targets: [] },
          explains: ['504'],
          fixes: [],
        },
      ],
    }),
  });

describe('what began after the errors explains none of them: no share is told of it', () => {
  const steady = lately(20, 40);
  const risen = steady.map((value, minute) => (minute >= 165 ? 120 : value));
  const counted = (values: typeof steady) =>
    aSnapshot({ loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: values, HTTPCode_ELB_5XX_Count: values }) });

  test.each<[string, string, typeof steady, 'circumstantial' | 'strong', boolean]>([
    ['with them', '2026-03-10T14:10:00Z', steady, 'circumstantial', false],
    ['within two minutes', '2026-03-10T14:12:00Z', steady, 'circumstantial', false],
    ['later', '2026-03-10T14:13:00Z', steady, 'circumstantial', true],
    ['later, however sure it is', '2026-03-10T14:13:00Z', steady, 'strong', true],
    ['later, and more errors with it', '2026-03-10T14:15:00Z', risen, 'circumstantial', false],
  ])('%s', (_, since, values, strength, isEffect) => {
    const diagnosis = diagnose(counted(values), [perhaps(since, strength)]);
    const [finding] = diagnosis.findings;
    expect(finding?.effect ?? false).toBe(isEffect);
    expect(finding?.share === null).toBe(isEffect);
    const page = renderTerminal(diagnosis, { colour: false, verbose: true }).replace(/\s+/g, ' ');
    expect(/Explains \d/.test(page)).toBe(!isEffect);
    expect(page.includes('The fault began after the errors did, and is not what made them begin')).toBe(isEffect);
  });
});
