import { expect, test } from 'vitest';
import { CAUSES } from '../../../lambda/causes/index.ts';
import hostFirewall from '../../../lambda/causes/network-block/host-firewall/cause.ts';
import outbound from '../../../lambda/causes/network-block/load-balancer-security-group-closed/cause.ts';
import acl from '../../../lambda/causes/network-block/network-acl-blocks/cause.ts';
import routeMissing from '../../../lambda/causes/network-block/route-missing/cause.ts';
import inbound from '../../../lambda/causes/network-block/target-security-group-closed/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../../lambda/render/email.ts';
import { asString } from '../../../lambda/render/json.ts';
import {
  aSnapshot,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  instance,
  metrics,
  ruleChange,
  securityGroup,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { activity, replacedForChecks, scalingGroup } from '../../support/auto-scaling.ts';
import { ago, unscheduled } from '../../support/containers.ts';
import { interfaceAt } from '../../support/fleet.ts';
import { outcome, readable } from '../../support/judged.ts';

/** Minutes in which no target is registered, by how long ago they begin. */
const OUT = [21, 11, 2];
const minutes = (value: (ago: number) => number | null) =>
  Array.from({ length: 180 }, (_, index) => value(180 - index));
const isOut = (minute: number): boolean => OUT.includes(minute);
const failed = minutes((minute) => (minute <= 26 && !isOut(minute) ? 90 : null));
const empty = minutes((minute) => (isOut(minute) ? 90 : null));
const NOW_ADDRESS = '10.0.10.77';
const ALB = securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]);
const NETWORK = { subnetIds: ['subnet-app-a'], securityGroupIds: ['sg-app'] };
const closed = [ALB, securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/8' })])];
const open = [ALB, securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })])];
const event = (at: number, id: string, reason: string) => ({
  at: ago(at),
  message: `(service web) (task ${id}) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason})`,
});
const stop = (id: string, at: number, address: string) =>
  unscheduled(id, at, `Task failed ELB health checks in (target-group ${TG})`, { addresses: [address] });

interface Loop {
  readonly reason?: string | null;
  readonly network?: typeof NETWORK | null;
  readonly connectionErrors?: boolean;
  readonly rollout?: boolean;
}

/** A task that ECS replaces for its checks; what comes of it depends on what is registered at this moment. */
function loop(ill: Ill = {}, { reason = 'Request timed out', network = NETWORK, ...how }: Loop = {}): Ill {
  const running = task('c', { addresses: [NOW_ADDRESS], createdAt: ago(1.8), startedAt: ago(1.2) });
  const failing = { id: 'ecs-svc/7', failedTasks: 3, rolloutState: 'IN_PROGRESS', createdAt: ago(27) };
  return {
    securityGroups: closed,
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    instances: [],
    instanceStatus: [],
    targetHealth: [],
    targetInterfaces: [interfaceAt(NOW_ADDRESS)],
    ecsServices: [
      ecsService({
        desired: 1,
        running: 1,
        ...(network === null ? {} : { network }),
        ...(how.rollout ? { deployments: [deployment(failing)] } : {}),
        events: reason === null ? [] : [event(2.4, 'b', reason), event(11.4, 'a', reason), event(21.4, 'o', reason)],
      }),
    ],
    ecsTasks: [stop('o', 21, '10.0.10.51'), stop('a', 11, '10.0.10.52'), stop('b', 2, '10.0.10.53'), running],
    loadBalancerMetrics: metrics({
      RequestCount: minutes((minute) => (isOut(minute) ? null : 90)),
      HTTPCode_ELB_504_Count: failed,
      HTTPCode_ELB_503_Count: empty,
      ...(how.connectionErrors === false ? {} : { TargetConnectionErrorCount: failed }),
    }),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        RequestCount: minutes((minute) => (isOut(minute) ? null : 90)),
        TargetConnectionErrorCount: failed,
        'HealthyHostCount.min': minutes((minute) => (isOut(minute) ? null : minute > 26 ? 1 : 0)),
      },
    }),
    ...ill,
  };
}

const initial = target(NOW_ADDRESS, { state: 'initial', reason: 'Elb.InitialHealthChecking' });
const others = (...more: ReturnType<typeof target>[]) => ({ targetHealth: [initial, ...more] });

