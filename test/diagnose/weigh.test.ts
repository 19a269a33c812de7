import { expect, test } from 'vitest';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import { defineRule } from '../../lambda/rules/rule.ts';
import { aSnapshot, lately, metrics } from '../support/a-snapshot.ts';

const ofAll500s = defineRule({
  id: 'authentication-failing',
  category: 'load-balancer',
  title: '',
  explains: '',
  proof: '',
  resembles: '',
  remedy: '',
  prevention: '',
  docs: [''],
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
