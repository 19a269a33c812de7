import { describe, expect, test } from 'vitest';
import noTargets from '../../../lambda/causes/backend-down/no-registered-targets/cause.ts';
import cause from '../../../lambda/causes/backend-timeout/unresponsive-backend/cause.ts';
import type { InstanceMetric, Values } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  denied,
  ecsService,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  newest,
  partly,
  securityGroup,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../../support/application-status.ts';
import { ago, FAILED_CHECKS, unscheduled } from '../../support/containers.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

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
const nowhere = (ids: readonly string[]) => ({ why: 'partial' as const, detail: 'nobody holds them', ids });
const load = (cpu: number, memory: number) =>
  serviceMetrics({ 'prod/web': { CPUUtilization: always(cpu), MemoryUtilization: always(memory) } });
const errors = (more = {}) =>
  metrics({ HTTPCode_ELB_504_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60), ...more });
const hang = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: tasks.map((id) => unhealthy(id, 'Target.Timeout')),
  targetInterfaces: tasks.map(holder),
  serviceMetrics: load(12, 40),
  loadBalancerMetrics: errors(),
};

test.each([
  ['all rivals were seen and are out', hang, 'found strong'],
  ['no request was answered 504', { ...hang, loadBalancerMetrics: metrics() }, 'found circumstantial'],
  [
    'most requests are answered: only the health checks time out',
    { ...hang, loadBalancerMetrics: errors({ HTTPCode_Target_2XX_Count: always(61) }) },
    'ruled-out',
  ],
  [
    'half of the requests are',
    { ...hang, loadBalancerMetrics: errors({ HTTPCode_Target_2XX_Count: always(60) }) },
    'found strong',
  ],
  [
    'connections fail',
    { ...hang, loadBalancerMetrics: errors({ TargetConnectionErrorCount: lately(9, 60) }) },
    'ruled-out',
  ],
  [
    'nobody holds their addresses, and no request says more',
    { ...hang, loadBalancerMetrics: metrics(), targetInterfaces: partly([], nowhere(tasks)) },
    'undetermined',
  ],
  [
    'nobody holds their addresses, as far as one sees, but all connections are made',
    { ...hang, targetInterfaces: partly([], nowhere(tasks)) },
    'found circumstantial',
  ],
  [
    'the same, and a healthy target beside them gets the requests',
    {
      ...hang,
      targetHealth: [...hang.targetHealth, target('10.0.10.9')],
      targetInterfaces: partly([], nowhere(tasks)),
    },
    'undetermined',
  ],
  [
    'nobody holds the address of one of them',
    {
      ...hang,
      targetInterfaces: partly(
        tasks.slice(1).map((id) => holder(id, 1)),
        nowhere(tasks.slice(0, 1)),
      ),
    },
    'found strong',
  ],
  [
    'a few connections of this group fail',
    {
      ...hang,
      targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: always(120), TargetConnectionErrorCount: newest(3) } }),
    },
    'found circumstantial',
  ],
  [
    'connections fail before the episode only',
    {
      ...hang,
      targetGroupMetrics: groupMetrics({
        [TG]: { RequestCount: always(120), TargetConnectionErrorCount: newest(3, ...Array(30).fill(0)) },
      }),
    },
    'found strong',
  ],
  [
    'the path is closed',
    { ...hang, securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [])] },
    'ruled-out',
  ],
  ['the path could not be seen', { ...hang, securityGroups: denied() }, 'found circumstantial'],
  ['CPU at its limit', { ...hang, serviceMetrics: load(90, 40) }, 'ruled-out'],
  ['CPU just below it', { ...hang, serviceMetrics: load(89, 40) }, 'found strong'],
  // What fills its memory hangs as well: that is its symptom, and not ruled out.
  ['memory at its limit', { ...hang, serviceMetrics: load(12, 95) }, 'found circumstantial'],
  ['memory just below it', { ...hang, serviceMetrics: load(12, 94.9) }, 'found strong'],
  ['CPU and memory unseen', { ...hang, serviceMetrics: denied() }, 'found circumstantial'],
  [
    'twice the requests of the hour before',
    { ...hang, loadBalancerMetrics: errors({ RequestCount: newest(...Array(171).fill(60), ...Array(9).fill(120)) }) },
    'found circumstantial',
  ],
  [
    'fewer than twice',
    { ...hang, loadBalancerMetrics: errors({ RequestCount: newest(...Array(171).fill(61), ...Array(9).fill(120)) }) },
    'found strong',
  ],
  [
    'instances, whose memory nobody sees',
    { targetHealth: [unhealthy('i-1', 'Target.Timeout')], loadBalancerMetrics: errors() },
    'found circumstantial',
  ],
  [
    'an instance at its CPU limit',
    {
      targetHealth: [unhealthy('i-1', 'Target.Timeout')],
      loadBalancerMetrics: errors(),
      instanceMetrics: instanceMetrics({ 'i-1': { CPUUtilization: always(99) } }),
    },
    'ruled-out',
  ],
  [
    'health checks fail in another way',
    { ...hang, targetHealth: [unhealthy('10.0.10.21', 'Target.FailedHealthChecks')] },
    'ruled-out',
  ],
  ['all targets are healthy', { targetHealth: [target('i-1')] }, 'ruled-out'],
  ['health denied', { targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what was seen of the rivals', () => {
  expect(readable(cause, hang)).toMatchInlineSnapshot(`
    "2 targets of web seem to accept connections but not to answer [strong]
      because  health checks of 10.0.10.21 and 10.0.11.22 end in \`Target.Timeout\`   [targetHealth]
      because  no connection error, while 540 requests got \`504\` since 14:21: connections are made   [loadBalancerMetrics]
      because  security groups and network ACLs are open to the targets   [securityGroups]
      because  CPU at 12 %: not overloaded   [instanceMetrics]
      fix      take a thread dump of one target, if that takes a minute at most, then restart the tasks of web: it ends a hang, but not a wait for a database or another service
               aws ecs update-service --cluster prod --service web --force-new-deployment --region us-east-1"
  `);
});

