import { expect, test } from 'vitest';
import { errorsOfOneZone } from '../../../lambda/diagnose/circumstances/errors-of-one-zone.ts';
import type { Values, ZoneMetric } from '../../../lambda/incident/evidence.ts';
import { always, aSnapshot, denied, type Ill, lately, metrics, partly } from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill) => errorsOfOneZone(aSnapshot(ill)).map(({ shows }) => plain(shows));

type Series = Partial<Record<ZoneMetric, Values>>;
const { grid } = metrics();
const zones = (a: Series, b: Series) => ({
  grid,
  of: [
    { id: 'us-east-1a', values: { RequestCount: always(60), ...a } },
    { id: 'us-east-1b', values: { RequestCount: always(60), ...b } },
  ],
});
const elb = (perMinute: number): Series => ({ HTTPCode_ELB_5XX_Count: lately(9, perMinute) });
const whole = (perMinute: number) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: lately(9, perMinute),
    HTTPCode_ELB_5XX_Count: lately(9, perMinute),
  }),
});

test.each<[string, Ill, string]>([
  [
    'all of them',
    { ...whole(40), zoneMetrics: zones({}, elb(40)) },
    "all 360 errors since 14:21 came through the load balancer's nodes in `us-east-1b`, which got 50 % of the requests; those in `us-east-1a` answered 540 without one",
  ],
  [
    'nearly all',
    { ...whole(40), zoneMetrics: zones(elb(4), elb(36)) },
    "324 of 360 errors since 14:21 came through the load balancer's nodes in `us-east-1b`, which got 50 % of the requests; those in `us-east-1a` answered 540 with 36 errors",
  ],
  [
    'errors of the targets',
    {
      loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: lately(9, 40) }),
      zoneMetrics: zones({ HTTPCode_Target_5XX_Count: lately(9, 40) }, {}),
    },
    "all 360 errors since 14:21 came through the load balancer's nodes in `us-east-1a`, which got 50 % of the requests; those in `us-east-1b` answered 540 without one",
  ],
  [
    'a zone whose requests are not counted, having no target',
    { ...whole(40), zoneMetrics: zones({}, { ...elb(40), RequestCount: lately(9, null) }) },
    "all 360 errors since 14:21 came through the load balancer's nodes in `us-east-1b`, which got 40 % of the requests; those in `us-east-1a` answered 540 without one",
  ],
  [
    'the fewest that are no chance',
    { loadBalancerMetrics: errorsOf(10), zoneMetrics: zones({}, { HTTPCode_ELB_5XX_Count: lately(10, 1) }) },
    "all 10 errors since 14:20 came through the load balancer's nodes in `us-east-1b`, which got 50 % of the requests; those in `us-east-1a` answered 600 without one",
  ],
])('tells of the zone where the errors are: %s', (_, ill, expected) => {
  expect(told(ill)).toEqual([expected]);
});

function errorsOf(minutes: number) {
  return metrics({ HTTPCode_ELB_504_Count: lately(minutes, 1), HTTPCode_ELB_5XX_Count: lately(minutes, 1) });
}

test.each<[string, Ill]>([
  ['there are no errors', { zoneMetrics: zones({}, {}) }],
  ['they are spread', { ...whole(40), zoneMetrics: zones(elb(20), elb(20)) }],
  ['a few more are elsewhere', { ...whole(40), zoneMetrics: zones(elb(5), elb(35)) }],
  [
    'so few may be in one zone by chance',
    { loadBalancerMetrics: errorsOf(9), zoneMetrics: zones({}, { HTTPCode_ELB_5XX_Count: lately(9, 1) }) },
  ],
  ['all requests are there, too', { ...whole(40), zoneMetrics: zones({ RequestCount: always(0) }, elb(40)) }],
  ['CloudWatch tells fewer of them by zone', { ...whole(40), zoneMetrics: zones({}, elb(20)) }],
  [
    'a zone was not read',
    { ...whole(40), zoneMetrics: partly(zones({}, elb(40)), { why: 'failed', detail: 'no', ids: ['us-east-1a'] }) },
  ],
  ['the zones are denied', { ...whole(40), zoneMetrics: denied('cloudwatch:GetMetricData') }],
  ['a zone is missing', { ...whole(40), zoneMetrics: { grid, of: zones({}, elb(40)).of.slice(1) } }],
])('tells of no zone where %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});
