import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-timeout/keepalive-shorter-than-idle-timeout/cause.ts';
import {
  always,
  between,
  denied,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  LB,
  lately,
  metrics,
  newest,
  partly,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const N = null;
const errors502 = (values: (number | null)[], more = {}) =>
  metrics({ HTTPCode_ELB_502_Count: newest(...values), HTTPCode_ELB_5XX_Count: newest(...values), ...more });
const FEW = [2, N, 1, 3, N, 6, 2, N, 7];
const sporadic = { loadBalancerMetrics: errors502(FEW) };
const idle = (seconds: number) => ({ 'idle_timeout.timeout_seconds': String(seconds) });
const hosts = (healthy: (number | null)[], failing: number) =>
  groupMetrics({ [TG]: { 'HealthyHostCount.min': newest(...healthy), 'UnHealthyHostCount.max': lately(9, failing) } });
const api = groupArn('api');

/** One 502 in every third minute, for more than an hour. */
const THIRDS = Array.from({ length: 120 }, (_, n) => (n % 3 === 0 ? 1 : N));
const since = (minutes: number) => errors502([...THIRDS.slice(0, minutes), ...(minutes % 3 === 0 ? [] : [1])]);
const lasting = { loadBalancerMetrics: errors502(THIRDS) };
const TWO_MINUTES_AGO = '2026-03-10T14:28:00Z';
const change = {
  at: TWO_MINUTES_AGO,
  who: 'alice',
  by: 'person' as const,
  tool: null,
  what: 'registered targets',
  event: 'RegisterTargets',
  source: 'elasticloadbalancing.amazonaws.com',
  resources: [TG],
  details: { is: 'other' as const },
};

/** Four 502s in each of the last fifteen minutes, since targets were registered. */
const risen = (requests: number) => ({
  loadBalancerMetrics: errors502(
    Array.from({ length: 15 }, () => 4),
    { RequestCount: lately(180, requests) },
  ),
  changes: [{ ...change, at: '2026-03-10T14:14:00Z' }],
});

/** So many in one minute of each nine, for most of an hour. */
const nowAndThen = (count: number, requests: number) => ({
  loadBalancerMetrics: errors502(
    Array.from({ length: 54 }, (_, minute) => (minute % 9 === 0 ? count : N)),
    { RequestCount: always(requests) },
  ),
});

/** A function behind `api` gets requests, too; the targets of `web` leave some of theirs unanswered. */
const besideFunction = (unanswered: number) => ({
  ...sporadic,
  targetGroups: [targetGroup('web'), targetGroup('api', { targetType: 'lambda', port: null })],
  listenerRules: [
    {
      ...{ arn: `${LB}/rule`, listenerArn: `${LB}/listener`, priority: null, conditions: [] },
      actions: [TG, api].map((targetGroup) => ({ type: 'forward' as const, to: [{ targetGroup, weight: 1 }] })),
    },
  ],
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: newest(...Array(179).fill(60), 60 - unanswered) },
    [api]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: always(58) },
  }),
});

test.each([
  ['for more than an hour, and nothing moved', lasting, 'found strong'],
  ['since the window began', { loadBalancerMetrics: since(30) }, 'found circumstantial'],
  [
    'a failed connection',
    { loadBalancerMetrics: errors502(THIRDS, { TargetConnectionErrorCount: between(10, 9, 1) }) },
    'found circumstantial',
  ],
  [
    'nobody counted healthy targets',
    { ...lasting, targetGroupMetrics: denied('cloudwatch:GetMetricData') },
    'found circumstantial',
  ],
  ['something was changed', { ...lasting, changes: [change] }, 'found circumstantial'],
  [
    'something was changed long before',
    { ...lasting, changes: [{ ...change, at: '2026-03-10T12:00:00Z' }] },
    'found strong',
  ],
  ['changes denied', { ...lasting, changes: denied('cloudtrail:LookupEvents') }, 'found circumstantial'],
  ['a task started', { ...lasting, ecsTasks: [task('t-1', { startedAt: TWO_MINUTES_AGO })] }, 'found circumstantial'],
  [
    'a task stopped',
    { ...lasting, ecsTasks: [task('t-1', { startedAt: null, stoppingAt: TWO_MINUTES_AGO })] },
    'found circumstantial',
  ],
  [
    'a deployment goes on',
    { ...lasting, ecsServices: [ecsService({ deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] })] },
    'found circumstantial',
  ],
  ['ECS denied', { ...lasting, ecsTasks: denied('ecs:DescribeTasks') }, 'found circumstantial'],
  [
    'Auto Scaling denied',
    { ...lasting, autoScalingGroups: denied('autoscaling:DescribeAutoScalingGroups') },
    'found circumstantial',
  ],
  ['a few at once, now and then, among very many requests', nowAndThen(14, 6000), 'found circumstantial'],
  ['many at once, now and then', nowAndThen(600, 6000), 'ruled-out'],
])('more than a suspicion or not: %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('where five minutes have one count, nobody knows in how many of them there was a 502', () => {
  const { grid, values } = lasting.loadBalancerMetrics;
  const ill = { loadBalancerMetrics: { grid: { ...grid, every: 5 }, values } };
  expect(outcome(cause, ill)).toBe('undetermined');
});