test('says what was not seen and could tell otherwise', () => {
  expect(readable(cause, { ...hang, serviceMetrics: denied() })).toContain(
    'not seen, and could change this: CPU and memory',
  );
});

describe("EC2's own check of the application, and the disks of instances", () => {
  const instances: Ill = {
    targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
    instances: ['i-1', 'i-2'].map((id) => instance(id, { type: 'm5.large' })),
    loadBalancerMetrics: errors(),
  };
  const roomy = { CPUUtilization: always(12), mem_used_percent: always(40), disk_used_percent: always(40) };
  const measured = (values: Partial<Record<InstanceMetric, Values>>): Ill => ({
    instanceMetrics: instanceMetrics({
      'i-1': { ...roomy, ...values },
      'i-2': roomy,
    }),
  });
  const hung = bothChecked(applicationCheck('ResponseTimeout'));

  test.each<[string, Ill, string]>([
    ['it gets no answer: memory need not be seen', hung, 'found decisive'],
    ['the path is unseen', { ...hung, securityGroups: denied() }, 'found decisive'],
    ['CPU is unseen', { ...hung, instanceMetrics: denied() }, 'found circumstantial'],
    [
      'CPU is at its limit',
      {
        ...hung,
        instanceMetrics: instanceMetrics({
          'i-1': { CPUUtilization: always(95) },
          'i-2': { CPUUtilization: always(95) },
        }),
      },
      'ruled-out',
    ],
    ['no request was answered 504', { ...hung, loadBalancerMetrics: metrics() }, 'found circumstantial'],
    [
      'it gets no answer on another port',
      bothChecked(applicationCheck('ResponseTimeout', { port: 9000 })),
      'found circumstantial',
    ],
    [
      'it gets no connection either',
      { ...measured({}), ...bothChecked(applicationCheck('ConnectionTimeout')) },
      'found circumstantial',
    ],
    [
      'it gets an answer',
      { ...measured({}), ...bothChecked(applicationCheck('ResponseCodeMatched')) },
      'found circumstantial',
    ],
    ['there is none, and all rivals were seen', measured({}), 'found strong'],
    [
      'a disk has just used up its burst balance',
      measured({ 'EBSIOBalance%': newest(0, null, null, null, null) }),
      'found circumstantial',
    ],
    [
      'a disk has a little left of it',
      measured({ 'EBSByteBalance%': newest(2, null, null, null, null) }),
      'found strong',
    ],
    ['a disk is full', measured({ disk_used_percent: always(99) }), 'found circumstantial'],
    ['a disk is nearly full', measured({ disk_used_percent: always(98.9) }), 'found strong'],
    [
      'it gets no answer, and a disk is full',
      { ...hung, ...measured({ disk_used_percent: always(100) }) },
      'found circumstantial',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, { ...instances, ...ill })).toBe(expected);
  });

  test.each<[string, Partial<Record<InstanceMetric, Values>>, string | null]>([
    ['nothing', roomy, null],
    ['their disks', { CPUUtilization: always(12), mem_used_percent: always(40) }, 'disks'],
    ['their memory', { CPUUtilization: always(12), disk_used_percent: always(40) }, 'memory'],
  ])('is strong only where all was seen; not seen: %s', (_, values, named) => {
    const told = readable(cause, { ...instances, instanceMetrics: instanceMetrics({ 'i-1': values, 'i-2': values }) });
    expect(told).toContain(named === null ? '[strong]' : '[circumstantial]');
    expect(told.includes('not seen, and could change this')).toBe(named !== null);
    if (named !== null) expect(told).toContain(`not seen, and could change this: ${named} `);
  });

  test.each([
    [89.4, '89 %'],
    [89.6, '89.6 %'],
    [89.99, '89.9 %'],
  ])('CPU at %d of a limit of 90 is not told as the limit', (level, said) => {
    const told = readable(cause, { ...instances, ...measured({ CPUUtilization: always(level) }) });
    expect(told).toContain(`CPU at ${said}: not overloaded`);
  });

  test('are told', () => {
    const spent = measured({ 'EBSIOBalance%': newest(60, ...Array(4).fill(null), ...Array(20).fill(0)) });
    expect(readable(cause, { ...instances, ...hung })).toMatchInlineSnapshot(`
      "2 targets of web accept connections but do not answer [decisive] since 2026-03-10T14:20:00Z
        because  health checks of i-1 and i-2 end in \`Target.Timeout\`   [targetHealth]
        because  EC2's own check of i-1 on port \`8080\` (\`/\`): \`ResponseTimeout\` since 14:22   [applicationStatus]
        because  EC2's own check of i-2 on port \`8080\` (\`/\`): \`ResponseTimeout\` since 14:22   [applicationStatus]
        because  no connection error, while 540 requests got \`504\` since 14:21: connections are made   [loadBalancerMetrics]
        because  security groups and network ACLs are open to the targets   [securityGroups]
        because  CPU at 20 %: not overloaded   [instanceMetrics]
        because  EC2's own checks failed from about 14:20 on: it reports that after 2 failed checks in a row, a minute apart   [applicationStatus]
        fix      take a thread dump of one target, if that takes a minute at most, then reboot i-1 and i-2, with everything else that runs there: it ends a hang, but not a wait for a database or another service
                 aws ec2 reboot-instances --instance-ids i-1 i-2 --region us-east-1"
    `);
    expect(readable(cause, { ...instances, ...spent })).toContain(
      'the disks of i-1 had used up their burst balance at 14:10 (`EBSIOBalance%` at 0): they are limited to their baseline',
    );
  });
});

