import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-timeout/slower-than-idle-timeout/cause.ts';
import type { Cause } from '../../../lambda/causes/cause.ts';
import type { InstanceMetric, ServiceMetric, Values } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  always,
  aRuleTo,
  between,
  change,
  denied,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  instance,
  LB,
  lately,
  metrics,
  instanceMetrics as metricsOf,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { inTasks } from '../../support/containers.ts';
import { outcome as outcomeOf, readable as readableOf } from '../../support/judged.ts';
import { behindLambda } from '../../support/lambda.ts';

/** What an agent sends of instances that have room, unless named otherwise. */
const AGENT = { mem_used_percent: always(50), disk_used_percent: always(40) };
const instanceMetrics = (of: Record<string, Partial<Record<InstanceMetric, Values>>>) =>
  metricsOf(Object.fromEntries(Object.entries(of).map(([id, values]) => [id, { ...AGENT, ...values }])));
const roomy = () => cpuOf(20);
const outcome = (of: Cause, ill: Ill) => outcomeOf(of, { ...roomy(), ...ill });
const readable = (of: Cause, ill: Ill) => readableOf(of, { ...roomy(), ...ill });

const cpuOf = (level: number): Ill => ({
  instanceMetrics: instanceMetrics({
    'i-1': { CPUUtilization: always(level) },
    'i-2': { CPUUtilization: always(level) },
  }),
});
/** 80 %, and since so many minutes another value. */
const filling = (minutes: number, value: number): Values => afterLevel(80, ...Array(minutes).fill(value));
const slow = (most: number, more = {}) =>
  metrics({
    HTTPCode_ELB_504_Count: lately(9, 20),
    HTTPCode_ELB_5XX_Count: lately(9, 20),
    'TargetResponseTime.max': lately(9, most),
    ...more,
  });
const idle = (seconds: number) => ({ 'idle_timeout.timeout_seconds': String(seconds) });

