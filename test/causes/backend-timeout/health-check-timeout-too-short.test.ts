import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-timeout/health-check-timeout-too-short/cause.ts';
import {
  afterLevel,
  always,
  denied,
  groupMetrics,
  lately,
  metrics,
  newest,
  securityGroup,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { checked, healthCheckLog } from '../../support/logs.ts';

/** Two ECS tasks: their memory is seen, as that of plain instances is not. */
const tasks = ['10.0.10.21', '10.0.11.22'];
const holder = (address: string, index: number) => ({
  id: `eni-${index}`,
  description: '',
  subnetId: index === 0 ? 'subnet-app-a' : 'subnet-app-b',
  vpcId: 'vpc-1',
  zone: index === 0 ? 'us-east-1a' : 'us-east-1b',
  addresses: [address],
  prefixes: [],
  securityGroupIds: ['sg-app'],
  instanceId: null,
  tags: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' },
});
const load = (cpu: number, memory: number) => ({
  serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: always(cpu), MemoryUtilization: always(memory) } }),
});
/** Of 120 requests a minute so many are answered, the slowest of them in so many seconds. */
const traffic = (answered: number, slowest: number, more = {}) => ({
  targetGroupMetrics: groupMetrics({
    [TG]: {
      RequestCount: always(120),
      HTTPCode_Target_2XX_Count: always(answered),
      'TargetResponseTime.p99': always(slowest),
      ...more,
    },
  }),
});
const timesOut = (id: string) => unhealthy(id, 'Target.Timeout');
const slowPage = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: tasks.map(timesOut),
  targetInterfaces: tasks.map(holder),
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) }),
  ...load(12, 40),
  ...traffic(118, 4),
};

