import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/overload/too-few-healthy-targets/cause.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { always, denied, groupMetrics, type Ill, lately, metrics, TG, target } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const from = (minutes: number, value: number | null, level: number): Values => [
  ...always(level).slice(0, 180 - minutes),
  ...Array(minutes).fill(value),
];
/** Errors from minute 171 of 180 on. */
const errors = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
};
const hosts = (healthy: Values, failing: Values, more = {}): Ill => ({
  ...errors,
  targetGroupMetrics: groupMetrics({
    [TG]: { 'HealthyHostCount.min': healthy, 'UnHealthyHostCount.max': failing, ...more },
  }),
});

test.each<[string, Ill, string]>([
  ['half of six carry twice as much', hosts(from(15, 3, 6), from(15, 3, 0)), 'found strong'],
  ['more than half are left', hosts(from(15, 4, 6), from(15, 2, 0)), 'ruled-out'],
  ['one of six', hosts(from(15, 1, 6), from(15, 5, 0)), 'found strong'],
  [
    'a zonal shift keeps requests from half of them, which stay healthy',
    hosts(always(4), always(0), { 'ActiveZonalShiftHostCount.max': from(15, 2, 0) }),
    'found strong',
  ],
  [
    'a zonal shift from fewer than half of them',
    hosts(always(6), always(0), { 'ActiveZonalShiftHostCount.max': from(15, 2, 0) }),
    'ruled-out',
  ],
  [
    'a zonal shift whose targets are no longer counted as healthy',
    hosts(from(15, 2, 4), always(0), { 'ActiveZonalShiftHostCount.max': from(15, 2, 0) }),
    'found strong',
  ],
  [
    'a zonal shift and a failing target',
    hosts(from(15, 5, 6), from(15, 1, 0), { 'ActiveZonalShiftHostCount.max': from(15, 2, 0) }),
    'found strong',
  ],
  [
    'a zonal shift after the errors began',
    hosts(always(4), always(0), { 'ActiveZonalShiftHostCount.max': from(8, 2, 0) }),
    'ruled-out',
  ],
  ['lost the minute before the errors', hosts(from(10, 3, 6), from(10, 3, 0)), 'found strong'],
  ['lost as the errors began', hosts(from(9, 3, 6), from(9, 3, 0)), 'ruled-out'],
  ['none is left: all get requests', hosts(from(15, 0, 6), from(15, 6, 0)), 'ruled-out'],
  [
    'the group fails open',
    hosts(from(15, 3, 6), from(15, 3, 0), { UnhealthyRoutingRequestCount: lately(9, 40) }),
    'ruled-out',
  ],
  [
    'requests fell with the targets',
    hosts(from(15, 3, 6), from(15, 3, 0), { RequestCount: from(15, 59, 119) }),
    'ruled-out',
  ],
  [
    'the burden is twice what it was, by the count of the group',
    hosts(from(15, 3, 6), from(15, 3, 0), { RequestCount: from(15, 60, 60) }),
    'found strong',
  ],
  [
    'half are lost while requests vary by a tenth',
    hosts(from(15, 3, 6), from(15, 3, 0), { RequestCount: from(15, 54, 60) }),
    'found strong',
  ],
  [
    'half are lost while requests fall by more',
    hosts(from(15, 3, 6), from(15, 3, 0), { RequestCount: from(15, 53, 60) }),
    'ruled-out',
  ],
  ['few all the time: what is usual is not known', hosts(always(3), always(3)), 'undetermined'],
  ['a group that gets no requests', { ...hosts(from(15, 3, 6), from(15, 3, 0)), listenerRules: [] }, 'ruled-out'],
  ['no errors', { ...hosts(from(15, 3, 6), from(15, 3, 0)), loadBalancerMetrics: metrics() }, 'ruled-out'],
  ['host counts not sent', { ...errors, targetGroupMetrics: groupMetrics({ [TG]: {} }) }, 'undetermined'],
  [
    'host counts of a function not sent',
    {
      ...errors,
      targetGroupMetrics: groupMetrics({ [TG]: {} }),
      targetHealth: [target('arn:aws:lambda:us-east-1:1:function:f')],
    },
    'ruled-out',
  ],
  ['host counts not sent before the errors', hosts(lately(9, 3), lately(9, 3)), 'undetermined'],
  ['group metrics denied', { ...errors, targetGroupMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says how few, since when, and what each carries', () => {
  expect(readable(cause, hosts(from(15, 1, 6), from(15, 5, 0)))).toMatchInlineSnapshot(`
    "1 of 6 targets of web carries its requests alone [strong] since 2026-03-10T14:15:00Z
      because  \`HealthyHostCount\` at 1 of 6 from 14:15 on; errors from 14:21 on   [targetGroupMetrics]
      because  120 requests a minute for each healthy target, against 20 before   [targetGroupMetrics]
      fix      add targets to web
      look     see in their health why the others fail
               aws elbv2 describe-target-health --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1"
  `);
});

test('tells of a zonal shift what to see, and what to do', () => {
  const shifted = hosts(always(4), always(0), { 'ActiveZonalShiftHostCount.max': from(15, 2, 0) });
  expect(readable(cause, shifted)).toMatchInlineSnapshot(`
    "2 of 4 targets of web carry its requests alone, after a zonal shift [strong] since 2026-03-10T14:15:00Z
      because  a zonal shift keeps requests from 2 of 4 targets from 14:15 on; errors from 14:21 on   [targetGroupMetrics]
      because  60 requests a minute for each of the rest, against 30 before   [targetGroupMetrics]
      look1/2  see why the zonal shift was started, when it expires, and its \`zonalShiftId\`
               aws arc-zonal-shift get-managed-resource --resource-identifier arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --region us-east-1
      fix 2/2  if the zone is healthy again, cancel the shift by that id (\`aws arc-zonal-shift cancel-zonal-shift --zonal-shift-id\`)
      fix      add targets to web"
  `);
});
