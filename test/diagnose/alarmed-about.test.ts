import { expect, test } from 'vitest';
import { alarmedAbout } from '../../lambda/diagnose/alarmed-about.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { LoadBalancerMetric, Values } from '../../lambda/incident/evidence.ts';
import { asString } from '../../lambda/render/json.ts';
import { always, aSnapshot, denied, lately, metrics, NOW } from '../support/a-snapshot.ts';

const alarm = (metric: string) => ({ kind: 'alarm' as const, at: NOW, state: 'ALARM', metrics: [metric] });
type Series = Partial<Record<LoadBalancerMetric, Values>>;
const ofAlarm = (metric: string, values: Series) =>
  aSnapshot({ trigger: alarm(metric), loadBalancerMetrics: metrics(values) });
const said = (metric: string, values: Series) => {
  const about = alarmedAbout(ofAlarm(metric, values));
  return about === null ? null : asString(about);
};
/** A level, and another one in the newest minutes. */
const then = (before: number, minutes: number, now: number): Values => [
  ...always(before).slice(minutes),
  ...Array<number>(minutes).fill(now),
];

test.each<[string, string, Series, string | null]>([
  [
    '4xx of the targets that rose',
    'HTTPCode_Target_4XX_Count',
    { HTTPCode_Target_4XX_Count: then(2, 12, 60) },
    'the targets answered 660 requests, 50 % of all requests recently, with 4xx since 2026-03-10T14:18:00Z (60 a minute, against 2 a minute in the hour before)',
  ],
  [
    '4xx of the targets that did not rise',
    'HTTPCode_Target_4XX_Count',
    { HTTPCode_Target_4XX_Count: always(3) },
    'the targets answered 87 requests with 4xx since 2026-03-10T14:00:00Z (3 a minute, against 3 a minute in the hour before)',
  ],
  [
    'none at all',
    'HTTPCode_Target_4XX_Count',
    {},
    'the targets answered no request with 4xx since 2026-03-10T14:00:00Z (0 a minute, against 0 a minute in the hour before)',
  ],
  [
    '4xx of the load balancer itself',
    'HTTPCode_ELB_4XX_Count',
    { HTTPCode_ELB_4XX_Count: then(1, 8, 40), HTTPCode_Target_2XX_Count: always(120) },
    'the load balancer itself answered 280 requests, 25 % of all requests recently, with 4xx since 2026-03-10T14:22:00Z (40 a minute, against 1 a minute in the hour before)',
  ],
  [
    'answers that became slow',
    'TargetResponseTime',
    { 'TargetResponseTime.p99': then(0.2, 9, 4) },
    'the slowest 1 % of responses of a minute took 4 s or more in the last 5 minutes, against 0.2 s in the hour before; slow since 2026-03-10T14:21:00Z',
  ],
  [
    'answers that are as slow as ever',
    'TargetResponseTime',
    { 'TargetResponseTime.p99': always(4) },
    'the slowest 1 % of responses of a minute took 4 s or more in the last 5 minutes, against 4 s in the hour before',
  ],
  ['answers that nobody measured', 'TargetResponseTime', {}, null],
  ['5xx', 'HTTPCode_Target_5XX_Count', { HTTPCode_Target_4XX_Count: always(3) }, null],
  ['something else', 'ActiveConnectionCount', { HTTPCode_Target_4XX_Count: always(3) }, null],
])('an alarm about %s', (_, metric, values, expected) => {
  expect(said(metric, values)).toBe(expected);
});

test('nothing is said of metrics that were not seen', () => {
  expect(alarmedAbout(aSnapshot({ trigger: alarm('TargetResponseTime'), loadBalancerMetrics: denied() }))).toBeNull();
});

test('a quiet report says it, with and without a bad request', () => {
  const headline = (values: Series) =>
    asString(diagnose(ofAlarm('HTTPCode_Target_4XX_Count', values), []).verdict.headline);
  const rise = { HTTPCode_Target_4XX_Count: then(2, 12, 60) };
  expect(headline(rise)).toMatch(
    /^No request was answered 5xx in the last 30 min, but the targets answered 660 requests/,
  );
  const one = { HTTPCode_ELB_5XX_Count: lately(2, 1), HTTPCode_ELB_502_Count: lately(2, 1) };
  expect(headline({ ...rise, ...one })).toMatch(
    /requests? (was|were) answered 5xx in the last 30 min, but the targets/,
  );
  expect(headline(rise)).not.toContain('does not come from this load balancer');
});
