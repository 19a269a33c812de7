import { expect, test, vi } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { collect } from '../../lambda/collect/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { EVIDENCE_KEYS } from '../../lambda/incident/evidence/table.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderJson } from '../../lambda/render/json.ts';
import { aSnapshot, groupArn, LB, NOW } from '../support/a-snapshot.ts';
import { deeplyShuffled, dice } from '../support/shuffled.ts';
import { anAws } from './support.ts';

/** The seed of the order in which AWS lists; 0 is as written here. */
const aws = vi.hoisted(() => ({ seed: 0, send: (_operation: string, _asked: object): unknown => undefined }));

// Instead of the SDK: what is asked is answered from below, at once, for nothing here is about pace.
vi.mock('../../lambda/collect/service.ts', () => ({
  openService: ({ name }: { name: string }) => {
    const limiter = { run: (task: () => unknown) => task(), spend: () => {} };
    const operation = (operationName: string) => ({
      action: `${name}:${operationName}`,
      limiter: () => limiter,
      send: async (_place: unknown, asked: object) => aws.send(operationName, asked),
    });
    return {
      regionAt: async () => 'us-east-1',
      operation,
      paged: (operationName: string) => ({
        ...operation(operationName),
        tokenIn: (answer: { nextPage?: string }) => answer.nextPage,
        nextInput: (asked: object, nextPage: string) => ({ ...asked, nextPage }),
      }),
    };
  },
}));

const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000);
const named = (count: number, name: string) => Array.from({ length: count }, (_, n) => `${name}-${n}`);
const pairs = (of: Record<string, string>) => Object.entries(of).map(([Key, Value]) => ({ Key, Value }));
const listenerArn = (port: number) => `${LB.replace(':loadbalancer/', ':listener/')}/${port}`;
const ecsArn = (kind: string, name: string) => `arn:aws:ecs:us-east-1:123456789012:${kind}/${name}`;

const WEB = named(6, 'i');
const API = ['10.0.10.7', '10.0.10.12', '10.0.11.7', '10.0.11.30'];
const TARGETS: Readonly<Record<string, readonly string[]>> = { web: WEB, api: API };
/** Every third fails, in one of two ways. */
const health = (n: number) =>
  n % 3 === 0
    ? {
        State: 'unhealthy',
        Reason: n % 2 === 0 ? 'Target.Timeout' : 'Target.FailedHealthChecks',
        Description: 'failed',
      }
    : { State: 'healthy' };

const group = (name: string, TargetType: string, LoadBalancerArns: string[]) => ({
  TargetGroupArn: groupArn(name),
  TargetGroupName: name,
  TargetType,
  Protocol: 'HTTP',
  Port: 8080,
  VpcId: 'vpc-1',
  LoadBalancerArns,
  HealthCheckPort: 'traffic-port',
  HealthCheckPath: '/health',
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  Matcher: { HttpCode: '200' },
});
const GROUPS = [group('web', 'instance', [LB]), group('api', 'ip', [LB]), group('empty', 'instance', [LB])];
const IDLE = named(23, 'idle').map((name) => group(name, 'instance', []));