// --- targets that are gone: what took their place tells nothing of them

const gone = (id: string, minutes: number) =>
  unscheduled(id, minutes, FAILED_CHECKS, { addresses: [`10.0.10.${minutes}`] });
const said = (id: string, minutes: number, reason: string) => ({
  at: ago(minutes),
  message: `(service web) (task ${id}) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason})`,
});
const replaced = {
  ...hang,
  ecsServices: [ecsService({ events: [said('a', 3, 'Request timed out')] })],
  ecsTasks: [gone('a', 2)],
  targetHealth: [target('10.0.11.9', { state: 'initial', reason: 'Elb.InitialHealthChecking' })],
  targetInterfaces: [],
};
const asked = (sent: number, answered: number) => ({
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: lately(9, sent), HTTPCode_Target_2XX_Count: lately(9, answered) },
  }),
});

test.each([
  ['its checks timed out, and requests waited in vain', replaced, 'found strong'],
  ['so had those of its group', { ...replaced, ...asked(60, 0) }, 'found strong'],
  ['no word of why', { ...replaced, ecsServices: [ecsService()] }, 'ruled-out'],
  [
    'its checks were refused',
    { ...replaced, ecsServices: [ecsService({ events: [said('a', 3, 'Health checks failed')] })] },
    'ruled-out',
  ],
  [
    'no request was answered 504',
    { ...replaced, loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 60) }) },
    'undetermined',
  ],
  [
    'connections failed',
    { ...replaced, loadBalancerMetrics: errors({ TargetConnectionErrorCount: lately(9, 60) }) },
    'undetermined',
  ],
  ['its group answered all: only the checks timed out', { ...replaced, ...asked(60, 60) }, 'undetermined'],
  ['4 % of its requests waited', { ...replaced, ...asked(100, 96) }, 'undetermined'],
  ['5 % of them', { ...replaced, ...asked(100, 95) }, 'found strong'],
  ['it was busy', { ...replaced, serviceMetrics: load(95, 40) }, 'undetermined'],
  ['its CPU was not seen', { ...replaced, serviceMetrics: serviceMetrics({}) }, 'found circumstantial'],
])('replaced since: %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('a target that is gone is told in the words of then, and as gone', () => {
  expect(readable(cause, replaced)).toMatchInlineSnapshot(`
    "A target of web accepted connections but did not answer, until ECS replaced it [strong]
      because  540 requests answered \`504\` since 14:21, with no connection error: connections were made, and the path was open   [loadBalancerMetrics]
      because  ECS gave "Request timed out" as the reason why it replaced 1 target for failed health checks   [ecsTasks]
      because  CPU at 12 %: not overloaded   [serviceMetrics]
      fix      take a thread dump or a profile of the next one that hangs, before ECS replaces it"
  `);
  const unsure = readable(cause, { ...replaced, serviceMetrics: serviceMetrics({}) });
  expect(unsure).toContain(
    'A target of web seems to have accepted connections without an answer, until ECS replaced it',
  );
});

test('that a group is empty between one task and the next comes of it', () => {
  const both = { HTTPCode_ELB_503_Count: lately(9, 20), HTTPCode_ELB_5XX_Count: lately(9, 80) };
  const empty = { ...replaced, targetHealth: [], listenerRules: aRuleTo(TG), loadBalancerMetrics: errors(both) };
  expect(outcome(noTargets, empty)).toBe('found decisive');
  expect(foundFirst(empty)).toBe('unresponsive-backend');
});