test.each([
  [
    '504s, no connection errors, slowest answers at the idle timeout',
    { loadBalancerMetrics: slow(59.2) },
    'found strong',
  ],
  ['slowest answers at 85 % of it', { loadBalancerMetrics: slow(51) }, 'found strong'],
  ['slowest answers just under that', { loadBalancerMetrics: slow(50.9) }, 'found circumstantial'],
  ['slowest answers a little over it', { loadBalancerMetrics: slow(66) }, 'found strong'],
  [
    'slowest answers far over it: whatever keeps those alive',
    { loadBalancerMetrics: slow(90) },
    'found circumstantial',
  ],
  [
    'the slowest of one minute in nine near it: a single request',
    { loadBalancerMetrics: slow(59, { 'TargetResponseTime.max': [...lately(9, 2).slice(0, 175), 59, 2, 2, 2, 2] }) },
    'found circumstantial',
  ],
  [
    'some always took that long, and the slowest 1 % became much slower',
    {
      loadBalancerMetrics: slow(59, {
        'TargetResponseTime.max': always(58),
        'TargetResponseTime.p99': afterLevel(0.7, ...Array(9).fill(24)),
      }),
    },
    'found strong',
  ],
  [
    'some always took that long, and the slowest 1 % took less than a quarter of it',
    {
      loadBalancerMetrics: slow(59, {
        'TargetResponseTime.max': always(58),
        'TargetResponseTime.p99': afterLevel(0.7, ...Array(9).fill(14)),
      }),
    },
    'found circumstantial',
  ],
  [
    'one took that long in the hour before, and many do now',
    {
      loadBalancerMetrics: slow(59, {
        'TargetResponseTime.max': always(0.4).map((usual, minute) => (minute === 120 || minute > 170 ? 59 : usual)),
      }),
    },
    'found strong',
  ],
  [
    'answers that took a minute, until the idle timeout became short',
    {
      loadBalancerMetrics: slow(0, { 'TargetResponseTime.max': afterLevel(60, ...Array(9).fill(0.5)) }),
      loadBalancerAttributes: idle(10),
    },
    'found strong',
  ],
  [
    'the same, where some in the very minute took as long as before',
    {
      loadBalancerMetrics: slow(0, { 'TargetResponseTime.max': afterLevel(60, 60, ...Array(8).fill(0.5)) }),
      loadBalancerAttributes: idle(10),
    },
    'found strong',
  ],
  [
    'the same, and a minute later still',
    {
      loadBalancerMetrics: slow(0, { 'TargetResponseTime.max': afterLevel(60, 60, 60, ...Array(7).fill(0.5)) }),
      loadBalancerAttributes: idle(10),
    },
    'found circumstantial',
  ],
  [
    'some go on for longer, and the slowest but for one in a hundred end at it',
    {
      loadBalancerMetrics: slow(0, {
        'TargetResponseTime.max': always(30),
        'TargetResponseTime.p99': afterLevel(20, ...Array(9).fill(9.8)),
      }),
      loadBalancerAttributes: idle(10),
    },
    'found strong',
  ],
  [
    'some go on for longer, and the others never took as long as the timeout',
    {
      loadBalancerMetrics: slow(0, {
        'TargetResponseTime.max': always(30),
        'TargetResponseTime.p99': afterLevel(10.9, ...Array(9).fill(9.8)),
      }),
      loadBalancerAttributes: idle(10),
    },
    'found circumstantial',
  ],
  [
    'a trickle: 1 in 2,000 requests',
    { loadBalancerMetrics: slow(59, { RequestCount: always(40000) }) },
    'found circumstantial',
  ],
  ['a short idle timeout', { loadBalancerMetrics: slow(4.6), loadBalancerAttributes: idle(5) }, 'found strong'],
  [
    'the same answers under a longer one',
    { loadBalancerMetrics: slow(4.6), loadBalancerAttributes: idle(60) },
    'found circumstantial',
  ],
  [
    'only the 99th percentile was sent',
    {
      loadBalancerMetrics: metrics({
        HTTPCode_ELB_504_Count: lately(9, 20),
        HTTPCode_ELB_5XX_Count: lately(9, 20),
        'TargetResponseTime.p99': lately(9, 58),
      }),
    },
    'found strong',
  ],
  [
    'one connection error in twenty',
    { loadBalancerMetrics: slow(59, { TargetConnectionErrorCount: lately(9, 1) }) },
    'found strong',
  ],
  [
    'as many connection errors as 504s',
    { loadBalancerMetrics: slow(59, { TargetConnectionErrorCount: lately(9, 20) }) },
    'ruled-out',
  ],
  [
    'connection errors in minutes without a 504',
    { loadBalancerMetrics: slow(59, { TargetConnectionErrorCount: between(60, 30, 50) }) },
    'found strong',
  ],
  [
    'one endpoint always took that long, and nothing became slower',
    { loadBalancerMetrics: slow(59, { 'TargetResponseTime.max': lately(120, 59) }) },
    'found circumstantial',
  ],
  [
    'the same, and the idle timeout is the short one',
    { loadBalancerMetrics: slow(4.6, { 'TargetResponseTime.max': lately(120, 4.6) }), loadBalancerAttributes: idle(5) },
    'found strong',
  ],
  [
    'as many failed TLS handshakes as 504s',
    { loadBalancerMetrics: slow(59, { TargetTLSNegotiationErrorCount: lately(9, 20) }) },
    'ruled-out',
  ],
  [
    'nobody answers at all: every health check times out, and no answer is slow',
    { loadBalancerMetrics: slow(2), targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout')) },
    'ruled-out',
  ],
  [
    'health checks time out on a port of their own, which says nothing of the requests',
    {
      loadBalancerMetrics: slow(2),
      targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout', { healthCheckPort: 9000 })),
    },
    'found circumstantial',
  ],
  [
    'slow answers make health checks time out, too',
    { loadBalancerMetrics: slow(59), targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout')) },
    'found strong',
  ],
  ['no 504', { loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 20) }) }, 'ruled-out'],
  ['no error at all', {}, 'ruled-out'],
  [
    'no 504, and attributes denied: still ruled out by the metrics',
    { loadBalancerAttributes: denied() },
    'undetermined',
  ],
  ['metrics denied', { loadBalancerMetrics: denied('cloudwatch:GetMetricData') }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says how slow, against which timeout, and what to do first', () => {
  expect(readable(cause, { loadBalancerMetrics: slow(59.2) })).toMatchInlineSnapshot(`
    "Targets answer later than the idle timeout of 60 s [strong]
      because  180 requests answered \`504\` since 14:21, with no connection error: the targets were reached   [loadBalancerMetrics]
      because  the slowest responses took 59.2 s, near the idle timeout of 60 s   [loadBalancerMetrics]
      because  \`idle_timeout.timeout_seconds\` is \`60\`   [loadBalancerAttributes]
      fix      raise the idle timeout to 120 s until responses are fast again
               aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=idle_timeout.timeout_seconds,Value=120 --region us-east-1
         undo  aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=idle_timeout.timeout_seconds,Value=60 --region us-east-1
      look     find what has made the application slow since 14:21: check its log, its database and the services it calls"
  `);
});

