import { changeSaid } from '../../lambda/collect/trail/change-summary.ts';
import { EVIDENCE_KEYS } from '../../lambda/incident/evidence/table.ts';
import type {
  ChangeDetails,
  ChangeEvent,
  EcsService,
  EcsTask,
  Evidence,
  EvidenceKey,
  Instance,
  InstanceMetric,
  InstanceStatus,
  ListenerRule,
  LoadBalancerMetric,
  Metrics,
  MetricsById,
  NetworkAclEntry,
  Route,
  RouteTable,
  SecurityGroupRule,
  ServiceMetric,
  Target,
  TargetGroup,
  TargetGroupMetric,
  Values,
  ZoneMetric,
} from '../../lambda/incident/evidence.ts';
import type { Gap, Observed } from '../../lambda/incident/observed.ts';
import { seen, unseen } from '../../lambda/incident/observed.ts';
import { METRIC_MINUTES, type Trigger } from '../../lambda/incident/question.ts';
import type { ObservedEvidence, Snapshot } from '../../lambda/incident/snapshot.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';

/**
 * A healthy incident with named parts made ill, so that a test shows only what matters: one load balancer `web` in two
 * zones, one group `web` on port 8080 with the instances `i-1` and `i-2`, 120 requests a minute, no error.
 */
export function aSnapshot(ill: Ill = {}): Snapshot {
  const { at = NOW, readAt = at, trigger = { kind: 'cli', at: null }, windowSeconds = 1800, ...parts } = ill;
  const nothing = Object.fromEntries(EVIDENCE_KEYS.map((key) => [key, []]));
  const observed = Object.fromEntries(
    Object.entries({ ...nothing, ...NOT_ASKED, ...healthyEvidence(at), ...parts }).map(([key, part]) => [
      key,
      asObserved(part),
    ]),
  );
  return {
    schemaVersion: '1.0',
    tool: { name: 'alb-triage', version: '0.0.0-test' },
    question: {
      subject: {
        arn: LB,
        dimension: 'app/web/50dc6c495c0c9188',
        name: 'web',
        partition: 'aws',
        region: 'us-east-1',
        accountId: '123456789012',
      },
      at,
      window: { from: plusSeconds(at, -windowSeconds), to: at },
      trigger,
    },
    collectedAt: readAt,
    // Each part is the healthy one or the one the test gave for the same key.
    evidence: observed as unknown as ObservedEvidence,
    cost: { durationMs: 0, apiCalls: 0, criticalPath: 0 },
  };
}

export type Ill = { readonly [K in EvidenceKey]?: Evidence[K] | Observed<Evidence[K]> } & {
  readonly at?: string;
  readonly readAt?: string;
  readonly windowSeconds?: number;
  readonly trigger?: Trigger;
};

export const NOW = '2026-03-10T14:30:00Z';
export const LB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
export const TG = groupArn('web');
const SECRET = Symbol('observed');