test.each([
  ['a few 502s in most minutes, nothing else wrong', sporadic, 'found circumstantial'],
  [
    'in a quarter of the minutes',
    { loadBalancerMetrics: errors502([1, N, N, N, 1, N, N, N, N, N, N, 1]) },
    'found circumstantial',
  ],
  [
    'in less than a quarter, two at a time at most',
    { loadBalancerMetrics: errors502([2, N, N, N, 2, N, N, N, N, N, N, N, 2]) },
    'found circumstantial',
  ],
  [
    'in less than a quarter, more at a time',
    { loadBalancerMetrics: errors502([2, N, N, N, 2, N, N, N, N, N, N, N, 3]) },
    'ruled-out',
  ],
  [
    'in less than a quarter, with hardly any requests',
    { loadBalancerMetrics: errors502([1, N, N, N, 1, N, N, N, N, N, N, N, 1], { RequestCount: always(9) }) },
    'found circumstantial',
  ],
  ['over five minutes', { loadBalancerMetrics: errors502([1, N, 1, N, 1]) }, 'found circumstantial'],
  ['over four', { loadBalancerMetrics: errors502([1, 1, N, 1]) }, 'ruled-out'],
  ['in two minutes only', { loadBalancerMetrics: errors502([9, N, N, N, 9]) }, 'ruled-out'],
  ['a tenth of the requests', { loadBalancerMetrics: errors502([12, 12, 12, 12, 12]) }, 'found circumstantial'],
  ['more than a tenth', { loadBalancerMetrics: errors502([12, 12, 12, 12, 13]) }, 'ruled-out'],
  [
    'one failed connection for ten 502s',
    { loadBalancerMetrics: errors502([4, 4, 4, 4, 4], { TargetConnectionErrorCount: newest(2) }) },
    'found circumstantial',
  ],
  [
    'more failed connections',
    { loadBalancerMetrics: errors502([4, 4, 4, 4, 4], { TargetConnectionErrorCount: newest(3) }) },
    'ruled-out',
  ],
  [
    'failed TLS handshakes',
    { loadBalancerMetrics: errors502([4, 4, 4, 4, 4], { TargetTLSNegotiationErrorCount: newest(20) }) },
    'ruled-out',
  ],
  [
    'the application answers 5xx all the time, and no more than before',
    { loadBalancerMetrics: errors502(FEW, { HTTPCode_Target_5XX_Count: always(3) }) },
    'found circumstantial',
  ],
  [
    'the application answers more 5xx since',
    { loadBalancerMetrics: errors502(FEW, { HTTPCode_Target_5XX_Count: lately(9, 3) }) },
    'ruled-out',
  ],
  [
    'as many 504s: targets hang',
    { loadBalancerMetrics: errors502(FEW, { HTTPCode_ELB_504_Count: lately(9, 3) }) },
    'ruled-out',
  ],
  [
    'a target fails its checks',
    { ...sporadic, targetHealth: [target('i-1'), unhealthy('i-2', 'Target.Timeout')] },
    'ruled-out',
  ],
  [
    'a target drains',
    { ...sporadic, targetHealth: [target('i-1'), target('i-2', { state: 'draining' })] },
    'ruled-out',
  ],
  ['a target is new', { ...sporadic, targetHealth: [target('i-1'), target('i-2', { state: 'initial' })] }, 'ruled-out'],
  [
    'targets were healthy throughout',
    {
      ...sporadic,
      targetGroupMetrics: hosts(
        FEW.map(() => 2),
        0,
      ),
    },
    'found circumstantial',
  ],
  ['a target failed in between', { ...sporadic, targetGroupMetrics: hosts([], 1) }, 'ruled-out'],
  ['targets came and went in between', { ...sporadic, targetGroupMetrics: hosts([2, 3, 3, 2], 0) }, 'ruled-out'],
  [
    'another group fails, and answers all its requests',
    {
      ...sporadic,
      targetGroups: [targetGroup('web'), targetGroup('api')],
      listenerRules: [
        {
          arn: `${LB}/rule`,
          listenerArn: LB,
          priority: null,
          actions: [TG, api].map((targetGroup) => ({ type: 'forward' as const, to: [{ targetGroup, weight: 1 }] })),
          conditions: [],
        },
      ],
      targetHealth: [target('i-1'), unhealthy('i-2', 'Target.ResponseCodeMismatch', { targetGroup: api })],
      targetGroupMetrics: groupMetrics({
        [TG]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: always(57) },
        [api]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: always(60) },
      }),
    },
    'found circumstantial',
  ],
  ['no 502', {}, 'ruled-out'],
  ['beside a function, its own targets answered all but two', besideFunction(2), 'ruled-out'],
  ['beside a function, they did not answer three', besideFunction(3), 'found circumstantial'],
  [
    'Lambda functions only',
    { ...sporadic, targetGroups: [targetGroup('web', { targetType: 'lambda', port: null })] },
    'not-applicable',
  ],
  ['health denied', { ...sporadic, targetHealth: denied() }, 'undetermined'],
  [
    'failed connections could not be read',
    {
      loadBalancerMetrics: partly(errors502(FEW), { why: 'failed', detail: 'x', ids: ['TargetConnectionErrorCount'] }),
    },
    'found circumstantial',
  ],
  ['2 % of the requests at once, after an hour with none, as a target was changed', risen(200), 'ruled-out'],
  ['1 % of them', risen(400), 'found circumstantial'],
  ['2 %, and nothing changed', { ...risen(200), changes: [] }, 'found circumstantial'],
  ['2 %, as the idle timeout was raised', { ...risen(200), loadBalancerAttributes: idle(120) }, 'found circumstantial'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says how sporadic they are, what else looks alike, and what to set in which server', () => {
  expect(readable(cause, sporadic)).toMatchInlineSnapshot(`
    "Targets of web may close idle connections before the load balancer does (60 s) [circumstantial]
      because  21 requests answered \`502\` since 14:21, in 6 of 9 minutes: 1.9 % of the requests, and no connection failed   [loadBalancerMetrics]
      because  both targets are healthy: nothing is down   [targetHealth]
      because  \`idle_timeout.timeout_seconds\` is \`60\`: Node.js closes after 5 s, Apache 5 s, gunicorn 2 s, Tomcat 20 to 60 s, Undertow 60 s   [loadBalancerAttributes]
      because  crashing processes, and targets that leave before their requests end, look the same; not certain: whether it was so before   [loadBalancerMetrics]
      fix      make the server keep idle connections open for 65 s or more, longer than the idle timeout of 60 s
      fix      set the keep-alive timeout: Node.js \`server.keepAliveTimeout = 65000\`, gunicorn \`--keep-alive 65\`, uvicorn \`--timeout-keep-alive 65\`, Apache \`KeepAliveTimeout 65\`, Tomcat \`keepAliveTimeout="65000"\`, Undertow \`server.undertow.no-request-timeout=65s\`, nginx \`keepalive_timeout 65s\`
      look     look for \`502 -\` with a response processing time of -1 in the access logs: they prove it"
  `);
});