test('calls a short idle timeout short, and offers to raise it', () => {
  expect(readable(cause, { loadBalancerMetrics: slow(4.6), loadBalancerAttributes: idle(5) })).toMatchInlineSnapshot(`
    "Targets answer later than the idle timeout of 5 s (itself short: the default is 60 s) [strong]
      because  180 requests answered \`504\` since 14:21, with no connection error: the targets were reached   [loadBalancerMetrics]
      because  the slowest responses took 4.6 s, near the idle timeout of 5 s   [loadBalancerMetrics]
      because  \`idle_timeout.timeout_seconds\` is \`5\`   [loadBalancerAttributes]
      fix      raise the idle timeout to 60 s
               aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=idle_timeout.timeout_seconds,Value=60 --region us-east-1
         undo  aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=idle_timeout.timeout_seconds,Value=5 --region us-east-1
      look     find what has made the application slow since 14:21: check its log, its database and the services it calls
      look     see whether the idle timeout changed recently
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyLoadBalancerAttributes --start-time 2026-03-09T14:21:00Z --region us-east-1"
  `);
});

test('names the group whose targets are slow', () => {
  const byGroup = groupMetrics({ [TG]: { 'TargetResponseTime.max': lately(9, 59) } });
  expect(readable(cause, { loadBalancerMetrics: slow(59), targetGroupMetrics: byGroup })).toMatch(
    /^Targets of web answer later/,
  );
});

test.each<[string, Values, boolean]>([
  ['as the errors began', [...always(60).slice(0, 168), ...lately(12, 0).slice(168)], true],
  ['after they had begun', [...always(60).slice(0, 177), ...lately(3, 0).slice(177)], false],
  ['hours before', lately(120, 0), false],
  ['never', always(4), false],
])('the disks used up their burst balance: %s', (_, balance, isTold) => {
  const disks = instanceMetrics({ 'i-1': { 'EBSIOBalance%': balance } });
  const told = readable(cause, { loadBalancerMetrics: slow(59.2), instanceMetrics: disks });
  expect(told.includes('the disks of i-1 had used up their burst balance')).toBe(isTold);
  expect(told.includes('relieve the disks of i-1')).toBe(isTold);
});

const set = (value: number, clock: string) =>
  change(
    { is: 'settings', of: LB, set: { 'idle_timeout.timeout_seconds': String(value) } },
    { at: `2026-03-10T${clock}:00Z`, event: 'ModifyLoadBalancerAttributes', resources: [LB] },
  );
/** 504s from 14:10 to 14:20; the idle timeout is 60 s now. */
const over = {
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: between(20, 10, 20),
    HTTPCode_ELB_5XX_Count: between(20, 10, 20),
    'TargetResponseTime.max': between(20, 10, 4.9),
  }),
};

test.each([
  ['lowered before the errors and set again as they ended', [set(5, '14:09'), set(60, '14:19')], 'found strong'],
  ['lowered within the first minute', [set(5, '14:11'), set(60, '14:19')], 'found strong'],
  ['set again long after the errors had ended', [set(5, '14:09'), set(60, '14:29')], 'found circumstantial'],
  ['what it was before is not shown', [set(60, '14:19')], 'found circumstantial'],
  ['lowered and set again before the errors', [set(5, '14:00'), set(60, '14:05')], 'found circumstantial'],
  ['CloudTrail denied', denied(), 'found circumstantial'],
])('an idle timeout that is set again: %s', (_, changes, expected) => {
  expect(outcome(cause, { ...over, changes })).toBe(expected);
});