const forward = (...names: string[]) => [
  {
    Type: 'forward',
    ForwardConfig: { TargetGroups: names.map((name) => ({ TargetGroupArn: groupArn(name), Weight: 1 })) },
  },
];
const rules = (listener: string) => [
  {
    RuleArn: `${listener}/c`,
    Priority: '10',
    Conditions: [
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*', '/v1/*', '/v2/*'] } },
      { Field: 'host-header', HostHeaderConfig: { Values: ['b.example.com', 'a.example.com'] } },
    ],
    Actions: forward('api', 'web'),
  },
  { RuleArn: `${listener}/a`, Priority: '9', Conditions: [], Actions: forward('empty') },
  { RuleArn: `${listener}/b`, Priority: 'default', IsDefault: true, Actions: forward('web', 'api') },
];

const networkInterface = (id: string, address: string, of: object) => ({
  NetworkInterfaceId: id,
  PrivateIpAddress: address,
  PrivateIpAddresses: [address, `${address}0`, `${address}1`].map((PrivateIpAddress) => ({ PrivateIpAddress })),
  VpcId: 'vpc-1',
  Groups: [{ GroupId: 'sg-app' }, { GroupId: 'sg-base' }],
  ...of,
});
const instance = (InstanceId: string, n: number) => ({
  InstanceId,
  State: { Name: 'running' },
  InstanceType: 't3.micro',
  LaunchTime: ago(9000),
  Placement: { AvailabilityZone: n % 2 === 0 ? 'us-east-1a' : 'us-east-1b' },
  SubnetId: `subnet-app-${n % 2}`,
  VpcId: 'vpc-1',
  NetworkInterfaces: [0, 1].map((DeviceIndex) =>
    networkInterface(`eni-${InstanceId}-${DeviceIndex}`, `10.0.${10 + (n % 2)}.${20 + n + 50 * DeviceIndex}`, {
      SubnetId: `subnet-app-${n % 2}`,
      Attachment: { DeviceIndex },
    }),
  ),
  Tags: pairs({ Name: InstanceId, team: 'shop', 'aws:autoscaling:groupName': `asg-${n % 3}` }),
});
const permission = (port: number, ...peers: string[]) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp: '10.9.0.0/16' }, { CidrIp: '10.8.0.0/16' }],
  UserIdGroupPairs: peers.map((GroupId) => ({ GroupId, UserId: '123456789012' })),
});
const member = (InstanceId: string, n: number) => ({
  InstanceId,
  AutoScalingGroupName: `asg-${n % 3}`,
  LifecycleState: 'InService',
  HealthStatus: 'HEALTHY',
});
const scalingGroup = (AutoScalingGroupName: string, n: number) => ({
  AutoScalingGroupName,
  MinSize: 1,
  MaxSize: 4,
  DesiredCapacity: 2,
  TargetGroupARNs: [groupArn('web'), groupArn('empty')],
  Instances: WEB.map(member).filter((one) => one.AutoScalingGroupName === `asg-${n}`),
  Tags: pairs({ team: 'shop', stack: 'web', 'aws:cloudformation:stack-name': 'web' }),
});
const service = (serviceName: string) => ({
  serviceName,
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 2,
  taskDefinition: ecsArn('task-definition', `${serviceName}:7`),
  loadBalancers: [
    { targetGroupArn: groupArn('api'), containerName: 'app', containerPort: 8080 },
    { targetGroupArn: groupArn('api'), containerName: 'side', containerPort: 9090 },
  ],
  deployments: [
    { id: `${serviceName}-7`, status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt: ago(9000) },
    { id: `${serviceName}-6`, status: 'ACTIVE', createdAt: ago(9900) },
  ],
  events: [12, 20, 31].map((minutes) => ({ createdAt: ago(minutes), message: `(service ${serviceName}) ${minutes}` })),
  tags: ['b', 'a', 'c'].map((key) => ({ key, value: key })),
});
const tasksOf = (name: string) =>
  ['1', '2', '3', '4'].map((n) => ({
    taskArn: ecsArn('task', `prod/${name}${n}`),
    lastStatus: n === '4' ? 'STOPPED' : 'RUNNING',
    desiredStatus: n === '4' ? 'STOPPED' : 'RUNNING',
    startedAt: ago(9000),
    ...(n === '4' && { stoppedAt: ago(11), stopCode: 'EssentialContainerExited', stoppedReason: 'exited' }),
    containers: ['side', 'app'].map((container) => ({ name: container, ...(n === '4' && { exitCode: 1 }) })),
    attachments: [{ details: [{ name: 'privateIPv4Address', value: API[Number(n) - 1] }] }],
  }));
/** Three calls of one second, and one that failed. */
const calls = ['sg-app', 'sg-base', 'sg-alb', 'sg-app'].map((groupId, n) => ({
  EventId: `event-${n}`,
  EventName: 'RevokeSecurityGroupIngress',
  EventSource: 'ec2.amazonaws.com',
  EventTime: ago(13),
  ReadOnly: 'false',
  Resources: [groupId, 'sg-other', 'vpc-1'].map((ResourceName) => ({ ResourceName })),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'ec2.amazonaws.com',
    userIdentity: { type: 'IAMUser', userName: `user-${n}` },
    requestParameters: { groupId, ipPermissions: { items: [{ ipProtocol: 'tcp', fromPort: 8080, toPort: 8080 }] } },
    ...(n === 3 && { errorCode: 'AccessDenied' }),
  }),
}));

interface Asked {
  readonly TargetGroupArn?: string;
  readonly LoadBalancerArn?: string;
  readonly ListenerArn?: string;
  readonly ResourceArns?: readonly string[];
  readonly InstanceIds?: readonly string[];
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly MetricDataQueries?: readonly { readonly Id: string; readonly MetricStat?: MetricAsked }[];
  readonly AutoScalingGroupNames?: readonly string[];
  readonly services?: readonly string[];
  readonly serviceName?: string;
  readonly desiredStatus?: string;
  readonly tasks?: readonly string[];
  readonly taskDefinition?: string;
  readonly PrefixListId?: string;
}
interface MetricAsked {
  readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly { readonly Value: string }[] };
}

