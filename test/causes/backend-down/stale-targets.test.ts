import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/stale-targets/cause.ts';
import targetSecurityGroupClosed from '../../../lambda/causes/network-block/target-security-group-closed/cause.ts';
import type { FailedCall, NetworkInterface, Target } from '../../../lambda/incident/evidence.ts';
import {
  change,
  denied,
  ecsService,
  type Ill,
  LB,
  lately,
  metrics,
  partly,
  route,
  routeTable,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

const [ONE, OTHER] = ['10.0.10.60', '10.0.11.61'];
const silent = (id: string, ill: Partial<Target> = {}) =>
  unhealthy(id, 'Target.Timeout', { zone: 'us-east-1a', ...ill });
const refusing = (id: string) => unhealthy(id, 'Target.FailedHealthChecks', { zone: 'us-east-1a' });
const unheld = (...ids: string[]) => ({ why: 'partial' as const, detail: 'nobody holds them', ids });
const eni = (ill: Partial<NetworkInterface> = {}): NetworkInterface => ({
  ...{ id: 'eni-9', description: '', subnetId: 'subnet-app-a', vpcId: 'vpc-1', zone: 'us-east-1a', addresses: [ONE] },
  ...{ prefixes: [], securityGroupIds: [], instanceId: null, tags: {} },
  ...ill,
});
const failing = (perMinute: number, connections: number) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: lately(9, perMinute),
    HTTPCode_ELB_5XX_Count: lately(9, perMinute),
    TargetConnectionErrorCount: lately(9, connections),
  }),
});
const gone: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [silent(ONE), silent(OTHER)],
  targetInterfaces: partly([], unheld(ONE, OTHER)),
  ...failing(60, 60),
};
const held = (ill: Partial<NetworkInterface>, more: Ill = {}): Ill => ({
  ...gone,
  targetHealth: [silent(ONE)],
  targetInterfaces: [eni(ill)],
  ...more,
});
const rds = { description: 'RDSNetworkInterface', requesterId: 'amazon-rds' };
const endpoint = { description: 'VPC Endpoint Interface vpce-7', type: 'vpc_endpoint' };
const kept = { tags: { [LB]: {}, [TG]: { 'elbv2.k8s.aws/cluster': 'green' } } };