test('tells of an idle timeout that is set again, in the past', () => {
  expect(readable(cause, { ...over, changes: [set(5, '14:09'), set(60, '14:19')] })).toMatchInlineSnapshot(`
    "Targets answered later than the idle timeout of 5 s, which was set to 60 s at 14:19 [strong] since 2026-03-10T14:09:00Z
      because  200 requests answered \`504\` since 14:10, with no connection error: the targets were reached   [loadBalancerMetrics]
      because  the slowest responses took 4.9 s, near the idle timeout of 5 s   [loadBalancerMetrics]
      because  \`idle_timeout.timeout_seconds\` is \`60\` now   [loadBalancerAttributes]
      because  \`alice\` set idle_timeout.timeout_seconds=60 on web: until then it was \`5\`   [changes]"
  `);
});

const hosts = (since: number) =>
  groupMetrics({ [TG]: { 'UnHealthyHostCount.max': [...always(0).slice(0, 180 - since), ...Array(since).fill(1)] } });
test.each([
  ['as the errors began', hosts(7), 2, 'ruled-out'],
  ['up to ten minutes after', { ...hosts(1) }, 2, 'ruled-out'],
  ['long before', hosts(60), 2, 'found circumstantial'],
  ['nobody saw when', groupMetrics({}), 2, 'found circumstantial'],
  ['as the errors began, while answers became slow', hosts(7), 59, 'found strong'],
])('one of two targets answers no health check any more: %s', (_, targetGroupMetrics, most, expected) => {
  const targetHealth = [target('i-1'), unhealthy('i-2', 'Target.Timeout')];
  expect(outcome(cause, { loadBalancerMetrics: slow(most), targetHealth, targetGroupMetrics })).toBe(expected);
});

test('disks that came to their limit together are told together', () => {
  const balance = { 'EBSByteBalance%': lately(12, 0) };
  const disks = instanceMetrics({ 'i-1': balance, 'i-2': balance });
  expect(readable(cause, { loadBalancerMetrics: slow(59.2), instanceMetrics: disks })).toContain(
    'the disks of i-1 and i-2 had used up their burst balance at 14:18 (`EBSByteBalance%` at 0): they are limited',
  );
});

test.each([
  ['at 90 % of their CPU', 90, 'circumstantial'],
  ['just below that', 89, 'strong'],
])('targets %s', (_, level, strength) => {
  const busy = instanceMetrics({ 'i-1': { CPUUtilization: always(level) }, 'i-2': { CPUUtilization: always(20) } });
  const told = readable(cause, { loadBalancerMetrics: slow(59), instanceMetrics: busy });
  expect(told).toContain(`[${strength}]`);
  expect(told.includes('CPU of these targets at 90 %: enough to make them slow')).toBe(level === 90);
});

