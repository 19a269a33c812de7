import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/overload/cpu-saturated/cause.ts';
import type { AutoScalingGroup, Values } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  always,
  aRuleTo,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { scalingGroup } from '../../support/auto-scaling.ts';
import { outcome, readable } from '../../support/judged.ts';

/** Errors from minute 171 of 180 on. */
const errors = (minutes = 9): Ill => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: lately(minutes, 40),
    HTTPCode_ELB_5XX_Count: lately(minutes, 40),
  }),
});
/** 20 % and, for the newest minutes, another value. */
const rising = (minutes: number, value: number): Values => [
  ...always(20).slice(0, 180 - minutes),
  ...Array(minutes).fill(value),
];
/** A datapoint every five minutes, as EC2 sends without detailed monitoring. */
const coarse = (values: Values, offset = 0): Values =>
  values.map((value, minute) => (minute % 5 === offset ? value : null));
const cpu = (first: Values, second = first): Ill => ({
  instanceMetrics: instanceMetrics({ 'i-1': { CPUUtilization: first }, 'i-2': { CPUUtilization: second } }),
});
const timeout = (...ids: string[]): Ill => ({
  targetHealth: ['i-1', 'i-2'].map((id) => (ids.includes(id) ? unhealthy(id, 'Target.Timeout') : target(id))),
});

const handshakes = (code: '502' | '504', failed: number): Ill => ({
  loadBalancerMetrics: metrics({
    [`HTTPCode_ELB_${code}_Count`]: lately(9, 50),
    HTTPCode_ELB_5XX_Count: lately(9, 50),
    TargetTLSNegotiationErrorCount: lately(9, failed),
  }),
});