test.each<[string, Ill, string]>([
  ['nothing is registered', loop(), 'found strong'],
  ['nor does ECS say why their checks failed', loop({}, { reason: null }), 'found strong'],
  ['the way to them is open', loop({ securityGroups: open }), 'ruled-out'],
  ['where they were is not known', loop({}, { network: null }), 'undetermined'],
  ['the group of the VPC is theirs', loop({}, { network: { ...NETWORK, securityGroupIds: [] } }), 'undetermined'],
  [
    'their checks were answered',
    loop({}, { reason: 'Health checks failed with these codes: [404]' }),
    'found circumstantial',
  ],
  ['their checks were refused', loop({}, { reason: 'Health checks failed' }), 'found circumstantial'],
  ['every connection was made', loop({}, { connectionErrors: false }), 'found circumstantial'],
  ['their successor is not judged yet', loop(others()), 'found decisive'],
  ['it is not, and the way to it is open', loop({ ...others(), securityGroups: open }), 'ruled-out'],
  [
    'it is not, and connections to those before were made',
    loop(others(), { connectionErrors: false }),
    'found circumstantial',
  ],
  [
    'it is not, and those before answered their checks',
    loop({ ...others(), ...late() }, { reason: 'Health checks failed with these codes: [404]' }),
    'found circumstantial',
  ],
  [
    'it is not, nothing is said of those before, and requests to it fail',
    loop(others(), { reason: null }),
    'found strong',
  ],
  [
    'it is not, nothing is said of those before, and the newest requests are answered',
    loop({ ...others(), ...late() }, { reason: null }),
    'found circumstantial',
  ],
  [
    'it is not, nothing is said of those before, and another target has another way',
    loop(
      {
        ...others(target('10.0.11.9', { state: 'unhealthy', reason: 'Target.Timeout' })),
        targetInterfaces: [interfaceAt(NOW_ADDRESS), interfaceAt('10.0.11.9', { securityGroupIds: ['sg-open'] })],
        securityGroups: [...closed, securityGroup('sg-open', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })])],
      },
      { reason: null },
    ),
    'found circumstantial',
  ],
  ['it is judged itself', loop({ targetHealth: [unhealthy(NOW_ADDRESS, 'Target.Timeout')] }), 'found decisive'],
])('the group of targets that ECS took away: %s', (_, ill, expected) => {
  expect(outcome(inbound, ill)).toBe(expected);
});

/** The newest connections are made. */
function late(): Ill {
  const until = minutes((minute) => (minute <= 26 && minute > 4 ? 90 : null));
  return {
    loadBalancerMetrics: metrics({
      RequestCount: minutes(() => 90),
      HTTPCode_ELB_504_Count: until,
      HTTPCode_ELB_503_Count: minutes((minute) => (minute <= 4 ? 90 : null)),
      TargetConnectionErrorCount: until,
    }),
  };
}

test('tells of those that were taken away, and names nothing as registered', () => {
  expect(readable(inbound, loop())).toMatchInlineSnapshot(`
    "sg-app does not allow inbound traffic from the load balancer on port \`8080\` of web [strong]
      because  sg-app allows inbound TCP \`22\`: no rule for sg-alb on \`8080\`   [securityGroups]
      because  ECS replaced 10.0.10.53 for failed health checks: "Request timed out"   [ecsTasks]
      because  2,070 requests answered \`504\` since 14:04, with 2,070 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
      fix      allow inbound traffic from the load balancer on port \`8080\`
               aws ec2 authorize-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1
         undo  aws ec2 revoke-security-group-ingress --group-id sg-app --protocol tcp --port 8080 --source-group sg-alb --region us-east-1"
  `);
  expect(diagnose(aSnapshot(loop()), [inbound]).findings[0]?.affected).toMatchObject({
    targetGroups: [TG],
    targets: [],
  });
});

test('every layer of the way is judged by where they were', () => {
  const noEgress = [
    securityGroup('sg-alb', [], []),
    securityGroup('sg-app', [ingress('-1', null, null, { group: 'sg-alb' })]),
  ];
  expect(outcome(outbound, loop({ securityGroups: noEgress }))).toBe('found strong');
  expect(outcome(outbound, loop())).toBe('ruled-out');
  expect(outcome(routeMissing, loop())).toBe('ruled-out');
  const entry = { egress: false, protocol: '-1', cidr: '0.0.0.0/0', fromPort: null, toPort: null };
  const entries = [{ ...entry, ruleNumber: 100, action: 'deny' as const }];
  const networkAcls = [
    { id: 'acl-app', isDefault: false, subnetIds: ['subnet-app-a'], entries, tags: {} },
    {
      ...{
        id: 'acl-else',
        isDefault: false,
        subnetIds: ['subnet-app-b', 'subnet-public-a', 'subnet-public-b'],
        tags: {},
      },
      entries: [false, true].map((egress) => ({ ...entry, egress, ruleNumber: 100, action: 'allow' as const })),
    },
  ];
  expect(outcome(acl, loop({ networkAcls, securityGroups: open }))).toBe('found strong');
});