describe('is strong only where the slow targets were seen to have room', () => {
  const instancesWith = (values: Partial<Record<InstanceMetric, Values>>): Ill => ({
    instanceMetrics: instanceMetrics({
      'i-1': { CPUUtilization: always(20), ...values },
      'i-2': { CPUUtilization: always(20) },
    }),
  });
  const burstable: Ill = { instances: ['i-1', 'i-2'].map((id) => instance(id, { type: 't3.small' })) };
  const tasks = (values: Partial<Record<ServiceMetric, Values>>): Ill => ({
    ...inTasks,
    ecsServices: [ecsService()],
    serviceMetrics: serviceMetrics({ 'prod/web': values }),
  });

  test.each<[string, Ill, string]>([
    ['no CPU was sent', { instanceMetrics: instanceMetrics({ 'i-1': {}, 'i-2': {} }) }, 'found circumstantial'],
    ['metrics of instances denied', { instanceMetrics: denied() }, 'found circumstantial'],
    ['memory at its limit', instancesWith({ mem_used_percent: always(95) }), 'found circumstantial'],
    ['memory just below', instancesWith({ mem_used_percent: always(94.9) }), 'found strong'],
    ['a disk filled up', instancesWith({ disk_used_percent: filling(20, 99) }), 'found circumstantial'],
    ['a disk nearly filled up', instancesWith({ disk_used_percent: filling(20, 98.9) }), 'found strong'],
    ['a disk was full for hours before', instancesWith({ disk_used_percent: always(99.5) }), 'found strong'],
    ['CPU at the baseline, and no credits sent', { ...burstable }, 'found circumstantial'],
    ['CPU above the baseline', { ...burstable, ...cpuOf(25) }, 'found strong'],
    ['CPU below the baseline', { ...burstable, ...cpuOf(16) }, 'found strong'],
    ['tasks with room', tasks({ CPUUtilization: always(20), MemoryUtilization: always(60) }), 'found strong'],
    ['memory of tasks not sent', tasks({ CPUUtilization: always(20) }), 'found circumstantial'],
    ['CPU of tasks not sent', tasks({ MemoryUtilization: always(20) }), 'found circumstantial'],
    [
      'tasks at the limit of their memory',
      tasks({ CPUUtilization: always(20), MemoryUtilization: always(97) }),
      'found circumstantial',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, { loadBalancerMetrics: slow(59), ...ill })).toBe(expected);
  });

  const agent = (values: Partial<Record<InstanceMetric, Values>>) => ({
    instanceMetrics: metricsOf({
      'i-1': { CPUUtilization: always(20), ...values },
      'i-2': { CPUUtilization: always(20), ...values },
    }),
  });
  test.each<[string, Ill, string | null]>([
    ['memory and disks', agent({}), 'memory and disks'],
    ['disks alone', agent({ mem_used_percent: always(50) }), 'disks'],
    ['memory alone', agent({ disk_used_percent: always(50) }), 'memory'],
    [
      'the disks of one of two',
      {
        instanceMetrics: metricsOf({
          'i-1': { CPUUtilization: always(20), ...AGENT },
          'i-2': { CPUUtilization: always(20), mem_used_percent: always(50) },
        }),
      },
      'disks',
    ],
    ['nothing, but that the disks have used up their burst balance', agent({ 'EBSIOBalance%': lately(12, 0) }), null],
    ['nothing', agent(AGENT), null],
  ])('unseen of instances: %s', (_, ill, named) => {
    const told = readableOf(cause, { loadBalancerMetrics: slow(59), ...ill });
    expect(told).toContain(named === null ? '[strong]' : '[circumstantial]');
    expect(told.includes('not seen, and could change this')).toBe(named !== null);
    if (named !== null) expect(told).toContain(`not seen, and could change this: ${named} `);
  });

  /** So many of 120 requests a minute wait in vain, and the median of the answers goes from 0.2 s to another value. */
  const someOf = (of120: number, median: number | null) =>
    slow(59, {
      HTTPCode_ELB_504_Count: lately(9, of120),
      HTTPCode_Target_2XX_Count: afterLevel(120, ...Array(9).fill(120 - of120)),
      ...(median === null ? {} : { 'TargetResponseTime.p50': afterLevel(0.2, ...Array(9).fill(median)) }),
    });
  test.each<[string, number, number | null, boolean]>([
    ['fewer requests fail than half of what one of two targets gets, the others are as fast as before', 29, 0.2, true],
    ['half of what one gets: it may be one that is slow to all', 30, 0.2, false],
    ['the median rose by less than half', 29, 0.29, true],
    ['by half: all are slower', 29, 0.3, false],
    ['nobody saw the median', 29, null, false],
  ])('neither memory nor disks of instances seen: %s', (_, of120, median, isStrong) => {
    const told = readableOf(cause, { loadBalancerMetrics: someOf(of120, median) });
    expect(told).toContain(isStrong ? '[strong]' : '[circumstantial]');
    expect(told.includes('no target was slow for all its requests')).toBe(isStrong);
    expect(told.includes('memory and disks')).toBe(!isStrong);
  });

  test('names what was not seen', () => {
    const told = readable(cause, { loadBalancerMetrics: slow(59), instanceMetrics: denied() });
    expect(told).toContain('not seen, and could change this: CPU, CPU credits, memory and disks');
  });

  test('healthy ones that nobody asked about are spoken for', () => {
    const targetHealth = ['i-1', 'i-2', 'i-3'].map((id) => target(id));
    expect(outcome(cause, { loadBalancerMetrics: slow(59), targetHealth })).toBe('found strong');
    const failing = [...targetHealth, unhealthy('i-4', 'Target.Timeout')];
    expect(outcome(cause, { loadBalancerMetrics: slow(59), targetHealth: failing })).toBe('found circumstantial');
  });
});