function series({ Id, MetricStat }: NonNullable<Asked['MetricDataQueries']>[number]) {
  const { MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
  const failing = /ELB_(5XX|504)/.test(MetricName);
  const minutes = failing ? 12 : /RequestCount|2XX|HealthyHost|CPU/.test(MetricName) ? 180 : 0;
  const last = Dimensions.at(-1)?.Value.length ?? 0;
  const Timestamps = Array.from({ length: minutes }, (_, n) => ago(minutes - n));
  return { Id, StatusCode: 'Complete', Timestamps, Values: Timestamps.map(() => (failing ? 30 : 100 + last)) };
}

/** What AWS answers, by the name of the operation. */
const ANSWERS: Readonly<Record<string, (asked: Asked) => Record<string, unknown>>> = {
  DescribeTargetGroups: ({ LoadBalancerArn }) => ({
    TargetGroups: LoadBalancerArn === undefined ? [...GROUPS, ...IDLE] : GROUPS,
  }),
  DescribeLoadBalancers: () => ({
    LoadBalancers: [
      {
        LoadBalancerArn: LB,
        LoadBalancerName: 'web',
        VpcId: 'vpc-1',
        State: { Code: 'active' },
        SecurityGroups: ['sg-alb', 'sg-base'],
        AvailabilityZones: ['a', 'b'].map((zone) => ({ ZoneName: `us-east-1${zone}`, SubnetId: `subnet-${zone}` })),
      },
    ],
  }),
  DescribeListeners: () => ({
    Listeners: [443, 80, 8080].map((Port) => ({ ListenerArn: listenerArn(Port), Port, Protocol: 'HTTP' })),
  }),
  DescribeRules: ({ ListenerArn = '' }) => ({ Rules: rules(ListenerArn) }),
  DescribeLoadBalancerAttributes: () => ({
    Attributes: pairs({ 'idle_timeout.timeout_seconds': '60', 'access_logs.s3.enabled': 'false' }),
  }),
  DescribeTargetGroupAttributes: () => ({
    Attributes: pairs({ 'deregistration_delay.timeout_seconds': '300', 'stickiness.enabled': 'false' }),
  }),
  DescribeTags: ({ ResourceArns = [] }) => ({
    TagDescriptions: ResourceArns.map((ResourceArn) => ({
      ResourceArn,
      Tags: pairs({ owner: ResourceArn.slice(-3), team: 'shop', runbook: 'https://wiki/web' }),
    })),
  }),
  DescribeTargetHealth: ({ TargetGroupArn = '' }) => ({
    TargetHealthDescriptions: (TARGETS[TargetGroupArn.split('/')[1] ?? ''] ?? []).map((Id, n) => ({
      Target: { Id, Port: 8080, AvailabilityZone: n % 2 === 0 ? 'us-east-1a' : 'us-east-1b' },
      HealthCheckPort: '8080',
      TargetHealth: health(n),
    })),
  }),
  GetMetricData: ({ MetricDataQueries = [] }) => ({ MetricDataResults: MetricDataQueries.map(series) }),
  DescribeNetworkInterfaces: ({ Filters = [] }) => ({
    NetworkInterfaces: Filters.some(({ Name }) => Name === 'description')
      ? ['a', 'b'].map((zone, n) => networkInterface(`eni-${zone}`, `10.0.${n}.5`, { SubnetId: `subnet-${zone}` }))
      : API.slice(1).map((address, n) =>
          networkInterface(`eni-api-${n}`, address, {
            SubnetId: `subnet-app-${n % 2}`,
            TagSet: pairs({ 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'api' }),
          }),
        ),
  }),
  DescribeSecurityGroups: () => ({
    SecurityGroups: ['sg-alb', 'sg-app', 'sg-base'].map((GroupId) => ({
      GroupId,
      GroupName: GroupId,
      VpcId: 'vpc-1',
      IpPermissions: [permission(443), permission(9090, 'sg-alb', 'sg-base'), permission(22)],
      IpPermissionsEgress: [permission(8080, 'sg-app'), permission(443), permission(9090)],
      Tags: pairs({ Name: GroupId, team: 'net' }),
    })),
  }),
  DescribeNetworkAcls: () => ({
    NetworkAcls: ['acl-2', 'acl-1'].map((NetworkAclId, n) => ({
      NetworkAclId,
      IsDefault: n === 0,
      Associations: [{ SubnetId: `subnet-app-${n}` }, { SubnetId: n === 0 ? 'subnet-a' : 'subnet-b' }],
      Entries: [100, 90, 32767].flatMap((RuleNumber) =>
        [true, false].map((Egress) => ({
          RuleNumber,
          Egress,
          Protocol: '-1',
          RuleAction: RuleNumber === 32767 ? 'deny' : 'allow',
          CidrBlock: RuleNumber === 90 ? '10.0.0.0/16' : '0.0.0.0/0',
        })),
      ),
    })),
  }),
  DescribeSubnets: () => ({
    Subnets: ['subnet-a', 'subnet-b', 'subnet-app-0', 'subnet-app-1'].map((SubnetId, n) => ({
      SubnetId,
      VpcId: 'vpc-1',
      AvailabilityZone: n % 2 === 0 ? 'us-east-1a' : 'us-east-1b',
      CidrBlock: `10.0.${n < 2 ? n : n + 8}.0/24`,
    })),
  }),
  DescribeRouteTables: () => ({
    RouteTables: ['rtb-2', 'rtb-1'].map((RouteTableId, n) => ({
      RouteTableId,
      VpcId: 'vpc-1',
      Associations: n === 0 ? [{ Main: true }] : [{ SubnetId: 'subnet-b' }, { SubnetId: 'subnet-a' }],
      Routes: [
        { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
        { DestinationPrefixListId: 'pl-1', GatewayId: 'vpce-1', State: 'blackhole' },
      ],
    })),
  }),
  GetManagedPrefixListEntries: () => ({ Entries: [{ Cidr: '192.0.2.0/24' }, { Cidr: '198.51.100.0/24' }] }),
  DescribeInstances: () => ({
    Reservations: [0, 1].map((half) => ({
      Instances: WEB.map(instance).filter((_, n) => n % 2 === half),
    })),
  }),
  DescribeInstanceStatus: ({ InstanceIds = [] }) => ({
    InstanceStatuses: InstanceIds.map((InstanceId) => ({
      InstanceId,
      SystemStatus: { Status: 'ok' },
      InstanceStatus: { Status: 'ok' },
      ApplicationStatus: { Status: 'impaired', ImpairedSince: ago(10) },
      Events: [
        { Code: 'system-reboot', Description: 'b', NotBefore: ago(-900) },
        { Code: 'instance-retirement', Description: 'a', NotBefore: ago(-800) },
      ],
    })),
  }),
  DescribeApplicationStatus: ({ InstanceIds = [] }) => ({
    ApplicationStatuses: {
      Instances: InstanceIds.map((InstanceId) => ({
        InstanceId,
        ApplicationStatus: {
          Status: 'impaired',
          Details: ['check-b', 'check-a'].map((ApplicationStatusCheckId) => ({
            ApplicationStatusCheckId,
            Status: 'failed',
            StatusSince: ago(10),
            Reason: { Code: 'ConnectionTimeout' },
          })),
        },
      })),
    },
  }),
  DescribeApplicationStatusChecks: () => ({
    ApplicationStatusChecks: ['check-a', 'check-b'].map((ApplicationStatusCheckId) => ({
      ApplicationStatusCheckId,
      Port: 8080,
      Path: `/${ApplicationStatusCheckId}`,
    })),
  }),
  DescribeInstanceCreditSpecifications: ({ InstanceIds = [] }) => ({
    InstanceCreditSpecifications: InstanceIds.map((InstanceId) => ({ InstanceId, CpuCredits: 'standard' })),
  }),
  GetConsoleOutput: () => ({ Output: '', Timestamp: ago(5) }),
  DescribeAutoScalingInstances: ({ InstanceIds = [] }) => ({ AutoScalingInstances: InstanceIds.map(member) }),
  DescribeAutoScalingGroups: () => ({ AutoScalingGroups: named(9, 'asg').map(scalingGroup) }),
  DescribeScalingActivities: () => ({
    Activities: ['i-8', 'i-9'].map((id) => ({
      StartTime: ago(14),
      EndTime: ago(13),
      Description: `Launching a new EC2 instance: ${id}`,
      Cause: `At ${ago(14).toISOString()} an instance was started in response to a difference`,
      StatusCode: 'Successful',
    })),
  }),
  DescribeInstanceRefreshes: () => ({ InstanceRefreshes: [] }),
  ListClusters: () => ({ clusterArns: ['prod', 'test', 'api'].map((name) => ecsArn('cluster', name)) }),
  ListServices: () => ({ serviceArns: ['api', 'web', 'jobs'].map((name) => ecsArn('service', `prod/${name}`)) }),
  DescribeServices: ({ services = [] }) => ({ services: services.map(service) }),
  ListTasks: ({ serviceName = '', desiredStatus }) => ({
    taskArns: tasksOf(serviceName).flatMap((task) => (task.desiredStatus === desiredStatus ? [task.taskArn] : [])),
  }),
  DescribeTasks: ({ tasks = [] }) => ({
    tasks: ['api', 'web', 'jobs'].flatMap(tasksOf).filter(({ taskArn }) => tasks.includes(taskArn)),
  }),
  DescribeTaskDefinition: ({ taskDefinition }) => ({
    taskDefinition: {
      taskDefinitionArn: taskDefinition,
      containerDefinitions: ['side', 'app'].map((name) => ({
        name,
        portMappings: [9090, 8080].map((containerPort) => ({ containerPort })),
      })),
    },
  }),
  LookupEvents: () => ({ Events: calls }),
  DescribeAlarmHistory: () => ({
    AlarmHistoryItems: [5, 1500, 3000].map((minutes) => ({
      Timestamp: ago(minutes),
      HistorySummary: 'Alarm updated from OK to ALARM',
    })),
  }),
  ListTagsForResource: () => ({ Tags: pairs({ team: 'shop', severity: 'high' }) }),
  ListAlarmMuteRules: () => ({
    AlarmMuteRuleSummaries: named(5, 'rule').map((name) => ({
      AlarmMuteRuleArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:${name}`,
    })),
  }),
  GetAlarmMuteRule: () => ({ Description: 'night' }),
};

/** Where AWS cuts pages. CloudTrail gives the newest first, and only so many pages of it are read. */
const PAGED = [
  'TargetGroups',
  'Listeners',
  'Rules',
  'NetworkInterfaces',
  'SecurityGroups',
  'NetworkAcls',
  'Subnets',
  'RouteTables',
  'Reservations',
  'InstanceStatuses',
  'AutoScalingInstances',
  'AutoScalingGroups',
  'MetricDataResults',
  'ApplicationStatusChecks',
  'InstanceCreditSpecifications',
  'clusterArns',
  'serviceArns',
  'taskArns',
  'AlarmMuteRuleSummaries',
  'Entries',
];
/** What AWS gives in an order that it promises. */
const IN_PLACE = new Set(['Actions', 'Timestamps', 'Values', 'events', 'deployments', 'AlarmHistoryItems']);

/** The same answer in another order, cut into pages elsewhere; by the same seed, the same. */
aws.send = (operation, asked) => {
  const { nextPage = '0', ...input } = asked as Asked & { nextPage?: string };
  const answer = ANSWERS[operation]?.(input);
  if (answer === undefined) throw new Error(`nobody expected ${operation}`);
  if (aws.seed === 0) return answer;
  const roll = dice(aws.seed + operation.length);
  const otherwise = deeplyShuffled(answer, roll, IN_PLACE) as Record<string, unknown>;
  const [field, items] = Object.entries(otherwise).find(([name]) => PAGED.includes(name)) ?? [];
  if (field === undefined || !Array.isArray(items)) return otherwise;
  const [from, to] = [Number(nextPage), Number(nextPage) + 1 + Math.floor(roll() * 4)];
  return { ...otherwise, [field]: items.slice(from, to), ...(to < items.length && { nextPage: String(to) }) };
};

async function collectedBy(seed: number): Promise<Snapshot> {
  aws.seed = seed;
  const { question } = aSnapshot({ trigger: { kind: 'alarm', at: NOW, alarmName: 'web-5xx', contributor: {} } });
  const snapshot = await collect(question, anAws(), '1.2.3');
  // How many calls it took is another matter: that is for whoever cuts the pages to say.
  const evidence = Object.entries(snapshot.evidence).map(([key, observed]) => [key, { ...observed, source: [] }]);
  return { ...snapshot, cost: aSnapshot().cost, evidence: Object.fromEntries(evidence) };
}

const asListed = await collectedBy(0);
const told = (snapshot: Snapshot) => {
  const diagnosis = diagnose(snapshot, CAUSES);
  return { mail: renderEmail(diagnosis), json: JSON.stringify(renderJson(diagnosis)) };
};

test('every piece of evidence that takes a call is seen', () => {
  const unseen = Object.entries(asListed.evidence).filter(([, observed]) => !observed.seen);
  const offUnlessAskedFor = ['logPlaces', 'accessLog', 'connectionLog', 'healthCheckLog'];
  expect(unseen.map(([key]) => key)).toEqual(['webAcl', ...offUnlessAskedFor]);
  expect(told(asListed).mail).toContain('sg-app');
});

test.each([1, 2, 3, 4, 5])('whatever order AWS lists in, and wherever it cuts pages: seed %i', async (seed) => {
  const snapshot = await collectedBy(seed);
  for (const key of EVIDENCE_KEYS) {
    expect(JSON.stringify(snapshot.evidence[key]), key).toBe(JSON.stringify(asListed.evidence[key]));
  }
  expect(told(snapshot)).toEqual(told(asListed));
});