test('what is silent on the host cannot be told of what is gone', () => {
  expect(outcome(hostFirewall, loop({ securityGroups: open }))).toBe('undetermined');
});

test('no service tells of them, and nothing is registered: nobody knows the way that failed', () => {
  const without = loop({ ecsServices: [], ecsTasks: [] });
  for (const cause of [inbound, outbound, acl, routeMissing, hostFirewall]) {
    expect([cause.id, outcome(cause, without)]).toEqual([cause.id, 'undetermined']);
  }
  const answered = { ...without, loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: empty }) };
  expect(outcome(inbound, answered)).toBe('not-applicable');
});

test('a rule that was taken and given back between two of them', () => {
  const rule = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
  const changes = [
    ruleChange('revokes', 'sg-app', [rule], { at: ago(26.5) }),
    ruleChange('admits', 'sg-app', [rule], { at: ago(1.5) }),
  ];
  expect(readable(inbound, loop({ securityGroups: open, changes }))).toMatch(
    /^sg-app did not allow inbound traffic from the load balancer on port `8080` of web from 14:03 to 14:28 \[strong\]/,
  );
});

const mailOf = (ill: Ill): string => renderEmail(diagnose(aSnapshot(ill), CAUSES)).replace(/\n\s*/g, ' ');

test.each<[string, Ill]>([
  ['nothing registered', loop()],
  ['nothing registered, in a rollout', loop({}, { rollout: true })],
  ['a successor that is not judged', loop(others())],
  ['a successor that is not judged, in a rollout', loop(others(), { rollout: true })],
])('the closed group is the headline above the loop: %s', (_, ill) => {
  const { verdict, findings } = diagnose(aSnapshot(ill), CAUSES);
  expect([verdict.status, findings[0]?.cause]).toEqual(['identified', 'target-security-group-closed']);
  const mail = mailOf(ill);
  expect(mail).not.toMatch(/Suspected/);
  expect(mail).not.toMatch(/not applicable here:[^.]*target-security-group-closed/);
  expect(mail).not.toMatch(/no target left next to these errors/);
  expect(mail).not.toMatch(/nor is it replaced again and again/);
});

test('two that were replaced are no loop, and are not denied', () => {
  const { ecsTasks = [] } = loop();
  const two = loop({ ecsTasks: (ecsTasks as ReturnType<typeof task>[]).slice(1) });
  const { ruledOut } = diagnose(aSnapshot(two), CAUSES);
  const said = ruledOut.find(({ cause }) => cause === 'deployment-failing')?.because ?? [];
  expect(asString(said)).toMatch(/2 tasks were replaced for failed health checks/);
  expect(mailOf(two)).not.toMatch(/nor is it replaced again and again/);
});

test('the last one is draining, and the next is not registered yet: that is the fault of today, and not what comes next', () => {
  const targetHealth = [target('10.0.10.53', { state: 'draining', reason: 'Target.DeregistrationInProgress' })];
  const targetInterfaces = [interfaceAt('10.0.10.53')];
  const [first] = diagnose(aSnapshot(loop({ targetHealth, targetInterfaces })), CAUSES).findings;
  expect([first?.cause, first?.strength, first?.waiting]).toEqual([
    'target-security-group-closed',
    'decisive',
    undefined,
  ]);
});

test('instances that Auto Scaling replaces, and whose successor is not judged yet', () => {
  const activities = [
    activity('14:04', 'Launching a new EC2 instance: i-9'),
    replacedForChecks('14:08', 'i-9'),
    activity('14:09', 'Launching a new EC2 instance: i-1'),
  ];
  const ill = loop({
    ecsServices: [],
    ecsTasks: [],
    targetGroups: [targetGroup()],
    instances: ['i-1'].map((id) => instance(id)),
    targetHealth: [target('i-1', { state: 'initial', reason: 'Elb.InitialHealthChecking' })],
    autoScalingGroups: [scalingGroup({ activities })],
  });
  expect(outcome(inbound, ill)).toBe('found strong');
  expect(outcome(inbound, { ...ill, ...late() })).toBe('found circumstantial');
});

test('of a group that another service fills nothing is told', () => {
  const API = groupArn('api');
  const ill = loop({ ...others(), targetGroups: [targetGroup('web', { targetType: 'ip' }), targetGroup('api')] });
  const groups = diagnose(aSnapshot(ill), [inbound]).findings.flatMap(({ affected }) => affected.targetGroups);
  expect(groups).not.toContain(API);
});