describe('raising the idle timeout', () => {
  const raised = (ill: Ill) => readable(cause, ill).includes('modify-load-balancer-attributes');
  const share = (of120: number) =>
    slow(59, { HTTPCode_ELB_504_Count: lately(9, of120), HTTPCode_ELB_5XX_Count: lately(9, of120) });

  test.each<[string, Ill, boolean]>([
    ['half of the requests fail', { loadBalancerMetrics: share(60) }, true],
    ['more of them fail', { loadBalancerMetrics: share(61) }, false],
    ['CPU is at its limit', { loadBalancerMetrics: share(20), ...cpuOf(95) }, false],
    [
      'most fail, the timeout is short, and nothing became slower',
      { loadBalancerMetrics: slow(4.6, { HTTPCode_ELB_504_Count: lately(9, 100) }), loadBalancerAttributes: idle(5) },
      true,
    ],
  ])('%s', (_, ill, isOffered) => {
    expect(raised(ill)).toBe(isOffered);
  });
});

describe('an idle timeout that was lowered shortly before', () => {
  const cut = { loadBalancerMetrics: slow(4.6), loadBalancerAttributes: idle(5) };

  test('is put back to what it was, and who lowered it is told', () => {
    const told = readable(cause, { ...cut, changes: [set(300, '09:00'), set(5, '14:15')] });
    expect(told).toContain('`idle_timeout.timeout_seconds` was `300` until 14:15');
    expect(told).toContain('undo what `alice` did at 14:15: set idle_timeout.timeout_seconds=5 on web');
    // One and the same way is told once, and so is the change.
    expect(told.match(/ {2}fix /g)).toHaveLength(1);
    expect(told.match(/set idle_timeout/g)).toHaveLength(1);
    expect(told).toContain('Value=300');
    expect(told).not.toContain('raise');
  });

  test('is put back, too, where most requests fail', () => {
    const most = { HTTPCode_ELB_504_Count: lately(9, 110), HTTPCode_ELB_5XX_Count: lately(9, 110) };
    const changes = [set(60, '09:00'), set(5, '14:15')];
    expect(readable(cause, { ...cut, loadBalancerMetrics: slow(4.6, most), changes })).toContain('Value=60');
  });

  test('what it was is not invented', () => {
    const told = readable(cause, { ...cut, changes: [set(5, '14:15')] });
    // What is not in the record proves nothing.
    expect(told).not.toContain('not in the record');
    expect(told).not.toContain('put the idle timeout back');
    expect(told).not.toContain('slow since');
    // Whoever lowered it knows: that comes before what only adds.
    expect(told).toMatch(
      /ask `alice` what `idle_timeout.timeout_seconds` was before 14:15, and set that again[\s\S]*raise the idle timeout to 60 s/,
    );
  });

  test.each([
    [60, true],
    [61, false],
  ])(
    'what it was is not known, and %i of 120 requests fail: a longer one is no way out for most of them',
    (failed, isOffered) => {
      const many = { HTTPCode_ELB_504_Count: lately(9, failed), HTTPCode_ELB_5XX_Count: lately(9, failed) };
      const told = readable(cause, { ...cut, loadBalancerMetrics: slow(4.6, many), changes: [set(5, '14:15')] });
      expect(told).toContain('ask `alice` what');
      expect(told.includes('raise the idle timeout')).toBe(isOffered);
    },
  );

  test.each([
    ['more than an hour before', [set(300, '09:00'), set(5, '13:15')]],
    ['after the errors had begun', [set(300, '09:00'), set(5, '14:25')]],
    ['it was raised', [set(2, '09:00'), set(5, '14:15')]],
  ])('not: %s', (_, changes) => {
    expect(readable(cause, { ...cut, changes })).not.toContain('put the idle timeout back');
  });
});

