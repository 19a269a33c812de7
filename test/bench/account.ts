/**
 * An account with an incident, as AWS's answers to whoever asks: one load balancer, its groups shared out among its
 * targets. Ten minutes ago the rule that admitted the load balancer was taken out of the security group of the targets,
 * and nothing of the first group has answered since.
 */
export interface AccountSize {
  readonly targets: number;
  readonly groups: number;
  /** Fargate tasks of one ECS service a group, where the targets are no instances. */
  readonly containers: boolean;
  /** Other teams' calls that CloudTrail holds of the hour: a handful, or thousands; or it may not be asked. */
  readonly trail: 'quiet' | 'busy' | 'denied';
}

export interface AwsRequest {
  /** As in IAM: `ec2:DescribeInstances`. */
  readonly action: string;
  readonly query: URLSearchParams;
  /** Of the JSON protocols. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** `denied` and `absent` are refused. */
type Answer = (request: AwsRequest) => string;
export type Answers = Readonly<Record<string, Answer>>;

export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';
const ELB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
export const LOAD_BALANCER = `${ELB}:loadbalancer/app/web/0123456789abcdef`;
const LISTENER = `${ELB}:listener/app/web/0123456789abcdef/1111111111111111`;
const ZONES = [
  { zone: `${REGION}a`, subnet: 'subnet-0aaaaaaaaaaaaaaaa', block: '10.0.0.0/18' },
  { zone: `${REGION}b`, subnet: 'subnet-0bbbbbbbbbbbbbbbb', block: '10.0.64.0/18' },
] as const;
const VPC = 'vpc-0123456789abcdef0';
const EDGE = 'sg-0eeeeeeeeeeeeeeee';
const APP = 'sg-0aaaaaaaaaaaaaaaa';
const MINUTE = 60_000;
const MINUTES_ILL = 10;

export function anAccount({ targets, groups, containers, trail }: AccountSize): Answers {
  const all = Array.from({ length: targets }, (_, index) => targetAt(index, groups, containers));
  const groupNames = Array.from({ length: groups }, (_, index) => `app-${index}`);
  const taskFamily = (name: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${name}:7`;
  const now = Date.now();
  const changedAt = now - (MINUTES_ILL + 1) * MINUTE;

  const groupXml = (name: string) => `<member>
    <TargetGroupArn>${groupArn(name)}</TargetGroupArn><TargetGroupName>${name}</TargetGroupName><Protocol>HTTP</Protocol>
    <Port>8080</Port><VpcId>${VPC}</VpcId><HealthCheckProtocol>HTTP</HealthCheckProtocol><HealthCheckPort>traffic-port</HealthCheckPort>
    <HealthCheckEnabled>true</HealthCheckEnabled><HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds>
    <HealthCheckTimeoutSeconds>5</HealthCheckTimeoutSeconds><HealthyThresholdCount>5</HealthyThresholdCount>
    <UnhealthyThresholdCount>2</UnhealthyThresholdCount><HealthCheckPath>/health</HealthCheckPath><Matcher><HttpCode>200</HttpCode></Matcher>
    <LoadBalancerArns><member>${LOAD_BALANCER}</member></LoadBalancerArns><TargetType>${containers ? 'ip' : 'instance'}</TargetType>
    <ProtocolVersion>HTTP1</ProtocolVersion><IpAddressType>ipv4</IpAddressType></member>`;

  const healthXml = ({ id, zone, ill }: Target) =>
    `<member><Target><Id>${id}</Id><Port>8080</Port>${
      containers ? `<AvailabilityZone>${zone}</AvailabilityZone>` : ''
    }</Target><HealthCheckPort>8080</HealthCheckPort><TargetHealth>${
      ill
        ? '<State>unhealthy</State><Reason>Target.Timeout</Reason><Description>Request timed out</Description>'
        : '<State>healthy</State>'
    }</TargetHealth></member>`;

  const elb: Record<string, Answer> = {
    DescribeLoadBalancers: () => `<LoadBalancers><member><LoadBalancerArn>${LOAD_BALANCER}</LoadBalancerArn>
      <DNSName>web-1234567890.${REGION}.elb.amazonaws.com</DNSName><CanonicalHostedZoneId>Z35SXDOTRQ7X7K</CanonicalHostedZoneId>
      <CreatedTime>2025-01-10T09:00:00Z</CreatedTime><LoadBalancerName>web</LoadBalancerName><Scheme>internet-facing</Scheme>
      <VpcId>${VPC}</VpcId><State><Code>active</Code></State><Type>application</Type><AvailabilityZones>${ZONES.map(
        ({ zone, subnet }) => `<member><ZoneName>${zone}</ZoneName><SubnetId>${subnet}</SubnetId></member>`,
      ).join('')}</AvailabilityZones><SecurityGroups><member>${EDGE}</member></SecurityGroups>
      <IpAddressType>ipv4</IpAddressType></member></LoadBalancers>`,
    DescribeTargetGroups: () => `<TargetGroups>${groupNames.map(groupXml).join('')}</TargetGroups>`,
    DescribeListeners:
      () => `<Listeners><member><ListenerArn>${LISTENER}</ListenerArn><LoadBalancerArn>${LOAD_BALANCER}</LoadBalancerArn>
      <Port>80</Port><Protocol>HTTP</Protocol><DefaultActions>${forwardXml('app-0')}</DefaultActions></member></Listeners>`,
    DescribeRules: () =>
      `<Rules>${groupNames
        .map(
          (name, index) => `<member><RuleArn>${LISTENER.replace('listener', 'listener-rule')}/${index}</RuleArn>
        <Priority>${index === 0 ? 'default' : index}</Priority><IsDefault>${index === 0}</IsDefault><Conditions>${
          index === 0
            ? ''
            : `<member><Field>path-pattern</Field><PathPatternConfig><Values><member>/app-${index}/*</member></Values></PathPatternConfig></member>`
        }</Conditions><Actions>${forwardXml(name)}</Actions></member>`,
        )
        .join('')}</Rules>`,
    DescribeLoadBalancerAttributes: () =>
      attributesXml({ 'idle_timeout.timeout_seconds': '60', 'access_logs.s3.enabled': 'false' }),
    DescribeTargetGroupAttributes: () =>
      attributesXml({ 'deregistration_delay.timeout_seconds': '300', 'stickiness.enabled': 'false' }),
    DescribeTags: ({ query }) =>
      `<TagDescriptions>${listed(query, 'ResourceArns.member.')
        .map(
          (arn) =>
            `<member><ResourceArn>${arn}</ResourceArn><Tags><member><Key>team</Key><Value>shop</Value></member></Tags></member>`,
        )
        .join('')}</TagDescriptions>`,
    DescribeTargetHealth: ({ query }) =>
      `<TargetHealthDescriptions>${all
        .filter(({ group }) => groupArn(group) === query.get('TargetGroupArn'))
        .map(healthXml)
        .join('')}</TargetHealthDescriptions>`,
  };

  const asked = (query: URLSearchParams): ReadonlySet<string> =>
    new Set([...query].flatMap(([key, value]) => (/^Filter\.\d+\.Value\.\d+$/.test(key) ? value : [])));

  const ec2: Record<string, Answer> = {
    DescribeInstances: ({ query }) => {
      const ids = asked(query);
      return `<reservationSet>${all
        .filter(({ id }) => ids.has(id))
        .map(instanceXml)
        .join('')}</reservationSet>`;
    },
    DescribeInstanceStatus: ({ query }) => {
      const ids = new Set([...query].flatMap(([key, value]) => (key.startsWith('InstanceId.') ? value : [])));
      return `<instanceStatusSet>${all
        .filter(({ id }) => ids.has(id))
        .map(
          ({ id, zone }) => `<item><instanceId>${id}</instanceId><availabilityZone>${zone}</availabilityZone>
          <instanceState><code>16</code><name>running</name></instanceState>${['system', 'instance']
            .map(
              (of) =>
                `<${of}Status><status>ok</status><details><item><name>reachability</name><status>passed</status></item></details></${of}Status>`,
            )
            .join('')}</item>`,
        )
        .join('')}</instanceStatusSet>`;
    },
    DescribeSecurityGroups: () =>
      `<securityGroupInfo>${[
        groupOfSecurity(
          EDGE,
          'edge',
          '<item><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>80</toPort><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item>',
        ),
        groupOfSecurity(
          APP,
          'app',
          '<item><ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort><ipRanges><item><cidrIp>10.9.0.0/16</cidrIp></item></ipRanges></item>',
        ),
      ].join('')}</securityGroupInfo>`,
    DescribeNetworkAcls:
      () => `<networkAclSet><item><networkAclId>acl-0123456789abcdef0</networkAclId><vpcId>${VPC}</vpcId><default>true</default>
      <entrySet>${['false', 'true']
        .map(
          (egress) =>
            `<item><ruleNumber>100</ruleNumber><protocol>-1</protocol><ruleAction>allow</ruleAction><egress>${egress}</egress><cidrBlock>0.0.0.0/0</cidrBlock></item>`,
        )
        .join('')}</entrySet><associationSet>${ZONES.map(
        ({ subnet }, index) =>
          `<item><networkAclAssociationId>aclassoc-${index}</networkAclAssociationId><networkAclId>acl-0123456789abcdef0</networkAclId><subnetId>${subnet}</subnetId></item>`,
      ).join('')}</associationSet></item></networkAclSet>`,
    DescribeSubnets: () =>
      `<subnetSet>${ZONES.map(
        ({
          zone,
          subnet,
          block,
        }) => `<item><subnetId>${subnet}</subnetId><state>available</state><vpcId>${VPC}</vpcId><cidrBlock>${block}</cidrBlock>
      <availableIpAddressCount>9000</availableIpAddressCount><availabilityZone>${zone}</availabilityZone></item>`,
      ).join('')}</subnetSet>`,
    DescribeRouteTables:
      () => `<routeTableSet><item><routeTableId>rtb-0123456789abcdef0</routeTableId><vpcId>${VPC}</vpcId><routeSet>
      <item><destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state><origin>CreateRouteTable</origin></item>
      <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><gatewayId>igw-0123456789abcdef0</gatewayId><state>active</state><origin>CreateRoute</origin></item>
      </routeSet><associationSet><item><routeTableAssociationId>rtbassoc-1</routeTableAssociationId><main>true</main></item></associationSet></item></routeTableSet>`,
    DescribeNetworkInterfaces: ({ query }) => {
      const wanted = asked(query);
      const own = ZONES.map((place, index) =>
        interfaceXml(`eni-0edge${index}`, 'ELB app/web/0123456789abcdef', place, `10.0.${index * 64}.10`, EDGE),
      );
      const isOwn = [...wanted].some((value) => value.startsWith('ELB '));
      const ofTasks = all
        .filter(({ id }) => containers && wanted.has(id))
        .map(({ id, place, index }) =>
          interfaceXml(`eni-0task${index}`, `arn:aws:ecs:${REGION}:${ACCOUNT}:attachment/${index}`, place, id, APP),
        );
      return `<networkInterfaceSet>${(isOwn ? own : ofTasks).join('')}</networkInterfaceSet>`;
    },
    DescribeInstanceCreditSpecifications: () => '<instanceCreditSpecificationSet/>',
    DescribeApplicationStatus: () => '<applicationStatusesResponseType/>',
    DescribeApplicationStatusChecks: () => '<applicationStatusCheckSet/>',
    GetManagedPrefixListEntries: () => '<entrySet/>',
    GetConsoleOutput: ({ query }) =>
      `<instanceId>${query.get('InstanceId')}</instanceId><timestamp>${new Date(now).toISOString()}</timestamp><output>${Buffer.from('[    0.0] Linux version 6.1\n'.repeat(500)).toString('base64')}</output>`,
  };

  const autoScaling: Record<string, Answer> = {
    DescribeAutoScalingInstances: () => '<AutoScalingInstances/>',
    DescribeAutoScalingGroups: () => '<AutoScalingGroups/>',
    DescribeScalingActivities: () => '<Activities/>',
    DescribeInstanceRefreshes: () => '<InstanceRefreshes/>',
  };

  const cloudWatch: Record<string, Answer> = {
    GetMetricData: ({ input }) => {
      const { StartTime = 0, EndTime = 0, MetricDataQueries: queries = [] } = input as unknown as MetricQuestion;
      const results = queries.flatMap(({ Id, Expression, MetricStat }) => {
        if (Expression !== undefined) return [];
        const name = MetricStat?.Metric.MetricName ?? '';
        const dimensions = Object.fromEntries(
          (MetricStat?.Metric.Dimensions ?? []).map((one) => [one.Name, one.Value]),
        );
        const period = MetricStat?.Period ?? 60;
        const value = datapointOf(name, dimensions);
        if (value === undefined) return [{ Id, Label: name, Timestamps: [], Values: [], StatusCode: 'Complete' }];
        const times = Array.from(
          { length: Math.floor((EndTime - StartTime) / period) },
          (_, slot) => StartTime + slot * period,
        ).filter((time) => time * 1000 < now);
        const values = times.map((time) => value(time * 1000 >= now - MINUTES_ILL * MINUTE));
        const sent = times.flatMap((time, slot) => (values[slot] === null ? [] : [{ time, value: values[slot] }]));
        return [
          {
            Id,
            Label: name,
            Timestamps: sent.map(({ time }) => time),
            Values: sent.map((each) => each.value),
            StatusCode: 'Complete',
          },
        ];
      });
      return JSON.stringify({ MetricDataResults: results, Messages: [] });
    },
    DescribeAlarms: () => JSON.stringify({ MetricAlarms: [], CompositeAlarms: [] }),
    DescribeAlarmHistory: () => JSON.stringify({ AlarmHistoryItems: [] }),
    DescribeAlarmContributors: () => JSON.stringify({ AlarmContributors: [] }),
    ListAlarmMuteRules: () => JSON.stringify({ AlarmMuteRuleSummaries: [] }),
    ListTagsForResource: () => JSON.stringify({ Tags: [] }),
  };

  const revoked = trailEvent('RevokeSecurityGroupIngress', 'ec2.amazonaws.com', changedAt, [APP], {
    groupId: APP,
    ipPermissions: {
      items: [
        { ipProtocol: 'tcp', fromPort: 8080, toPort: 8080, groups: { items: [{ groupId: EDGE }] }, ipRanges: {} },
      ],
    },
  });
  const others = Array.from({ length: trail === 'busy' ? 4000 : 12 }, (_, index) =>
    trailEvent('RunTask', 'ecs.amazonaws.com', now - index * 1500, [`batch-${index}`], {
      taskDefinition: `batch-${index}`,
    }),
  );
  const cloudTrail: Record<string, Answer> = {
    LookupEvents: ({ input }) => {
      if (trail === 'denied') return 'denied';
      const { LookupAttributes = [], NextToken = '0', MaxResults = 50 } = input as unknown as TrailQuestion;
      const [attribute] = LookupAttributes;
      const found = [...others, revoked]
        .sort((a, b) => b.EventTime - a.EventTime)
        .filter((event) => {
          if (attribute === undefined) return true;
          const { AttributeKey: key, AttributeValue: value } = attribute;
          if (key === 'ResourceName') return event.Resources.some(({ ResourceName }) => ResourceName === value);
          return key === 'ReadOnly' ? event.ReadOnly === value : event[key] === value;
        });
      const from = Number(NextToken);
      const next = from + MaxResults;
      return JSON.stringify({
        Events: found.slice(from, next),
        ...(next < found.length ? { NextToken: String(next) } : {}),
      });
    },
  };

  const serviceOf = (name: string) => ({
    serviceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/${name}`,
    serviceName: name,
    clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`,
    loadBalancers: [{ targetGroupArn: groupArn(name), containerName: 'app', containerPort: 8080 }],
    status: 'ACTIVE',
    desiredCount: all.filter(({ group }) => group === name).length,
    runningCount: all.filter(({ group }) => group === name).length,
    pendingCount: 0,
    taskDefinition: taskFamily(name),
    networkConfiguration: {
      awsvpcConfiguration: { subnets: ZONES.map(({ subnet }) => subnet), securityGroups: [APP] },
    },
    deployments: [
      {
        id: `ecs-svc/${name}`,
        status: 'PRIMARY',
        rolloutState: 'COMPLETED',
        taskDefinition: taskFamily(name),
        createdAt: now / 1000 - 864_000,
        updatedAt: now / 1000 - 864_000,
        desiredCount: 1,
        runningCount: 1,
        pendingCount: 0,
        failedTasks: 0,
      },
    ],
    events: Array.from({ length: 100 }, (_, index) => ({
      id: `event-${index}`,
      createdAt: now / 1000 - 21_600 * (index + 1),
      message: `(service ${name}) has reached a steady state.`,
    })),
  });
  const taskArn = (index: number) =>
    `arn:aws:ecs:${REGION}:${ACCOUNT}:task/prod/${index.toString(16).padStart(32, '0')}`;
  const ecs: Record<string, Answer> = {
    ListClusters: () =>
      JSON.stringify({ clusterArns: containers ? [`arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`] : [] }),
    ListServices: () => JSON.stringify({ serviceArns: groupNames.map((name) => serviceOf(name).serviceArn) }),
    DescribeServices: ({ input }) =>
      JSON.stringify({
        services: (input.services as string[]).map((name) => serviceOf(name.slice(name.lastIndexOf('/') + 1))),
        failures: [],
      }),
    ListTasks: ({ input }) => {
      const {
        serviceName = '',
        desiredStatus = '',
        nextToken = '0',
        maxResults = 100,
      } = input as unknown as TaskQuestion;
      const own = desiredStatus === 'STOPPED' ? [] : all.filter(({ group }) => group === serviceName);
      const from = Number(nextToken);
      const next = from + maxResults;
      return JSON.stringify({
        taskArns: own.slice(from, next).map(({ index }) => taskArn(index)),
        ...(next < own.length ? { nextToken: String(next) } : {}),
      });
    },
    DescribeTasks: ({ input }) =>
      JSON.stringify({
        failures: [],
        tasks: (input.tasks as string[]).map((arn) => {
          const index = Number.parseInt(arn.slice(arn.lastIndexOf('/') + 1), 16);
          const { id, group, zone } = targetAt(index, groups, true);
          return {
            taskArn: taskArn(index),
            clusterArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`,
            group: `service:${group}`,
            lastStatus: 'RUNNING',
            desiredStatus: 'RUNNING',
            launchType: 'FARGATE',
            availabilityZone: zone,
            cpu: '512',
            memory: '1024',
            taskDefinitionArn: taskFamily(group),
            createdAt: now / 1000 - 86_400,
            startedAt: now / 1000 - 86_300,
            attachments: [
              {
                id: `${index}`,
                type: 'ElasticNetworkInterface',
                status: 'ATTACHED',
                details: [
                  { name: 'networkInterfaceId', value: `eni-0task${index}` },
                  { name: 'privateIPv4Address', value: id },
                ],
              },
            ],
            containers: [
              {
                name: 'app',
                lastStatus: 'RUNNING',
                healthStatus: 'UNKNOWN',
                networkInterfaces: [{ privateIpv4Address: id }],
              },
            ],
          };
        }),
      }),
    DescribeTaskDefinition: ({ input }) =>
      JSON.stringify({
        taskDefinition: {
          taskDefinitionArn: input.taskDefinition,
          networkMode: 'awsvpc',
          cpu: '512',
          memory: '1024',
          containerDefinitions: [
            { name: 'app', image: 'app:7', essential: true, portMappings: [{ containerPort: 8080, protocol: 'tcp' }] },
          ],
        },
      }),
    DescribeContainerInstances: () => JSON.stringify({ containerInstances: [] }),
  };

  return {
    ...named('elasticloadbalancing', elb),
    ...named('ec2', ec2),
    ...named('autoscaling', autoScaling),
    ...named('cloudwatch', cloudWatch),
    ...named('cloudtrail', cloudTrail),
    ...named('ecs', ecs),
    'wafv2:GetWebACLForResource': () => '{}',
    'sns:Publish': () => '<MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId>',
  };

  function datapointOf(
    name: string,
    { TargetGroup, AvailabilityZone }: Readonly<Record<string, string>>,
  ): ((ill: boolean) => number | null) | undefined {
    const ofIll =
      TargetGroup === undefined ? !AvailabilityZone || groups > 0 : TargetGroup.startsWith('targetgroup/app-0/');
    const share = 1 / groups;
    switch (name) {
      case 'RequestCount':
        return () => (TargetGroup === undefined ? 1200 : 1200 * share);
      case 'HTTPCode_ELB_5XX_Count':
      case 'HTTPCode_ELB_504_Count':
        return (ill) => (ill && ofIll ? Math.round(1200 * share) : null);
      case 'HTTPCode_Target_2XX_Count':
        return (ill) =>
          TargetGroup === undefined ? 1200 - (ill ? Math.round(1200 * share) : 0) : ill && ofIll ? null : 1200 * share;
      case 'TargetConnectionErrorCount':
        return (ill) => (ill && ofIll ? Math.round(1200 * share) : null);
      case 'HealthyHostCount':
        return (ill) => (ill && ofIll ? 0 : Math.ceil(targets * share));
      case 'UnHealthyHostCount':
        return (ill) => (ill && ofIll ? Math.ceil(targets * share) : 0);
      case 'ActiveConnectionCount':
        return () => 300;
      case 'ConsumedLCUs':
        return () => 2;
      case 'CPUUtilization':
        return () => 12;
      case 'StatusCheckFailed':
      case 'StatusCheckFailed_Instance':
      case 'StatusCheckFailed_System':
        return () => 0;
      default:
        return undefined;
    }
  }
}

interface MetricQuestion {
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Period: number;
      readonly Metric: {
        readonly MetricName: string;
        readonly Dimensions?: readonly { Name: string; Value: string }[];
      };
    };
  }[];
}

interface TrailQuestion {
  readonly LookupAttributes?: readonly {
    readonly AttributeKey: 'EventName' | 'EventSource' | 'Username' | 'ResourceName' | 'ReadOnly';
    readonly AttributeValue: string;
  }[];
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface TaskQuestion {
  readonly serviceName?: string;
  readonly desiredStatus?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

interface Target {
  readonly index: number;
  readonly id: string;
  readonly group: string;
  readonly place: (typeof ZONES)[number];
  readonly zone: string;
  readonly address: string;
  readonly ill: boolean;
}

function targetAt(index: number, groups: number, containers: boolean): Target {
  const place = ZONES[index % 2] ?? ZONES[0];
  const address = `10.0.${(index % 2) * 64 + 1 + Math.floor(index / 400)}.${1 + (Math.floor(index / 2) % 200)}`;
  const id = containers ? address : `i-${index.toString(16).padStart(17, '0')}`;
  return { index, id, group: `app-${index % groups}`, place, zone: place.zone, address, ill: index % groups === 0 };
}

function groupArn(name: string): string {
  const number = Number(name.slice(name.lastIndexOf('-') + 1));
  return `${ELB}:targetgroup/${name}/${number.toString(16).padStart(16, '0')}`;
}

function forwardXml(name: string): string {
  return `<member><Type>forward</Type><TargetGroupArn>${groupArn(name)}</TargetGroupArn><ForwardConfig><TargetGroups><member>
    <TargetGroupArn>${groupArn(name)}</TargetGroupArn><Weight>1</Weight></member></TargetGroups></ForwardConfig></member>`;
}

function attributesXml(values: Readonly<Record<string, string>>): string {
  const members = Object.entries(values).map(
    ([key, value]) => `<member><Key>${key}</Key><Value>${value}</Value></member>`,
  );
  return `<Attributes>${members.join('')}</Attributes>`;
}

function groupOfSecurity(id: string, name: string, ingress: string): string {
  return `<item><ownerId>${ACCOUNT}</ownerId><groupId>${id}</groupId><groupName>${name}</groupName><groupDescription>${name}</groupDescription>
    <vpcId>${VPC}</vpcId><ipPermissions>${ingress}</ipPermissions><ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><ipRanges>
    <item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges></item></ipPermissionsEgress></item>`;
}

function interfaceXml(
  id: string,
  description: string,
  { zone, subnet }: (typeof ZONES)[number],
  address: string,
  group: string,
): string {
  return `<item><networkInterfaceId>${id}</networkInterfaceId><subnetId>${subnet}</subnetId><vpcId>${VPC}</vpcId>
    <availabilityZone>${zone}</availabilityZone><description>${description}</description><ownerId>${ACCOUNT}</ownerId><status>in-use</status>
    <interfaceType>interface</interfaceType><privateIpAddress>${address}</privateIpAddress><groupSet><item><groupId>${group}</groupId></item></groupSet>
    <privateIpAddressesSet><item><privateIpAddress>${address}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet></item>`;
}

/** Of about the size that AWS sends: ten kilobytes an instance. */
function instanceXml({ id, index, zone, place, address }: Target): string {
  const tags = Array.from(
    { length: 20 },
    (_, tag) => `<item><key>cost:allocation:${tag}</key><value>${'shop-platform '.repeat(8)}</value></item>`,
  );
  const volumes = Array.from(
    { length: 4 },
    (_, disk) => `<item><deviceName>/dev/xvd${'abcd'[disk]}</deviceName><ebs><volumeId>vol-${index}${disk}</volumeId>
    <status>attached</status><attachTime>2026-01-01T00:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item>`,
  );
  return `<item><reservationId>r-${index}</reservationId><ownerId>${ACCOUNT}</ownerId><instancesSet><item><instanceId>${id}</instanceId>
    <imageId>ami-0123456789abcdef0</imageId><instanceState><code>16</code><name>running</name></instanceState><privateDnsName>ip-${index}.ec2.internal</privateDnsName>
    <instanceType>m6i.large</instanceType><launchTime>2026-01-01T00:00:00.000Z</launchTime><placement><availabilityZone>${zone}</availabilityZone>
    <tenancy>default</tenancy></placement><subnetId>${place.subnet}</subnetId><vpcId>${VPC}</vpcId><privateIpAddress>${address}</privateIpAddress>
    <groupSet><item><groupId>${APP}</groupId><groupName>app</groupName></item></groupSet><blockDeviceMapping>${volumes.join('')}</blockDeviceMapping>
    <tagSet>${tags.join('')}</tagSet><networkInterfaceSet><item><networkInterfaceId>eni-${index}</networkInterfaceId><subnetId>${place.subnet}</subnetId>
    <vpcId>${VPC}</vpcId><status>in-use</status><privateIpAddress>${address}</privateIpAddress><groupSet><item><groupId>${APP}</groupId></item></groupSet>
    <attachment><attachmentId>eni-attach-${index}</attachmentId><deviceIndex>0</deviceIndex><networkCardIndex>0</networkCardIndex><status>attached</status></attachment>
    <privateIpAddressesSet><item><privateIpAddress>${address}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet></item></networkInterfaceSet>
    </item></instancesSet></item>`;
}

function trailEvent(name: string, source: string, at: number, resources: readonly string[], requestParameters: object) {
  const eventTime = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const userIdentity = { type: 'IAMUser', userName: 'dana', arn: `arn:aws:iam::${ACCOUNT}:user/dana` };
  const record = {
    eventVersion: '1.11',
    userIdentity,
    eventTime,
    eventSource: source,
    eventName: name,
    awsRegion: REGION,
    userAgent: 'console.amazonaws.com',
    requestParameters,
    responseElements: { _return: true },
    readOnly: false,
  };
  return {
    EventId: `${name}-${at}`,
    EventName: name,
    EventSource: source,
    EventTime: Math.floor(at / 1000),
    ReadOnly: String(record.readOnly),
    Username: 'dana',
    Resources: resources.map((ResourceName) => ({ ResourceName, ResourceType: 'any' })),
    CloudTrailEvent: JSON.stringify(record),
  };
}

function named(service: string, answers: Readonly<Record<string, Answer>>): Record<string, Answer> {
  return Object.fromEntries(Object.entries(answers).map(([operation, answer]) => [`${service}:${operation}`, answer]));
}

function listed(query: URLSearchParams, prefix: string): readonly string[] {
  return [...query].flatMap(([key, value]) => (key.startsWith(prefix) ? value : []));
}