test.each<[string, Ill, string]>([
  ['at the limit before the errors', { ...errors(), ...cpu(rising(12, 95)) }, 'found strong'],
  ['at the limit as the errors began', { ...errors(), ...cpu(rising(9, 95)) }, 'found strong'],
  ['a minute later', { ...errors(), ...cpu(rising(8, 95)) }, 'found strong'],
  ['two minutes later', { ...errors(), ...cpu(rising(7, 95)) }, 'found circumstantial'],
  ['at 90 %', { ...errors(), ...cpu(rising(12, 90)) }, 'found strong'],
  ['just below', { ...errors(), ...cpu(rising(12, 89.9)) }, 'ruled-out'],
  [
    'for two minutes only',
    { ...errors(), ...cpu([...rising(10, 95).slice(0, 172), ...Array(8).fill(20)]) },
    'ruled-out',
  ],
  ['an hour before the errors', { ...errors(), ...cpu(rising(69, 95)) }, 'found strong'],
  ['longer than an hour without an error', { ...errors(), ...cpu(rising(70, 95)) }, 'found circumstantial'],
  [
    'over before the errors began',
    { ...errors(), ...cpu([...rising(60, 95).slice(0, 150), ...Array(30).fill(20)]) },
    'ruled-out',
  ],
  [
    'over early in a long outage',
    { ...errors(60), ...cpu([...rising(65, 95).slice(0, 140), ...Array(40).fill(20)]) },
    'found circumstantial',
  ],
  [
    'a dip of a minute',
    { ...errors(), ...cpu([...rising(12, 95).slice(0, 175), 81, ...Array(4).fill(96)]) },
    'found strong',
  ],
  ['the errors are older than what was read', { ...errors(180), ...cpu(always(99)) }, 'found circumstantial'],
  [
    'most errors are handshakes that were refused',
    { ...handshakes('502', 26), ...cpu(rising(12, 95)) },
    'found circumstantial',
  ],
  ['half of them are', { ...handshakes('502', 25), ...cpu(rising(12, 95)) }, 'found strong'],
  ['handshakes come too late', { ...handshakes('504', 50), ...cpu(rising(12, 95)) }, 'found strong'],
  ['no errors', cpu(rising(12, 95)), 'found circumstantial'],
  ['one of two targets, healthy both', { ...errors(), ...cpu(rising(12, 95), always(20)) }, 'found strong'],
  ['the one that fails', { ...errors(), ...timeout('i-1'), ...cpu(rising(12, 95), always(20)) }, 'found strong'],
  [
    'the one that does not fail: it does the work of the other',
    { ...errors(), ...timeout('i-2'), ...cpu(rising(12, 95), always(20)) },
    'found circumstantial',
  ],
  [
    'one of three targets',
    {
      ...errors(),
      targetHealth: ['i-1', 'i-2', 'i-3'].map((id) => target(id)),
      instanceMetrics: instanceMetrics({
        'i-1': { CPUUtilization: rising(12, 95) },
        'i-2': { CPUUtilization: always(20) },
        'i-3': { CPUUtilization: always(20) },
      }),
    },
    'found circumstantial',
  ],
  [
    'the failing one answers its health check with 404',
    {
      ...errors(),
      targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch'), target('i-2')],
      ...cpu(rising(12, 95)),
    },
    'found circumstantial',
  ],
  [
    'it answers 503',
    {
      ...errors(),
      targetHealth: [
        unhealthy('i-1', 'Target.ResponseCodeMismatch', {
          description: 'Health checks failed with these codes: [503]',
        }),
        target('i-2'),
      ],
      ...cpu(rising(12, 95)),
    },
    'found strong',
  ],
  [
    'CPU of the failing target not seen',
    {
      ...errors(),
      ...timeout('i-1'),
      instanceMetrics: instanceMetrics({ 'i-2': { CPUUtilization: always(20) } }),
    },
    'undetermined',
  ],
  [
    'CPU of one of two healthy targets not seen',
    {
      ...errors(),
      instanceMetrics: instanceMetrics({ 'i-2': { CPUUtilization: always(20) } }),
    },
    'ruled-out',
  ],
  ['CPU denied', { ...errors(), instanceMetrics: denied() }, 'undetermined'],
  [
    'only a target that gets nothing',
    { ...errors(), targetHealth: [target('i-1', { state: 'unused' })], ...cpu(rising(12, 95)) },
    'not-applicable',
  ],
  [
    'a Lambda function',
    { ...errors(), targetHealth: [target('arn:aws:lambda:us-east-1:1:function:f')] },
    'not-applicable',
  ],
  ['a group that gets no requests', { ...errors(), listenerRules: [], ...cpu(rising(12, 95)) }, 'not-applicable'],
  ['health denied', { ...errors(), targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

describe('errors that the targets answer themselves', () => {
  const answered = (seconds: number, ofTargets = 60, more = {}): Ill => ({
    ...cpu(rising(12, 95)),
    loadBalancerMetrics: metrics({
      HTTPCode_Target_5XX_Count: lately(9, ofTargets),
      'TargetResponseTime.p50': rising(12, seconds).map((value) => (value === 20 ? 0.1 : value)),
      ...more,
    }),
  });
  const timeouts = { HTTPCode_ELB_504_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) };
  test.each<[string, Ill, string]>([
    ['slower than before', answered(2), 'found strong'],
    ['as fast as ever', answered(0.1), 'found circumstantial'],
    ['as fast as ever, and as many time out', answered(0.1, 60, timeouts), 'found strong'],
    ['as fast as ever, and fewer time out', answered(0.1, 61, timeouts), 'found circumstantial'],
    [
      'response times not seen, CPU as the errors began',
      { ...answered(2, 60, { 'TargetResponseTime.p50': [] }), ...cpu(rising(9, 95)) },
      'found circumstantial',
    ],
    ['response times not seen', answered(2, 60, { 'TargetResponseTime.p50': [] }), 'found strong'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });
});

describe('means over five minutes', () => {
  test.each<[string, Ill, string]>([
    ['one that began before the errors', { ...errors(), ...cpu(coarse(rising(12, 95))) }, 'found strong'],
    ['the only one at the limit, newest of all', { ...errors(4), ...cpu(coarse(rising(5, 95))) }, 'found strong'],
    ['one that began with the errors', { ...errors(10), ...cpu(coarse(rising(10, 95))) }, 'found circumstantial'],
    ['one that began after the errors', { ...errors(), ...cpu(coarse(rising(5, 95))) }, 'found circumstantial'],
    ['none at the limit', { ...errors(), ...cpu(coarse(always(20))) }, 'ruled-out'],
    [
      'none since the errors began',
      { ...errors(), ...cpu([...coarse(always(95)).slice(0, 150), ...Array(30).fill(null)]) },
      'undetermined',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });
});

const tasks = ['10.0.10.21', '10.0.11.22'];
const ofService: Ill = {
  ...errors(),
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: tasks.map((id) => target(id)),
  targetInterfaces: tasks.map((address) => ({
    id: `eni-${address}`,
    description: '',
    subnetId: 'subnet-app-a',
    vpcId: 'vpc-1',
    zone: 'us-east-1a',
    addresses: [address],
    prefixes: [],
    securityGroupIds: ['sg-app'],
    instanceId: null,
    tags: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' },
  })),
  serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: rising(12, 97) } }),
};

test('tasks of a service share its CPU', () => {
  expect(readable(cause, ofService)).toMatchInlineSnapshot(`
    "Both targets of web are at the limit of their CPU [strong] since 2026-03-10T14:18:00Z
      because  errors began at 14:21, 3 min after CPU was at its limit   [loadBalancerMetrics]
      because  CPU of prod/web at 90 % or more from 14:18 on, up to 97 %   [serviceMetrics]
      look     see how many tasks web should run
               aws ecs describe-services --cluster prod --services web --region us-east-1
      fix      add targets to web: raise the desired number of ECS service prod/web (managed by ECS service prod/web)"
  `);
});

test('says which instances, since when, and who may give them company', () => {
  const tags = { 'aws:autoscaling:groupName': 'web-asg' };
  const instances = ['i-1', 'i-2'].map((id) => instance(id, { tags }));
  expect(readable(cause, { ...errors(), ...cpu(coarse(rising(12, 99.6))), instances })).toMatchInlineSnapshot(`
    "Both targets of web are at the limit of their CPU [strong] since 2026-03-10T14:20:00Z
      because  errors began at 14:21, 1 min after CPU was at its limit   [loadBalancerMetrics]
      because  CPU of i-1 and i-2 at 90 % or more from 14:20 on, up to 99.6 %   [instanceMetrics]
      because  its datapoints are five minutes apart, so the order of events is not known more closely   [instanceMetrics]
      look     see how far web-asg may grow
               aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names web-asg --region us-east-1
      fix      add targets to web: raise the desired number of Auto Scaling group web-asg (managed by Auto Scaling group web-asg)"
  `);
});

test.each<[string, Partial<AutoScalingGroup>, string, string]>([
  ['has room', { desired: 2, max: 4 }, '3 instances in web-asg instead of 2\n', '--max-size 4 --desired-capacity 3'],
  [
    'has little room',
    { desired: 4, max: 5 },
    '6 instances in web-asg instead of 4, above its maximum of 5\n',
    '--max-size 6 --desired-capacity 6',
  ],
  [
    'has one instance only',
    { desired: 1, max: 1 },
    '2 instances in web-asg instead of 1, above its maximum of 1\n',
    '--max-size 2 --desired-capacity 2',
  ],
])('has an Auto Scaling group that %s run more', (_, size, does, run) => {
  const instances = ['i-1', 'i-2'].map((id) => instance(id, { tags: { 'aws:autoscaling:groupName': 'web-asg' } }));
  const told = readable(cause, {
    ...errors(),
    ...cpu(rising(12, 95)),
    instances,
    autoScalingGroups: [scalingGroup(size)],
  });
  expect(told).toContain(`run ${does}`);
  expect(told).toContain(run);
  expect(told).toContain(`--max-size ${size.max} --desired-capacity ${size.desired}`);
  expect(told).not.toContain('add targets');
});

test('says of a single target that it is the only one', () => {
  const ill = { ...errors(), ...cpu(rising(12, 95)), targetHealth: [target('i-1')] };
  expect(readable(cause, ill)).toMatch(/^i-1, the only target of web, is at the limit of its CPU \[strong\]/);
});

describe('one of three at its limit', () => {
  const ids = ['i-1', 'i-2', 'i-3'];
  const hot = (of120: number, ...failing: string[]): Ill => ({
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_504_Count: lately(9, of120),
      HTTPCode_ELB_5XX_Count: lately(9, of120),
      HTTPCode_Target_2XX_Count: [...always(120).slice(0, 171), ...Array(9).fill(120 - of120)],
    }),
    targetHealth: ids.map((id) => (failing.includes(id) ? unhealthy(id, 'Target.Timeout') : target(id))),
    instanceMetrics: instanceMetrics(
      Object.fromEntries(ids.map((id) => [id, { CPUUtilization: id === 'i-1' ? rising(12, 95) : always(20) }])),
    ),
  });
  test.each<[string, Ill, string]>([
    ['it is the failing one, and a third of the requests fail', hot(40, 'i-1'), 'found strong'],
    ['half of them do', hot(60, 'i-1'), 'found strong'],
    ['more than it gets', hot(61, 'i-1'), 'found circumstantial'],
    ['another one fails as well', hot(40, 'i-1', 'i-2'), 'found circumstantial'],
    ['all pass their checks, and a third of the requests fail', hot(40), 'found strong'],
    ['a little more than half of the requests that it gets fail', hot(21), 'found strong'],
    ['fewer of them', hot(19), 'found circumstantial'],
    ['half as many again as it gets', hot(60), 'found strong'],
    ['more than that', hot(61), 'found circumstantial'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });
});

describe('what relieves some among others that have CPU left', () => {
  const level = (others: number): Ill => ({
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_504_Count: lately(9, 40),
      HTTPCode_ELB_5XX_Count: lately(9, 40),
      HTTPCode_Target_2XX_Count: [...always(120).slice(0, 171), ...Array(9).fill(80)],
    }),
    targetHealth: ['i-1', 'i-2', 'i-3'].map((id) => target(id)),
    instanceMetrics: instanceMetrics({
      'i-1': { CPUUtilization: rising(12, 95) },
      'i-2': { CPUUtilization: always(others) },
      'i-3': { CPUUtilization: always(20) },
    }),
  });
  test('they get its share, and it is seen what is different there; more targets would not', () => {
    const told = readable(cause, level(59));
    expect(told).toMatch(/^i-1, 1 of 3 targets of web, is at the limit of its CPU \[strong\]/);
    expect(told).toContain('stop sending requests to i-1 until it has CPU left');
    expect(told).toMatch(/aws elbv2 deregister-targets .* --targets Id=i-1,Port=8080/);
    expect(told).toContain('stop what uses the CPU of i-1 but does not run on the others');
    expect(told).not.toContain('add targets');
  });
  test('not where they have no room for it', () => {
    const told = readable(cause, level(60));
    expect(told).toContain('stop what uses the CPU of i-1 but does not run on the others');
    expect(told).not.toContain('deregister-targets');
  });
  test('none are taken away that fail their checks, and get no requests', () => {
    const told = readable(cause, {
      ...level(20),
      targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2'), target('i-3')],
    });
    expect(told).toContain('stop what uses the CPU of i-1 but does not run on the others');
    expect(told).not.toContain('deregister-targets');
  });
  test('nor where the others do not serve, and it carries everything', () => {
    const targetHealth = [target('i-1'), unhealthy('i-2', 'Target.Timeout'), unhealthy('i-3', 'Target.Timeout')];
    const told = readable(cause, { ...level(20), targetHealth });
    expect(told).toContain('add targets to web');
    expect(told).not.toMatch(/deregister-targets|send no more requests|does not run on the others/);
  });
  test.each([
    ['half of them are at it', [95, 95, 20, 20]],
    ['of one nobody saw the CPU', [95, 20, 20, null]],
  ])('more targets, where %s', (_, levels) => {
    const ids = levels.map((__, n) => `i-${n + 1}`);
    const of = levels.map((most) =>
      most === null ? {} : { CPUUtilization: most > 90 ? rising(12, most) : always(most) },
    );
    const told = readable(cause, {
      ...level(20),
      targetHealth: ids.map((id) => target(id)),
      instanceMetrics: instanceMetrics(Object.fromEntries(ids.map((id, n) => [id, of[n] ?? {}]))),
    });
    expect(told).toContain('add targets to web');
    expect(told).not.toContain('send no more requests');
  });
});

