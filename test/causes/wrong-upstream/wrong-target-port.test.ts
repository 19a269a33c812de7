import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/wrong-target-port/cause.ts';
import {
  afterLevel,
  always,
  between,
  change,
  denied,
  ecsService,
  groupArn,
  groupMetrics,
  ingress,
  LB,
  lately,
  metrics,
  partly,
  securityGroup,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const api = groupArn('api');
const rules = [TG, api].map((targetGroup) => ({
  arn: `${LB}/rule-${targetGroup}`,
  listenerArn: LB,
  priority: null,
  actions: [{ type: 'forward' as const, to: [{ targetGroup, weight: 1 }] }],
  conditions: [],
}));
const on = (port: number) => ({ port, healthCheckPort: port });
const refused = (id: string, port = 9090, reason = 'Target.FailedHealthChecks') => unhealthy(id, reason, on(port));
const works = (id: string, ill = {}) => target(id, { targetGroup: api, ...ill });
const errors = metrics({ HTTPCode_ELB_502_Count: lately(9, 20), HTTPCode_ELB_5XX_Count: lately(9, 20) });
/** `web` sends to 9090 on the hosts that are healthy on 8080 in `api`. */
const wrong = {
  targetGroups: [targetGroup('web'), targetGroup('api')],
  listenerRules: rules,
  targetHealth: [refused('i-1'), refused('i-2'), works('i-1'), works('i-2')],
  loadBalancerMetrics: errors,
};
const health = (...targetHealth: ReturnType<typeof target>[]) => ({ ...wrong, targetHealth });
const ownDefault = [targetGroup('web', { port: 9090 }), targetGroup('api')];
const healthyHosts = (values: readonly (number | null)[]) => ({
  ...wrong,
  targetGroups: ownDefault,
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': values } }),
});
const closed = {
  securityGroups: [
    securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
    securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
  ],
};
const opened = {
  securityGroups: [
    closed.securityGroups[0],
    securityGroup('sg-app', [ingress('tcp', 8080, 9090, { group: 'sg-alb' })]),
  ].flatMap((group) => group ?? []),
};

test.each([
  ['the group’s own default is the port that works', { ...wrong, ...opened }, 'found strong'],
  ['no target of the group was healthy in three hours', { ...healthyHosts(always(0)), ...opened }, 'found strong'],
  [
    'one was, until the onset: something went down',
    { ...healthyHosts(between(60, 9, 1)), ...opened },
    'found circumstantial',
  ],
  ['nobody knows whether one was', { ...wrong, ...opened, targetGroups: ownDefault }, 'found circumstantial'],
  ['the network is closed there: reason enough', { ...wrong, ...closed }, 'found circumstantial'],
  ['the path could not be seen, but the host refuses', { ...wrong, securityGroups: denied() }, 'found strong'],
  [
    'the path could not be seen, and nothing comes back',
    { ...health(refused('i-1', 9090, 'Target.Timeout'), works('i-1')), securityGroups: denied() },
    'found circumstantial',
  ],
  [
    'dropped, not refused',
    { ...health(refused('i-1', 9090, 'Target.Timeout'), works('i-1')), ...opened },
    'found strong',
  ],
  [
    'one of two targets of the group is healthy there',
    health(refused('i-1'), target('i-2', on(9090)), works('i-1')),
    'ruled-out',
  ],
  ['one of two hosts is healthy elsewhere', health(refused('i-1'), refused('i-2'), works('i-1')), 'ruled-out'],
  ['on the same port in the other group', health(refused('i-1'), works('i-1', on(9090))), 'ruled-out'],
  [
    'the other group is checked on a third port',
    health(refused('i-1'), works('i-1', { healthCheckPort: 9000 })),
    'ruled-out',
  ],
  [
    'the same host on another port of the same group, as ECS does it',
    health(refused('i-1'), target('i-1')),
    'found circumstantial',
  ],
  [
    'one target on another port than its healthy neighbours',
    health(refused('i-1', 80), target('i-2')),
    'found circumstantial',
  ],
  [
    'neighbours with a port each',
    health(refused('i-1', 32768), target('i-1', on(32769)), target('i-2', on(32770))),
    'ruled-out',
  ],
  ['the checks are answered', health(refused('i-1', 9090, 'Target.ResponseCodeMismatch'), works('i-1')), 'ruled-out'],
  ['the group gets no requests', { ...wrong, listenerRules: [] }, 'ruled-out'],
  ['health denied', { ...wrong, targetHealth: denied() }, 'undetermined'],
  [
    'the health of the group was not read whole',
    { ...wrong, ...opened, targetHealth: partly(wrong.targetHealth, { why: 'throttled', detail: 'x', ids: [TG] }) },
    'found circumstantial',
  ],
  ['all is well', {}, 'ruled-out'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which port is wrong, which one works, and registers it', () => {
  expect(readable(cause, { ...wrong, ...opened })).toMatchInlineSnapshot(`
    "web sends to port \`9090\`, where nothing answers; the same hosts answer on \`8080\` [strong]
      because  i-1 and i-2 fail on \`9090\`: \`Target.FailedHealthChecks\`   [targetHealth]
      because  the same 2 hosts are healthy on \`8080\` in api   [targetHealth]
      because  the default port of web is \`8080\`   [targetGroups]
      fix 1/2  register the same hosts on port \`8080\`
               aws elbv2 register-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1,Port=8080 Id=i-2,Port=8080 --region us-east-1
         undo  aws elbv2 deregister-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1,Port=8080 Id=i-2,Port=8080 --region us-east-1
      fix 2/2  once they are healthy, deregister port \`9090\`
               aws elbv2 deregister-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1,Port=9090 Id=i-2,Port=9090 --region us-east-1
         undo  aws elbv2 register-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=i-1,Port=9090 Id=i-2,Port=9090 --region us-east-1
      look     see who registered targets, and with which port
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RegisterTargets --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

const mapping = (...ports: number[]) => ({
  ecsTasks: [task('a', { addresses: ['10.0.10.21'], taskDefinition: 'web:7' })],
  ecsTaskDefinitions: [
    {
      arn: 'web:7',
      memory: null,
      containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports }],
    },
  ],
});

test.each([
  ['opens another port only', health(refused('10.0.10.21')), mapping(8080), 'found decisive'],
  ['opens it, too', health(refused('10.0.10.21')), mapping(8080, 9090), 'ruled-out'],
  ['opens no port that is known', health(refused('10.0.10.21')), mapping(), 'ruled-out'],
  [
    'is not that of every failing target',
    health(refused('10.0.10.21'), refused('10.0.10.22')),
    mapping(8080),
    'ruled-out',
  ],
])('the container of a task %s', (_, ill, known, expected) => {
  expect(outcome(cause, { ...ill, ...known })).toBe(expected);
});

test('registers nothing where the port may once have worked', () => {
  expect(readable(cause, { ...healthyHosts(between(60, 9, 1)), ...opened })).not.toContain('register-targets');
});

// --- whose port it is that works on the same host

const shared = (failingPort: number, workingPort: number, ill = {}) => ({
  ...health(refused('i-1', failingPort), works('i-1', on(workingPort))),
  ecsServices: [
    ecsService(),
    ecsService({
      id: 'prod/api',
      name: 'api',
      taskDefinition: 'api:3',
      targetGroups: [{ arn: api, container: 'app', containerPort: 8080 }],
    }),
  ],
  ...ill,
});
const onHost = (id: string, service: string, taskDefinition: string, ...hostPorts: number[]) =>
  task(id, { service, taskDefinition, instanceId: 'i-1', hostPorts });
const bothGroups = [
  ecsService({ targetGroups: [TG, api].map((arn) => ({ arn, container: 'app', containerPort: 8080 })) }),
];

test.each([
  [
    'of another service, by its task',
    shared(32768, 32770, {
      ecsTasks: [onHost('a', 'prod/web', 'web:7', 32768), onHost('b', 'prod/api', 'api:3', 32770)],
    }),
    'ruled-out',
  ],
  ['of another service, by its group', shared(32768, 32770), 'ruled-out'],
  ['of another service, a fixed port', shared(9090, 8080), 'ruled-out'],
  [
    'of a service, where this group has none',
    shared(9090, 8080, {
      ecsServices: [
        ecsService({ id: 'prod/api', targetGroups: [{ arn: api, container: 'app', containerPort: 8080 }] }),
      ],
    }),
    'ruled-out',
  ],
  ['of the same service', shared(9090, 8080, { ecsServices: bothGroups }), 'found circumstantial'],
  [
    'of the same task definition',
    shared(9090, 8080, {
      ecsTasks: [onHost('a', 'prod/web', 'web:7', 9090), onHost('b', 'prod/web-blue', 'web:6', 8080)],
    }),
    'found circumstantial',
  ],
  [
    'of nobody known, and any container may have been given it',
    shared(9090, 32770, { ecsServices: denied() }),
    'ruled-out',
  ],
  ['just below those', shared(9090, 32767, { ecsServices: [] }), 'found circumstantial'],
])('another port of the host is %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test("never offers another service's port", () => {
  expect(readable(cause, shared(32768, 32770))).not.toContain('32770');
});

// --- moved to another port by a call that was recorded

const moved = (ids: readonly string[], healthyAfter: number, targetGroupOfCall = TG) => ({
  ...healthyHosts(afterLevel(2, ...Array(12).fill(healthyAfter))),
  ...opened,
  loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(12, 20), HTTPCode_ELB_5XX_Count: lately(12, 20) }),
  changes: [
    change(
      { is: 'targets', does: 'registers', targetGroup: targetGroupOfCall, ids },
      { event: 'RegisterTargets', at: '2026-03-10T14:17:40Z', resources: [targetGroupOfCall, ...ids] },
    ),
  ],
});

test.each<[string, ReturnType<typeof moved>, string]>([
  ['none was healthy since', moved(['i-1', 'i-2'], 0), 'found strong'],
  ['one was healthy since', moved(['i-1', 'i-2'], 1), 'found circumstantial'],
  ['only one of them', moved(['i-1'], 0), 'found circumstantial'],
  ['in another group', moved(['i-1', 'i-2'], 0, api), 'found circumstantial'],
])('registered lately, and %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('who registered them is told, and since when none is healthy', () => {
  const told = readable(cause, moved(['i-1', 'i-2'], 0));
  expect(told).toContain('[strong] since 2026-03-10T14:17:40Z');
  expect(told).toContain('web had no healthy target since these were registered at 14:17');
  expect(told).not.toContain('in the hours that were read');
});