describe('addresses that nobody holds', () => {
  test.each<[string, Ill, string]>([
    ['of all targets', gone, 'found decisive'],
    ['where every connection was made', { ...gone, ...failing(60, 0) }, 'found circumstantial'],
    ['without any error', { ...gone, loadBalancerMetrics: metrics() }, 'found decisive'],
    [
      'beside a healthy target, and as many connections failed as half of the errors',
      { ...gone, targetHealth: [silent(ONE), target('10.0.11.5')], ...failing(60, 30) },
      'found decisive',
    ],
    [
      'beside a healthy target, and fewer failed',
      { ...gone, targetHealth: [silent(ONE), target('10.0.11.5')], ...failing(60, 29) },
      'found circumstantial',
    ],
    [
      'where somebody refuses connections',
      { ...gone, targetHealth: [refusing(ONE)], ecsTasks: [] },
      'found circumstantial',
    ],
    [
      'where connections are refused, and a task that stopped had the address',
      {
        ...gone,
        targetHealth: [refusing(ONE)],
        ecsTasks: [task('t', { addresses: [ONE], status: 'STOPPED', stoppedAt: '2026-03-10T14:20:00Z' })],
      },
      'found strong',
    ],
    ['that a task holds', { ...gone, ecsTasks: [task('t', { addresses: [ONE, OTHER] })] }, 'undetermined'],
    [
      'that were not looked for',
      { ...gone, targetInterfaces: denied('ec2:DescribeNetworkInterfaces') },
      'undetermined',
    ],
    [
      'that could not be looked for',
      { ...gone, targetInterfaces: partly([], { ...unheld(ONE, OTHER), why: 'not-asked' }) },
      'undetermined',
    ],
    ['of targets that drain', { ...gone, targetHealth: [silent(ONE, { state: 'draining' })] }, 'ruled-out'],
    [
      'of targets that answer their checks',
      { ...gone, targetHealth: [unhealthy(ONE, 'Target.ResponseCodeMismatch')] },
      'ruled-out',
    ],
    ['outside the VPC', { ...gone, targetHealth: [silent('172.31.4.4', { zone: 'all' })] }, 'undetermined'],
    [
      'behind a route of their own within the VPC',
      {
        ...gone,
        routeTables: [routeTable('rtb-main', [], [route('10.0.10.0/25', { kind: 'network-interface', id: 'eni-fw' })])],
        targetHealth: [silent(ONE)],
        targetInterfaces: partly([], unheld(ONE)),
      },
      'undetermined',
    ],
    ['inside a prefix that a node holds', held({ addresses: ['10.0.10.9'], prefixes: ['10.0.10.48/28'] }), 'ruled-out'],
    [
      'inside no prefix that a node holds',
      held({ addresses: ['10.0.10.9'], prefixes: ['10.0.10.64/28'] }),
      'undetermined',
    ],
    ['of a group that no rule forwards to', { ...gone, listenerRules: [] }, 'not-applicable'],
    ['of instances', {}, 'not-applicable'],
    ['of which none fails', { ...gone, targetHealth: [target(ONE)], targetInterfaces: [eni()] }, 'ruled-out'],
    ['of which target health is denied', { ...gone, targetHealth: denied() }, 'undetermined'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('in a VPC that another account shares, its interfaces are not seen', () => {
    const subnets = ['10.0.10.0/24', '10.0.11.0/24'].map((cidr, index) => ({
      ...{ id: `subnet-${index}`, vpcId: 'vpc-1', zone: 'us-east-1a', cidr, ipv6Cidrs: [], availableAddresses: 9 },
      ownerId: '999988887777',
    }));
    expect(outcome(cause, { ...gone, subnets })).toBe('undetermined');
    const own = subnets.map((each) => ({ ...each, ownerId: '123456789012' }));
    expect(outcome(cause, { ...gone, subnets: own })).toBe('found decisive');
  });
});

describe('addresses in no subnet', () => {
  const beyond = (id: string): Ill => ({ ...gone, targetHealth: [silent(id, { zone: 'all' })], targetInterfaces: [] });
  test.each<[string, Ill, string]>([
    ['in the range of the VPC', beyond('10.0.99.4'), 'found strong'],
    ['beyond it', beyond('10.1.99.4'), 'undetermined'],
    [
      'subnets seen in part',
      { ...beyond('10.0.99.4'), subnets: partly([], { why: 'failed', detail: 'x' }) },
      'undetermined',
    ],
    ['the range unseen', { ...beyond('10.0.99.4'), routeTables: denied() }, 'undetermined'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });
});

describe('addresses that something else holds', () => {
  test.each<[string, Ill, string]>([
    ['a database', held(rds), 'found decisive'],
    ['a NAT gateway', held({ type: 'nat_gateway' }), 'found decisive'],
    ['a database that refuses', held(rds, { targetHealth: [refusing(ONE)] }), 'found decisive'],
    ['a database, while every connection was made', held(rds, failing(60, 0)), 'found decisive'],
    ['an endpoint that may be meant', held(endpoint), 'ruled-out'],
    ['an endpoint in a group that a controller keeps', held(endpoint, kept), 'found decisive'],
    [
      'an endpoint in a group that ECS keeps',
      held(endpoint, {
        ecsServices: [ecsService({ targetGroups: [{ arn: TG, container: null, containerPort: null }] })],
      }),
      'found decisive',
    ],
    [
      'an endpoint beside a pod',
      held(endpoint, {
        targetHealth: [silent(ONE), target('10.0.11.5')],
        targetInterfaces: [eni(endpoint), eni({ id: 'eni-1', addresses: ['10.0.11.5'] })],
      }),
      'found decisive',
    ],
    ['a load balancer that may be meant', held({ description: 'ELB net/inner/0123' }), 'ruled-out'],
    ['an instance', held({ instanceId: 'i-1' }), 'ruled-out'],
    ['a database that answers', held(rds, { targetHealth: [target(ONE)] }), 'ruled-out'],
    ['a database of another VPC', held({ ...rds, vpcId: 'vpc-2' }), 'undetermined'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  const tagged = { tags: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'reports' } };
  const bound = (name: string) => ({
    ecsServices: [
      ecsService({ id: `prod/${name}`, name, targetGroups: [{ arn: TG, container: null, containerPort: null }] }),
    ],
  });
  test.each<[string, Ill, string]>([
    ['another service', held(tagged, bound('web')), 'found decisive'],
    ['the service of the group', held(tagged, bound('reports')), 'ruled-out'],
    ['a service, where that of the group is not known', held(tagged, { ecsServices: [] }), 'ruled-out'],
  ])('a task of %s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('is told, and nothing of the security group that does not admit the load balancer, which nobody is told to open', () => {
    const securityGroups = [
      { id: 'sg-alb', name: 'alb', vpcId: 'vpc-1', ownerId: null, ingress: [], egress: [], tags: {} },
      { id: 'sg-db', name: 'db', vpcId: 'vpc-1', ownerId: null, ingress: [], egress: [], tags: {} },
    ];
    const ill = held({ ...rds, securityGroupIds: ['sg-db'] }, { securityGroups });
    expect(foundFirst(ill)).toBe('stale-targets');
    expect(readable(cause, ill)).not.toContain('authorize');
    expect(outcome(targetSecurityGroupClosed, ill)).toBe('not-applicable');
  });
});

const failed = (minute: number, ill: Partial<FailedCall> = {}): FailedCall => ({
  at: `2026-03-10T14:${minute}:00Z`,
  who: 'role/green-lbc',
  tool: 'load balancer controller',
  event: 'GetWebACLForResource',
  errorCode: 'AccessDeniedException',
  action: 'wafv2:GetWebACLForResource',
  resources: [],
  ...ill,
});

describe('a controller that fails since the errors began', () => {
  const calls = (...minutes: number[]) => ({ failedCalls: minutes.map((minute) => failed(minute)) });
  const none: Ill = {
    ...gone,
    ...kept,
    targetHealth: [refusing(ONE), refusing(OTHER)],
    targetInterfaces: [eni({ addresses: [ONE, OTHER], instanceId: 'i-1' })],
    ...calls(20, 24, 28),
  };
  test.each<[string, Ill, string]>([
    ['and no target answers', none, 'found circumstantial'],
    ['five minutes after they did', { ...none, ...calls(26, 28) }, 'found circumstantial'],
    ['more than five minutes after', { ...none, ...calls(27, 28) }, 'ruled-out'],
    ['once', { ...none, ...calls(24) }, 'ruled-out'],
    ['and one target answers', { ...none, targetHealth: [refusing(ONE), target(OTHER)] }, 'ruled-out'],
    ['in a group that it does not keep', { ...none, tags: {} }, 'ruled-out'],
    [
      'and registered a target since',
      {
        ...none,
        changes: [
          change({ is: 'targets', does: 'registers', targetGroup: TG, ids: [ONE] }, { at: '2026-03-10T14:25:00Z' }),
        ],
      },
      'ruled-out',
    ],
    [
      'that only was throttled',
      { ...none, failedCalls: [20, 24].map((minute) => failed(minute, { errorCode: 'ThrottlingException' })) },
      'ruled-out',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test.each([
    ['role/alb-controller (1710)', 'found circumstantial'],
    ['role/datadog', 'ruled-out'],
  ])('by its name alone, no program: %s', (who, expected) => {
    const failedCalls = [20, 24, 28].map((minute) =>
      failed(minute, { who, tool: null, event: 'DescribeTargetHealth', resources: [TG] }),
    );
    expect(outcome(cause, { ...none, failedCalls })).toBe(expected);
  });

  test('is a doubt, and says what to allow', () => {
    const said = readable(cause, none);
    expect(said).toContain('may be pods that are gone');
    expect(said).toContain('allow `role/green-lbc` `wafv2:GetWebACLForResource`');
    expect(said).not.toMatch(/No network interface|deregister-targets/);
  });
});

test('says what is wrong, why, and what to do', () => {
  const refused = { event: 'RegisterTargets', action: 'elasticloadbalancing:RegisterTargets', resources: [TG] };
  const ill = { ...gone, ...kept, failedCalls: [failed(20, refused), failed(21, refused)] };
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "No network interface holds 10.0.10.60 and 10.0.11.61, still registered with web: \`role/green-lbc\` is not allowed to call \`RegisterTargets\` [decisive]
      because  10.0.10.60 and 10.0.11.61 of web: \`Target.Timeout\`   [targetHealth]
      because  no network interface of the VPC holds 10.0.10.60 and 10.0.11.61   [targetInterfaces]
      because  \`role/green-lbc\` called \`RegisterTargets\` and got \`AccessDeniedException\`, 2 times since 14:20   [failedCalls]
      fix 1/2  allow \`role/green-lbc\` \`elasticloadbalancing:RegisterTargets\`, so that it can register what runs now
      fix 2/2  deregister 2 stale addresses from web (managed by load balancer controller of cluster green)
               aws elbv2 deregister-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=10.0.10.60,Port=8080 Id=10.0.11.61,Port=8080 --region us-east-1
         undo  aws elbv2 register-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=10.0.10.60,Port=8080 Id=10.0.11.61,Port=8080 --region us-east-1"
  `);
});

test('says whose address it is, and leaves the others where they are', () => {
  expect(
    readable(
      cause,
      held(rds, {
        targetHealth: [silent(ONE), silent(OTHER)],
        targetInterfaces: [eni(rds), eni({ id: 'eni-1', addresses: [OTHER] })],
      }),
    ),
  ).toMatchInlineSnapshot(`
    "10.0.10.60 is the address of a database, still registered with web [decisive]
      because  10.0.10.60 of web: \`Target.Timeout\`   [targetHealth]
      because  eni-9 holds 10.0.10.60: "RDSNetworkInterface", made by \`amazon-rds\`   [targetInterfaces]
      fix      deregister 1 stale address from web
               aws elbv2 deregister-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=10.0.10.60,Port=8080 --region us-east-1
         undo  aws elbv2 register-targets --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --targets Id=10.0.10.60,Port=8080 --region us-east-1"
  `);
});

test.each<[string, Partial<NetworkInterface>[], string]>([
  ['several kinds', [rds, endpoint], '10.0.10.60 and 10.0.11.61 are addresses of a database and a VPC endpoint'],
  ['two of a kind', [rds, rds], '10.0.10.60 and 10.0.11.61 are addresses of a database'],
])('says whose addresses they are: %s', (_, [one, other], expected) => {
  const targetInterfaces = [eni(one), eni({ ...other, id: 'eni-2', addresses: [OTHER] })];
  const ill = held({}, { ...kept, targetHealth: [silent(ONE), silent(OTHER)], targetInterfaces });
  expect(readable(cause, ill)).toContain(`${expected}, still registered with web`);
});

test('says that nobody holds the one, and something else the other', () => {
  const targetInterfaces = partly([eni(rds)], unheld(OTHER));
  expect(readable(cause, { ...gone, targetInterfaces })).toMatch(
    /^Something else, or nothing, holds 10\.0\.10\.60 and 10\.0\.11\.61, still registered with web \[decisive\]/,
  );
});

test('counts more than two of them, so that the reason why they stay has room', () => {
  const THIRD = '10.0.10.62';
  const ill = { ...gone, ...kept, targetHealth: [silent(ONE), silent(OTHER), silent(THIRD)] };
  const told = readable(cause, { ...ill, targetInterfaces: partly([], unheld(ONE, OTHER, THIRD)) });
  expect(told).toMatch(/^No network interface holds 3 addresses, still registered with web/);
  expect(told).toContain('holds 10.0.10.60, 10.0.11.61 and 10.0.10.62');
});
