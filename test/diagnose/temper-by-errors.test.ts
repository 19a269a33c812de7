import { expect, test } from 'vitest';
import { defineCause } from '../../lambda/causes/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import { always, aSnapshot, lately, metrics } from '../support/a-snapshot.ts';

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
