import { expect, test } from 'vitest';
import { failOpenCircumstances } from '../../../lambda/diagnose/circumstances/fail-open.ts';
import type { Target } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  between,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  lately,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill) => failOpenCircumstances(aSnapshot(ill)).map(({ shows }) => plain(shows));

const failing = [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')];
const some = (healthy: number, of: number): readonly Target[] =>
  Array.from({ length: of }, (_, n) => (n < healthy ? target(`i-${n}`) : unhealthy(`i-${n}`, 'Target.Timeout')));
const attributes = (of: Record<string, string>) => ({ targetGroupAttributes: { [TG]: of } });
const COUNT = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count';
const PERCENTAGE = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage';
const apart = attributes({ 'load_balancing.cross_zone.enabled': 'false' });
const sent = (values: (number | null)[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { UnhealthyRoutingRequestCount: values } }),
});

test.each<[string, Ill, string]>([
  [
    'none is healthy',
    { targetHealth: failing },
    'web fails open: neither of its 2 targets is healthy, so all of them get requests',
  ],
  [
    'none is healthy, and requests are for another group',
    {
      targetHealth: [...failing, target('i-3', { targetGroup: groupArn('api') })],
      targetGroups: [targetGroup('web'), targetGroup('api')],
      listenerRules: aRuleTo(TG, groupArn('api')),
      targetGroupMetrics: groupMetrics({
        [TG]: { 'HealthyHostCount.min': always(0) },
        [groupArn('api')]: { RequestCount: always(9) },
      }),
    },
    'web fails open: neither of its 2 targets is healthy, so requests to the group go to any of them',
  ],
  [
    'none is healthy, and AWS counts what they get',
    { targetHealth: failing, ...sent([...lately(9, 40)]) },
    'web fails open: neither of its 2 targets is healthy, so all of them get requests: 360 requests since 14:21',
  ],
  [
    'what they got is over',
    { targetHealth: failing, ...sent([...between(60, 50, 40)]) },
    'web fails open: neither of its 2 targets is healthy, so all of them get requests',
  ],
  [
    'fewer are healthy than the group needs',
    { targetHealth: some(1, 4), ...attributes({ [COUNT]: '2' }) },
    `web fails open: 1 of 4 targets is healthy (\`${COUNT}\` is \`2\`), so all of them get requests`,
  ],
  [
    'a smaller part is healthy than the group needs',
    { targetHealth: some(3, 7), ...attributes({ [COUNT]: '1', [PERCENTAGE]: '50' }) },
    `web fails open: 3 of 7 targets are healthy (\`${PERCENTAGE}\` is \`50\`), so all of them get requests`,
  ],
  [
    'none is healthy in a zone by itself',
    { targetHealth: [target('i-1'), unhealthy('i-2', 'Target.Timeout')], ...apart },
    'web fails open in `us-east-1b`: its only target is not healthy, so it still gets requests',
  ],
  [
    'it was so a while ago, within the window',
    sent([...between(20, 12, 40)]),
    'web failed open from 14:10 to 14:18: 320 requests went to its targets whether healthy or not',
  ],
  [
    'the targets are not seen, but the requests',
    { targetHealth: denied(), ...sent([...lately(9, 40)]) },
    'web failed open since 14:21: 360 requests went to its targets whether healthy or not',
  ],
])('a group fails open where %s', (_, ill, expected) => {
  expect(told(ill)).toEqual([expected]);
});

test.each<[string, Ill]>([
  ['a healthy load balancer', {}],
  ['one healthy target among failing ones', { targetHealth: [...failing, target('i-3')] }],
  ['as many healthy ones as the group needs', { targetHealth: some(2, 4), ...attributes({ [COUNT]: '2' }) }],
  ['as large a part', { targetHealth: some(2, 4), ...attributes({ [PERCENTAGE]: '50' }) }],
  ['no part asked for', { targetHealth: some(1, 9), ...attributes({ [PERCENTAGE]: 'off' }) }],
  ['fewer targets than the group needs, all of them healthy', { ...attributes({ [COUNT]: '3' }) }],
  ['a group without targets', { targetHealth: [] }],
  ['targets that only start', { targetHealth: [target('i-1', { state: 'initial' })] }],
  [
    'a target whose zone nobody knows may be the healthy one',
    { targetHealth: [unhealthy('i-2', 'Target.Timeout'), target('10.1.2.3', { zone: null })], ...apart },
  ],
  [
    'a group whose health could not be read',
    { targetHealth: partly(failing, { why: 'throttled', detail: 'slow down', ids: [TG] }) },
  ],
  ['it was so before the window', sent([...between(60, 40, 40)])],
])('nothing fails open: %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});
