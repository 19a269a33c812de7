import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/overload/traffic-surge/cause.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  denied,
  groupArn,
  type Ill,
  instanceMetrics,
  lately,
  metrics,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

/** A level and, for the newest minutes, another. */
const from = (minutes: number, value: number, level = 120): Values => [
  ...always(level).slice(0, 180 - minutes),
  ...Array(minutes).fill(value),
];
/** Errors from minute 171 of 180 on, and answers that take longer from then on. */
const surge = (requests: Values, more = {}): Ill => ({
  loadBalancerMetrics: metrics({
    RequestCount: requests,
    HTTPCode_ELB_504_Count: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    'TargetResponseTime.p50': from(12, 2, 0.1),
    ...more,
  }),
});
const calm = { 'TargetResponseTime.p50': always(0.1) };
const cpu = (values: Values): Ill => ({ instanceMetrics: instanceMetrics({ 'i-1': { CPUUtilization: values } }) });

test.each<[string, Ill, string]>([
  ['three times the requests, ahead of the errors, and slower answers', surge(from(12, 360)), 'found strong'],
  ['twice the requests', surge(from(12, 240)), 'found strong'],
  ['a little less', surge(from(12, 239)), 'ruled-out'],
  ['for most of the hour before', surge(from(50, 360)), 'found strong'],
  ['in the minute of the errors, far more than they', surge(from(9, 360)), 'found strong'],
  [
    'in that minute, no more than clients that repeat what fails',
    surge(from(9, 360), { HTTPCode_ELB_504_Count: lately(9, 130), HTTPCode_ELB_5XX_Count: lately(9, 130) }),
    'ruled-out',
  ],
  ['after the errors began', surge(from(7, 360)), 'ruled-out'],
  [
    'over long before the errors',
    surge([...always(120).slice(0, 100), ...Array(20).fill(400), ...Array(60).fill(120)]),
    'ruled-out',
  ],
  ['answers as fast as ever, CPU unseen', surge(from(12, 360), calm), 'found circumstantial'],
  [
    'answers slower, but fast',
    surge(from(12, 360), { 'TargetResponseTime.p50': from(12, 0.19, 0.05) }),
    'found circumstantial',
  ],
  [
    'only the slowest responses are slower',
    surge(from(12, 360), { ...calm, 'TargetResponseTime.p99': from(12, 9, 1) }),
    'found strong',
  ],
  ['CPU follows', { ...surge(from(12, 360), calm), ...cpu(from(11, 85, 20)) }, 'found strong'],
  ['CPU follows, but not far', { ...surge(from(12, 360), calm), ...cpu(from(11, 79, 20)) }, 'found circumstantial'],
  ['CPU was high before', { ...surge(from(12, 360), calm), ...cpu(from(11, 85, 80)) }, 'found circumstantial'],
  [
    'as many were borne an hour ago',
    surge([...always(120).slice(0, 60), ...Array(10).fill(360), ...from(12, 360).slice(70)]),
    'found circumstantial',
  ],
  ['few more clients at night', surge(from(12, 29, 5)), 'ruled-out'],
  ['more clients at night', surge(from(12, 40, 5)), 'found strong'],
  ['19 minutes known before', surge(lately(28, 120), { 'TargetResponseTime.p50': lately(28, 0.1) }), 'undetermined'],
  ['20 minutes known before', surge(lately(29, 120), { 'TargetResponseTime.p50': lately(29, 0.1) }), 'ruled-out'],
  [
    'CPU was as high in single minutes before',
    {
      ...surge(from(12, 360), calm),
      ...cpu(from(11, 85, 20).map((level, minute) => (minute % 30 === 5 ? 95 : level))),
    },
    'found strong',
  ],
  ['nothing came before', surge(from(12, 360, 0)), 'undetermined'],
  ['requests as ever', surge(always(120)), 'ruled-out'],
  ['no errors', { loadBalancerMetrics: metrics({ RequestCount: from(12, 360) }) }, 'ruled-out'],
  ['health denied', { ...surge(from(12, 360)), targetHealth: denied() }, 'found strong'],
  ['metrics denied', { loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test.each<[string, Values, string]>([
  ['a minute of chance is no beginning', [131, 125, 240, 260, 280], '14:18'],
  ['where they left what they vary by, not where they were twice as many', [160, 185, 210, 240, 280], '14:16'],
])('dates it: %s', (_, ramp, since) => {
  const requests = [...always(120).slice(0, 166), ...ramp, ...Array(9).fill(300)];
  expect(readable(cause, surge(requests))).toContain(`since 2026-03-10T${since}:00Z`);
});

test('says how many, and what followed', () => {
  expect(readable(cause, { ...surge(from(12, 360)), ...cpu(from(11, 97, 20)) })).toMatchInlineSnapshot(`
    "Requests rose to 3 times the usual before the errors began [strong] since 2026-03-10T14:18:00Z
      because  120 requests a minute before, up to 360 from 14:18 on; errors from 14:21 on   [loadBalancerMetrics]
      because  the median of response times per minute was 2 s on average as the errors began, against 0.1 s before   [loadBalancerMetrics]
      because  CPU of i-1 rose with them, to 97 %   [instanceMetrics]
      fix      add targets to web, about 6 instead of 2 for as many requests each as usual"
  `);
});

test('begins where requests leave what is usual, not where they are twice as many', () => {
  const ramp = [...always(120).slice(0, 166), 160, 190, 220, 250, 280, ...Array(9).fill(360)];
  expect(readable(cause, surge(ramp))).toContain('120 requests a minute before, up to 360 from 14:16 on');
  // Somewhat more requests than usual, as in one minute of five: no part of it.
  const restless = always(120).map((level, minute) => (minute % 5 === 0 ? 155 : level));
  const after = [...restless.slice(0, 171), ...Array(9).fill(360)];
  expect(readable(cause, surge(after))).toContain('from 14:21 on;');
});

test('says how many targets, where nothing that is read sets their number', () => {
  expect(readable(cause, surge(from(12, 500)))).toContain(
    'add targets to web, about 9 instead of 2 for as many requests each as usual',
  );
  const two = { targetHealth: [target('i-1'), target('i-2', { targetGroup: groupArn('api') })] };
  const told = readable(cause, {
    ...surge(from(12, 500)),
    ...two,
    targetGroups: [targetGroup('web'), targetGroup('api')],
    listenerRules: aRuleTo(groupArn('web'), groupArn('api')),
  });
  expect(told).not.toContain('instead of');
});