test.each([
  ['all rivals were seen and are out', slowPage, 'found strong'],
  ['answers at three quarters of the timeout', { ...slowPage, ...traffic(118, 3.75) }, 'found strong'],
  ['answers far from it', { ...slowPage, ...traffic(118, 3.7) }, 'found circumstantial'],
  ['nine in ten requests are answered', { ...slowPage, ...traffic(108, 4) }, 'found strong'],
  ['fewer: targets do not serve users either', { ...slowPage, ...traffic(107, 4) }, 'ruled-out'],
  [
    'users’ answers take twice as long as before',
    {
      ...slowPage,
      ...traffic(118, 4, { 'TargetResponseTime.p99': newest(...Array(171).fill(2), ...Array(9).fill(4)) }),
    },
    'found strong',
  ],
  [
    'longer than that',
    {
      ...slowPage,
      ...traffic(118, 4, { 'TargetResponseTime.p99': newest(...Array(171).fill(1.9), ...Array(9).fill(4)) }),
    },
    'ruled-out',
  ],
  [
    'nobody saw how fast responses were before',
    { ...slowPage, ...traffic(118, 4, { 'TargetResponseTime.p99': lately(28, 4) }) },
    'found circumstantial',
  ],
  [
    'one answer near the timeout',
    {
      ...slowPage,
      ...traffic(118, 1, { 'TargetResponseTime.max': afterLevel(1, 4.9, ...Array(8).fill(1)) }),
    },
    'found circumstantial',
  ],
  ['a connection fails', { ...slowPage, ...traffic(118, 4, { TargetConnectionErrorCount: newest(1) }) }, 'ruled-out'],
  [
    'another target is healthy: it gets all requests',
    { ...slowPage, targetHealth: [timesOut('10.0.10.21'), target('10.0.11.22')] },
    'ruled-out',
  ],
  [
    'another target is new: it gets some',
    { ...slowPage, targetHealth: [timesOut('10.0.10.21'), target('10.0.11.22', { state: 'initial' })] },
    'found strong',
  ],
  ['CPU at its limit', { ...slowPage, ...load(90, 40) }, 'ruled-out'],
  ['CPU just below it', { ...slowPage, ...load(89, 40) }, 'found strong'],
  ['CPU and memory unseen', { ...slowPage, serviceMetrics: denied() }, 'found circumstantial'],
  [
    'the path is closed',
    { ...slowPage, securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [])] },
    'ruled-out',
  ],
  ['the path could not be seen', { ...slowPage, securityGroups: denied() }, 'found circumstantial'],
  [
    'checks go to another port',
    { ...slowPage, targetHealth: tasks.map((id) => unhealthy(id, 'Target.Timeout', { healthCheckPort: 9000 })) },
    'ruled-out',
  ],
  [
    'only the whole load balancer counts',
    {
      ...slowPage,
      targetGroupMetrics: denied(),
      loadBalancerMetrics: metrics({
        HTTPCode_Target_2XX_Count: always(118),
        HTTPCode_ELB_503_Count: lately(9, 10),
        'TargetResponseTime.p99': always(4),
      }),
    },
    'found strong',
  ],
  [
    'health checks fail in another way',
    { ...slowPage, targetHealth: tasks.map((id) => unhealthy(id, 'Target.FailedHealthChecks')) },
    'ruled-out',
  ],
  ['the group gets no requests', { ...slowPage, listenerRules: [] }, 'ruled-out'],
  ['all is well', {}, 'ruled-out'],
  ['health denied', { ...slowPage, targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what the check waits, what users get, and lets it wait longer', () => {
  expect(readable(cause, slowPage)).toMatchInlineSnapshot(`
    "The health page of web takes longer than the health check timeout of 5 s; requests are answered [strong]
      because  health checks of 10.0.10.21 and 10.0.11.22 on \`/health\` end in \`Target.Timeout\`   [targetHealth]
      because  the same targets answered 1,062 of 1,080 requests (98 %), the slowest in 4 s, and no connection failed   [targetGroupMetrics]
      because  the health check timeout is 5 s   [targetGroups]
      fix      raise the health check timeout to 10 s until its page is fast again
               aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-timeout-seconds 10 --region us-east-1
         undo  aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-timeout-seconds 5 --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

test('keeps the interval above the timeout', () => {
  const [group] = slowPage.targetGroups;
  const often = group && { ...group, healthCheck: { ...group.healthCheck, intervalSeconds: 10, timeoutSeconds: 9 } };
  expect(readable(cause, { ...slowPage, ...(often && { targetGroups: [often] }) })).toMatch(
    /--health-check-timeout-seconds 18 --health-check-interval-seconds 23 .*\n.*--health-check-timeout-seconds 9 --health-check-interval-seconds 10 /,
  );
});

describe('by the health check log', () => {
  const unknown = { ...slowPage, serviceMetrics: denied() };
  const late = checked({ address: '10.0.10.21', passed: false, latency: 5 });
  const justInTime = checked({ address: '10.0.10.21', latency: 4.8 });

  test.each([
    ['checks that time out beside others that pass just in time', [late, justInTime], 'found decisive'],
    ['others that pass at once', [late, checked({ address: '10.0.10.21' })], 'found circumstantial'],
    ['none that passes', [late], 'found circumstantial'],
    ['another target that is slow', [late, checked({ address: '10.0.10.99', latency: 4.8 })], 'found circumstantial'],
    [
      'another group that is slow',
      [late, checked({ address: '10.0.10.21', targetGroupName: 'api', latency: 4.8 })],
      'found circumstantial',
    ],
    [
      'one that timed out',
      [checked({ address: '10.0.10.21', passed: false, latency: 5, minutes: [1, 0] }), justInTime],
      'found circumstantial',
    ],
    [
      'checks that were refused',
      [checked({ address: '10.0.10.21', passed: false, reason: 'ConnectionReset' }), justInTime],
      'found circumstantial',
    ],
  ])('%s', (_, checks, expected) => {
    expect(outcome(cause, { ...unknown, healthCheckLog: healthCheckLog(checks) })).toBe(expected);
  });

  test('says what it holds, and doubts no more', () => {
    const told = readable(cause, { ...unknown, healthCheckLog: healthCheckLog([late, justInTime]) });
    expect(told).toContain('20 checks of these targets timed out, and of those that passed the slowest took 4.8 s');
    expect(told).not.toContain('could change this');
  });
});