test('is judged by when its own group began to fail, where another was empty before', () => {
  const other = groupArn('other');
  const later = (rest: Ill = {}): Ill => ({
    listenerRules: aRuleTo(TG, other),
    targetGroups: [targetGroup(), targetGroup('other')],
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_503_Count: lately(25, 50),
      HTTPCode_ELB_504_Count: lately(9, 40),
      HTTPCode_ELB_5XX_Count: lately(25, 50).map((count, minute) => (minute < 171 ? count : 90)),
    }),
    targetGroupMetrics: groupMetrics({
      [TG]: { RequestCount: always(120), HTTPCode_Target_2XX_Count: afterLevel(120, ...Array(9).fill(80)) },
      [other]: { RequestCount: afterLevel(60, ...Array(25).fill(null)) },
    }),
    ...cpu(rising(12, 95)),
    ...rest,
  });
  const told = readable(cause, later());
  expect(told).toContain('[strong] since 2026-03-10T14:18:00Z');
  expect(told).toContain('errors of web began at 14:21, 3 min after CPU was at its limit');
  expect(told).not.toContain('14:05');
  expect(readable(cause, later(cpu(rising(6, 95))))).toContain('[circumstantial]');
  // Nobody knows whose the 503s are.
  expect(readable(cause, later({ targetGroupMetrics: denied() }))).toContain('[circumstantial]');
});