test('an idle timeout above the default is named, and lowered only where no answer takes long', () => {
  const fast = errors502(FEW, { 'TargetResponseTime.max': lately(9, 29.9) });
  const slow = errors502(FEW, { 'TargetResponseTime.max': lately(9, 30) });
  const raised = (loadBalancerMetrics: typeof fast) =>
    readable(cause, { loadBalancerMetrics, loadBalancerAttributes: idle(300) });
  expect(raised(fast)).toContain('is `300`, above the default of `60`');
  expect(raised(fast)).toContain('Key=idle_timeout.timeout_seconds,Value=60');
  expect(raised(slow)).not.toContain('Value=60');
  expect(raised(errors502(FEW))).not.toContain('Value=60');
});

test('health that was read days later is told as that, and those that cannot serve are not left out', () => {
  const now = readable(cause, { ...sporadic, targetHealth: [target('i-1'), target('i-2', { state: 'unused' })] });
  expect(now).toContain('only 1 of 2 targets can serve, and is healthy: nothing else is down');
  expect(now).not.toContain('the only target');
  const late = readable(cause, { ...sporadic, readAt: '2026-03-12T14:30:00Z' });
  expect(late).toContain('both targets are healthy as AWS was read at 14:30, which does not show how they were then');
  expect(late).not.toContain('nothing is down');
});