export function groupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/73e2d6bc24d8a067`;
}

/** Seen, but not whole. */
export function partly<T>(value: T, ...gaps: Gap[]): Observed<T> {
  return mark(seen(value, gaps));
}

export function denied(action = 'ec2:DescribeSomething'): Observed<never> {
  return mark(unseen('denied', `${action} was denied`, action));
}

function mark<T extends object>(observed: T): T {
  return Object.defineProperty(observed, SECRET, { value: true, enumerable: false });
}

function asObserved(part: unknown): unknown {
  return typeof part === 'object' && part !== null && SECRET in part ? part : seen(part);
}

// --- metrics: minute 179 of the grid is 14:29, the newest complete one

/** The newest minutes, oldest of them first; nothing before. `lately(5, 9)` is a 9 in each of the last five minutes. */
export function lately(minutes: number, value: number | null): Values {
  return between(minutes, 0, value);
}

/** From so many minutes ago until so many minutes ago. */
export function between(from: number, until: number, value: number | null): Values {
  return Array.from({ length: METRIC_MINUTES }, (_, index) =>
    index >= METRIC_MINUTES - from && index < METRIC_MINUTES - until ? value : null,
  );
}

/** The given newest values, the last one at minute 179; nothing before. */
export function newest(...values: (number | null)[]): Values {
  return [...Array.from({ length: METRIC_MINUTES - values.length }, () => null), ...values];
}

/** The given newest values; the first of them all the time before. */
export function afterLevel(...values: readonly number[]): Values {
  return [...always(values[0] ?? 0).slice(values.length), ...values];
}

export function always(value: number): Values {
  return lately(METRIC_MINUTES, value);
}

const grid = (at: string) => ({ from: plusSeconds(at, -METRIC_MINUTES * 60), minutes: METRIC_MINUTES });

/** The load balancer's metrics: 120 requests a minute and what is given. */
export function metrics(
  values: Partial<Record<LoadBalancerMetric, Values>> = {},
  at = NOW,
): Metrics<LoadBalancerMetric> {
  return { grid: grid(at), values: { RequestCount: always(120), ...values } };
}

export function groupMetrics(
  of: Record<string, Partial<Record<TargetGroupMetric, Values>>>,
): MetricsById<TargetGroupMetric> {
  return { grid: grid(NOW), of: Object.entries(of).map(([id, values]) => ({ id, values })) };
}

export function instanceMetrics(
  of: Record<string, Partial<Record<InstanceMetric, Values>>>,
): MetricsById<InstanceMetric> {
  return { grid: grid(NOW), of: Object.entries(of).map(([id, values]) => ({ id, values })) };
}

export function serviceMetrics(of: Record<string, Partial<Record<ServiceMetric, Values>>>): MetricsById<ServiceMetric> {
  return { grid: grid(NOW), of: Object.entries(of).map(([id, values]) => ({ id, values })) };
}

// --- the parts

export function target(id: string, ill: Partial<Target> = {}): Target {
  return {
    targetGroup: TG,
    id,
    port: 8080,
    zone: id === 'i-2' ? 'us-east-1b' : 'us-east-1a',
    healthCheckPort: 8080,
    state: 'healthy',
    reason: null,
    description: null,
    anomalous: false,
    override: null,
    ...ill,
  };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'Target.Timeout': 'Request timed out',
  'Target.FailedHealthChecks': 'Health checks failed',
  'Target.ResponseCodeMismatch': 'Health checks failed with these codes: [404]',
};

export function unhealthy(id: string, reason: string, ill: Partial<Target> = {}): Target {
  return target(id, { state: 'unhealthy', reason, description: DESCRIPTIONS[reason] ?? null, ...ill });
}

export function targetGroup(name = 'web', ill: Partial<TargetGroup> = {}): TargetGroup {
  return {
    arn: groupArn(name),
    name,
    targetType: 'instance',
    protocol: 'HTTP',
    protocolVersion: 'HTTP1',
    port: 8080,
    vpcId: 'vpc-1',
    loadBalancerArns: [LB],
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      port: 'traffic-port',
      path: '/health',
      intervalSeconds: 30,
      timeoutSeconds: 5,
      healthyThreshold: 5,
      unhealthyThreshold: 2,
      matcher: '200',
    },
    ...ill,
  };
}

export function instance(id: string, ill: Partial<Instance> = {}): Instance {
  const second = id === 'i-2';
  const subnetId = second ? 'subnet-app-b' : 'subnet-app-a';
  const address = second ? '10.0.11.12' : '10.0.10.11';
  const zone = second ? 'us-east-1b' : 'us-east-1a';
  return {
    id,
    state: 'running',
    stateReason: null,
    stateSince: null,
    launchedAt: '2026-03-03T14:30:00Z',
    type: 't3.micro',
    zone,
    subnetId,
    vpcId: 'vpc-1',
    spot: false,
    primaryAddress: address,
    primarySecurityGroupIds: ['sg-app'],
    interfaces: [
      {
        id: `eni-${id}`,
        description: '',
        subnetId,
        vpcId: 'vpc-1',
        zone,
        addresses: [address],
        prefixes: [],
        securityGroupIds: ['sg-app'],
        instanceId: id,
        tags: {},
      },
    ],
    tags: { Name: id },
    ...ill,
  };
}

/** `prod/web`: two tasks wanted, two running, deployed a week ago. */
export function ecsService(ill: Partial<EcsService> = {}): EcsService {
  return {
    id: 'prod/web',
    cluster: 'prod',
    name: 'web',
    targetGroups: [{ arn: TG, container: 'app', containerPort: 8080 }],
    status: 'ACTIVE',
    desired: 2,
    running: 2,
    pending: 0,
    controller: 'ECS',
    taskDefinition: 'web:7',
    healthCheckGrace: 0,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enabled: false, rollsBack: false },
    deployments: [deployment()],
    events: [],
    tags: {},
    ...ill,
  };
}

export function deployment(ill: Partial<EcsService['deployments'][number]> = {}): EcsService['deployments'][number] {
  return {
    id: 'ecs-svc/7',
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    rolloutReason: 'ECS deployment ecs-svc/7 completed.',
    taskDefinition: 'web:7',
    desired: 2,
    running: 2,
    pending: 0,
    failedTasks: 0,
    createdAt: '2026-03-03T14:30:00Z',
    updatedAt: '2026-03-03T14:35:00Z',
    ...ill,
  };
}

/** One that has run for a week. */
export function task(id: string, ill: Partial<EcsTask> = {}): EcsTask {
  return {
    id,
    arn: `arn:aws:ecs:us-east-1:123456789012:task/prod/${id}`,
    service: 'prod/web',
    startedBy: 'ecs-svc/7',
    taskDefinition: 'web:7',
    status: 'RUNNING',
    zone: 'us-east-1a',
    addresses: [],
    instanceId: null,
    hostPorts: [],
    createdAt: '2026-03-03T14:30:00Z',
    startedAt: '2026-03-03T14:31:00Z',
    stoppingAt: null,
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    containers: [{ name: 'app', exitCode: null, reason: null }],
    ...ill,
  };
}

/** The default rule, sending requests to these groups. */
export function aRuleTo(...targetGroups: string[]): readonly ListenerRule[] {
  const to = targetGroups.map((targetGroup) => ({ targetGroup, weight: 1 }));
  const actions = [{ type: 'forward' as const, to }];
  return [{ arn: `${LB}/rule-default`, listenerArn: `${LB}/listener-80`, priority: null, actions, conditions: [] }];
}

export function status(id: string, ill: Partial<InstanceStatus> = {}): InstanceStatus {
  const ok = { status: 'ok', impairedSince: null };
  return { id, system: ok, instance: ok, attachedEbs: ok, events: [], ...ill };
}

export function ingress(
  protocol: string,
  from: number | null,
  to: number | null,
  peer: { cidr?: string; group?: string },
): SecurityGroupRule {
  return {
    protocol,
    fromPort: from,
    toPort: to,
    cidrs: peer.cidr === undefined ? [] : [peer.cidr],
    prefixListIds: [],
    groups: peer.group === undefined ? [] : [{ groupId: peer.group, ownerId: '123456789012' }],
  };
}

export function securityGroup(
  id: string,
  rules: ReturnType<typeof ingress>[],
  egress = [ingress('-1', null, null, { cidr: '0.0.0.0/0' })],
) {
  return { id, name: id, vpcId: 'vpc-1', ownerId: '123456789012', ingress: rules, egress, tags: {} };
}

export function route(destination: string, to: Route['target'], state: Route['state'] = 'active'): Route {
  return { destination, target: to, state, origin: 'CreateRoute' };
}

/** The main table unless it names subnets. */
export function routeTable(id: string, subnetIds: readonly string[], routes: readonly Route[] = []): RouteTable {
  const local = route('10.0.0.0/16', { kind: 'local', id: 'local' });
  return { id, vpcId: 'vpc-1', isMain: subnetIds.length === 0, subnetIds, routes: [local, ...routes], tags: {} };
}

type ListKey = { [K in EvidenceKey]: Evidence[K] extends readonly unknown[] ? K : never }[EvidenceKey];

/** What is off unless asked for: see `logs.ts` for what the load balancer logged. */
const NOT_ASKED = {
  logPlaces: notAsked(),
  accessLog: notAsked(),
  connectionLog: notAsked(),
  healthCheckLog: notAsked(),
};

function notAsked(): Observed<never> {
  return mark(unseen('not-asked', 'it is read only where logs are asked for'));
}

/** A list that is not among it is seen, and nothing is in it. */
function healthyEvidence(
  at: string,
): Omit<Evidence, ListKey | keyof typeof NOT_ASKED> & Pick<Partial<Evidence>, ListKey> {
  const subnet = (id: string, zone: string, cidr: string) => ({
    id,
    vpcId: 'vpc-1',
    zone,
    cidr,
    ipv6Cidrs: [],
    availableAddresses: 200,
  });
  const node = (id: string, subnetId: string, zone: string, address: string) => ({
    id,
    description: 'ELB app/web/50dc6c495c0c9188',
    subnetId,
    vpcId: 'vpc-1',
    zone,
    addresses: [address],
    prefixes: [],
    securityGroupIds: ['sg-alb'],
    instanceId: null,
    tags: {},
  });
  return {
    loadBalancer: {
      arn: LB,
      name: 'web',
      dnsName: 'web-1234567890.us-east-1.elb.amazonaws.com',
      scheme: 'internet-facing',
      ipAddressType: 'ipv4',
      vpcId: 'vpc-1',
      state: { code: 'active', reason: null },
      securityGroupIds: ['sg-alb'],
      zones: [
        { zone: 'us-east-1a', subnetId: 'subnet-public-a' },
        { zone: 'us-east-1b', subnetId: 'subnet-public-b' },
      ],
      createdAt: '2026-02-08T14:30:00Z',
    },
    loadBalancerAttributes: { 'idle_timeout.timeout_seconds': '60' },
    listeners: [{ arn: `${LB}/listener-80`, port: 80, protocol: 'HTTP', sslPolicy: null }],
    listenerRules: aRuleTo(TG),
    targetGroups: [targetGroup()],
    targetGroupAttributes: { [TG]: { 'deregistration_delay.timeout_seconds': '300' } },
    targetHealth: [target('i-1'), target('i-2')],
    loadBalancerMetrics: metrics({ HTTPCode_Target_2XX_Count: always(120) }, at),
    zoneMetrics: { grid: grid(at), of: [] } satisfies MetricsById<ZoneMetric>,
    targetGroupMetrics: {
      grid: grid(at),
      of: [{ id: TG, values: { 'HealthyHostCount.min': always(2), 'UnHealthyHostCount.max': always(0) } }],
    },
    instanceMetrics: {
      grid: grid(at),
      of: ['i-1', 'i-2'].map((id) => ({ id, values: { CPUUtilization: always(20), StatusCheckFailed: always(0) } })),
    },
    serviceMetrics: { grid: grid(at), of: [] },
    instances: [instance('i-1'), instance('i-2')],
    instanceStatus: [status('i-1'), status('i-2')],
    loadBalancerInterfaces: [
      node('eni-alb-a', 'subnet-public-a', 'us-east-1a', '10.0.0.10'),
      node('eni-alb-b', 'subnet-public-b', 'us-east-1b', '10.0.1.10'),
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
    ],
    networkAcls: [
      {
        id: 'acl-default',
        isDefault: true,
        subnetIds: ['subnet-public-a', 'subnet-public-b', 'subnet-app-a', 'subnet-app-b'],
        entries: [true, false].flatMap((egress) => [
          {
            ruleNumber: 100,
            egress,
            action: 'allow' as const,
            protocol: '-1',
            cidr: '0.0.0.0/0',
            fromPort: null,
            toPort: null,
          },
          {
            ruleNumber: 32767,
            egress,
            action: 'deny' as const,
            protocol: '-1',
            cidr: '0.0.0.0/0',
            fromPort: null,
            toPort: null,
          },
        ]),
        tags: {},
      },
    ],
    subnets: [
      subnet('subnet-public-a', 'us-east-1a', '10.0.0.0/24'),
      subnet('subnet-public-b', 'us-east-1b', '10.0.1.0/24'),
      subnet('subnet-app-a', 'us-east-1a', '10.0.10.0/24'),
      subnet('subnet-app-b', 'us-east-1b', '10.0.11.0/24'),
    ],
    routeTables: [
      routeTable(
        'rtb-public',
        ['subnet-public-a', 'subnet-public-b'],
        [route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' })],
      ),
      routeTable('rtb-main', []),
    ],
    lambdaMetrics: { grid: grid(at), of: [] },
    webAcl: null,
    alarm: { tags: {}, mutedBy: [], contributors: [] },
    alarmHistory: { from: plusSeconds(at, -7 * 86_400), alarmedAt: [] },
    tags: { [LB]: {}, [TG]: {} },
  };
}

// --- changes

/** A change by a person, at 14:20:30 unless told otherwise: within the first minute of errors that began ten minutes ago. */
export function change(details: ChangeDetails, ill: Partial<ChangeEvent> = {}): ChangeEvent {
  const event = ill.event ?? 'SomeChange';
  const resources = ill.resources ?? [];
  return {
    at: '2026-03-10T14:20:30Z',
    who: 'alice',
    by: 'person',
    tool: null,
    what: changeSaid(event, details, resources),
    event,
    source: 'ec2.amazonaws.com',
    resources,
    details,
    ...ill,
  };
}

export function ruleChange(
  does: 'admits' | 'revokes' | 'changes',
  groupId: string,
  rules: readonly SecurityGroupRule[],
  ill: Partial<ChangeEvent> & { readonly way?: 'ingress' | 'egress' } = {},
): ChangeEvent {
  const { way = 'ingress', ...rest } = ill;
  const event = `${does === 'admits' ? 'Authorize' : 'Revoke'}SecurityGroup${way === 'ingress' ? 'Ingress' : 'Egress'}`;
  return change({ is: 'security-group-rules', does, way, groupId, rules }, { event, resources: [groupId], ...rest });
}

export function aclChange(
  does: 'creates' | 'replaces' | 'deletes',
  ruleNumber: number,
  entry: Partial<NetworkAclEntry> | null,
  ill: Partial<ChangeEvent> = {},
): ChangeEvent {
  const whole: NetworkAclEntry | null =
    entry === null
      ? null
      : {
          ...{
            ruleNumber,
            egress: false,
            action: 'deny',
            protocol: '6',
            cidr: '10.0.0.0/16',
            fromPort: 8080,
            toPort: 8080,
          },
          ...entry,
        };
  const details = {
    ...{ is: 'network-acl-entry' as const, does, aclId: 'acl-default', ruleNumber },
    egress: whole?.egress ?? false,
    entry: whole,
  };
  return change(details, { event: 'NetworkAclEntry', resources: ['acl-default'], ...ill });
}