describe('functions', () => {
  const onlyFunctions = behindLambda({ loadBalancerMetrics: slow(59) });
  const API = groupArn('api');
  const beside = (api: Record<string, Values>, web: Record<string, Values> = {}, longest = 59) => ({
    targetGroups: [targetGroup('web'), targetGroup('api', { targetType: 'lambda' as const, port: null })],
    listenerRules: aRuleTo(TG, API),
    loadBalancerMetrics: slow(longest),
    targetGroupMetrics: groupMetrics({ [API]: api, [TG]: web }),
  });
  const answers = (longest: number) => ({ 'TargetResponseTime.max': lately(9, longest) });

  test.each([
    ['alone: no connection to them can be idle', onlyFunctions, 'not-applicable'],
    ['beside instances that are slow', beside({}, answers(59)), 'found strong'],
    ['it is the function that runs for long', beside(answers(59), answers(2)), 'found circumstantial'],
    ['nine of ten 504s are of AWS Lambda', beside({ LambdaInternalError: lately(9, 18) }, answers(59)), 'ruled-out'],
    ['fewer are', beside({ LambdaInternalError: lately(9, 17) }, answers(59)), 'found strong'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('are not blamed for what is slow beside them', () => {
    expect(readable(cause, beside(answers(59), answers(58)))).toContain('Targets of web answer later');
  });
});

test('a mean of minutes is told as one, and the minutes that it is held against as those they are', () => {
  const p99 = afterLevel(0.7, ...Array(8).fill(24), 33);
  const told = readable(cause, { loadBalancerMetrics: slow(59, { 'TargetResponseTime.p99': p99 }) });
  expect(told).toContain(
    'the 99th percentile of response times per minute was 25 s on average, against 0.7 s until ten minutes before the errors',
  );
  expect(told).not.toContain('1 % of the answers');
});

test('is dated by the 504s, where other errors came before', () => {
  const told = readable(cause, {
    loadBalancerMetrics: slow(59, {
      HTTPCode_ELB_502_Count: lately(25, 10),
      HTTPCode_ELB_5XX_Count: lately(25, 10).map((count, minute) => (minute < 171 ? count : 30)),
    }),
  });
  expect(told).toContain('180 requests answered `504` since 14:21');
  expect(told).toContain('find what has made the application slow since 14:21');
  expect(told).not.toContain('14:05');
});

describe('of a single request', () => {
  const once = { HTTPCode_ELB_504_Count: between(9, 8, 1), HTTPCode_ELB_5XX_Count: between(9, 8, 1) };

  test('no more is told than that it got no answer, and no limit is raised for it', () => {
    const told = readable(cause, { loadBalancerMetrics: slow(3, once) });
    expect(told).toContain('One request got no answer within the idle timeout of 60 s');
    expect(told).toContain('1 request answered `504` at 14:21, with no connection error: its target was reached');
    expect(told).not.toMatch(/Targets answer later|raise|since 14:21,/);
  });

  test('near the timeout as well', () => {
    const told = readable(cause, { loadBalancerMetrics: slow(59, once) });
    expect(told).toMatch(/^One request (to web )?got no answer within the idle timeout of 60 s/);
    expect(told).not.toContain('raise');
  });
});

test.each<[string, number, number, boolean]>([
  ['no tenth of it', 5.9, 60, false],
  ['more than that', 6.1, 60, true],
  ['no tenth of a short one', 2.9, 30, false],
])('nobody waits longer where the slowest responses take %s', (_, most, timeout, raises) => {
  const told = readable(cause, { loadBalancerMetrics: slow(most), loadBalancerAttributes: idle(timeout) });
  expect(told).toContain('later than the idle timeout');
  expect(told.includes('raise the idle timeout')).toBe(raises);
});
