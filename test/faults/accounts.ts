import { ACCOUNT, type Answers, anAccount, LOAD_BALANCER, REGION } from '../bench/account.ts';

const SIZE = { targets: 4, groups: 1, containers: false, trail: 'quiet' } as const;
const CLUSTER = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:api`;

const DIMENSION = LOAD_BALANCER.slice(LOAD_BALANCER.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
/** Which load balancer is meant, only its contributors tell. */
const ALARM = {
  AlarmName: 'any-5xx',
  AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:any-5xx`,
  StateValue: 'ALARM',
  Metrics: [
    {
      Id: 'q1',
      ReturnData: true,
      Period: 60,
      Expression: 'SELECT SUM(HTTPCode_ELB_5XX_Count) FROM "AWS/ApplicationELB" GROUP BY LoadBalancer',
    },
  ],
  EvaluationPeriods: 1,
};

/**
 * Three accounts between them in which every operation is called that is ever called, by the name that a Region of them
 * begins with. In `instances` and `containers` a security group was closed; the function of `functions` may not be invoked.
 */
export const ACCOUNTS = {
  instances: instances(),
  containers: anAccount({ ...SIZE, containers: true }),
  functions: functions(),
} as const satisfies Readonly<Record<string, Answers>>;

/** Burstable instances of an Auto Scaling group, with checks of EC2's own, a task of ECS each, and rules by prefix list. */
function instances(): Answers {
  const plain = anAccount(SIZE);
  const ids = Array.from({ length: SIZE.targets }, (_, index) => `i-${index.toString(16).padStart(17, '0')}`);
  const now = new Date().toISOString();
  const xml = (action: string, from: string, into: string): Answers => ({
    [action]: (request) => (plain[action]?.(request) ?? '').replaceAll(from, into),
  });
  const member = (id: string) =>
    `<member><InstanceId>${id}</InstanceId><AutoScalingGroupName>web</AutoScalingGroupName><AvailabilityZone>${REGION}a</AvailabilityZone>
    <LifecycleState>InService</LifecycleState><HealthStatus>HEALTHY</HealthStatus></member>`;
  const arnOfTask = (index: number) => `arn:aws:ecs:${REGION}:${ACCOUNT}:task/prod/${String(index).padStart(32, '0')}`;
  return {
    ...plain,
    ...xml('ec2:DescribeInstances', 'm6i.large', 't3.large'),
    ...xml(
      'ec2:DescribeInstanceStatus',
      '</systemStatus>',
      '</systemStatus><applicationStatus><status>impaired</status></applicationStatus>',
    ),
    // The first group of the load balancer: what it may send, and where to.
    ...xml(
      'ec2:DescribeSecurityGroups',
      '<ipProtocol>tcp</ipProtocol><fromPort>22</fromPort><toPort>22</toPort>',
      '<ipProtocol>tcp</ipProtocol><fromPort>8080</fromPort><toPort>8080</toPort><prefixListIds><item><prefixListId>pl-0123456789abcdef0</prefixListId></item></prefixListIds>',
    ),
    'ec2:GetManagedPrefixListEntries': () => '<entrySet><item><cidr>192.0.2.0/24</cidr></item></entrySet>',
    'ec2:DescribeInstanceCreditSpecifications': () =>
      `<instanceCreditSpecificationSet>${ids.map((id) => `<item><instanceId>${id}</instanceId><cpuCredits>unlimited</cpuCredits></item>`).join('')}</instanceCreditSpecificationSet>`,
    'ec2:DescribeApplicationStatus': () =>
      `<applicationStatusesResponseType><instanceSet>${ids
        .map(
          (id) =>
            `<item><instanceId>${id}</instanceId><applicationStatus><status>impaired</status><detailSet><item><applicationStatusCheckId>asc-1</applicationStatusCheckId><status>impaired</status></item></detailSet></applicationStatus></item>`,
        )
        .join('')}</instanceSet></applicationStatusesResponseType>`,
    'ec2:DescribeApplicationStatusChecks': () =>
      '<applicationStatusCheckSet><item><applicationStatusCheckId>asc-1</applicationStatusCheckId><port>8080</port></item></applicationStatusCheckSet>',
    'autoscaling:DescribeAutoScalingInstances': () =>
      `<AutoScalingInstances>${ids.map(member).join('')}</AutoScalingInstances>`,
    'autoscaling:DescribeAutoScalingGroups': () =>
      `<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName><MinSize>4</MinSize><MaxSize>8</MaxSize>
      <DesiredCapacity>4</DesiredCapacity><HealthCheckType>EC2</HealthCheckType><HealthCheckGracePeriod>300</HealthCheckGracePeriod>
      <Instances>${ids.map(member).join('')}</Instances></member></AutoScalingGroups>`,
    'autoscaling:DescribeScalingActivities': () =>
      `<Activities><member><ActivityId>a-1</ActivityId><AutoScalingGroupName>web</AutoScalingGroupName><Description>Launching a new EC2 instance: ${ids[0]}</Description>
      <Cause>At ${now} an instance was launched in response to an instance refresh.</Cause><StartTime>${now}</StartTime><EndTime>${now}</EndTime>
      <StatusCode>Successful</StatusCode><Progress>100</Progress></member></Activities>`,
    'cloudwatch:DescribeAlarms': () => JSON.stringify({ MetricAlarms: [ALARM], CompositeAlarms: [] }),
    'cloudwatch:DescribeAlarmContributors': () =>
      JSON.stringify({
        AlarmContributors: [{ ContributorAttributes: { LoadBalancer: DIMENSION }, StateReason: 'Threshold Crossed' }],
      }),
    'cloudwatch:ListAlarmMuteRules': () =>
      JSON.stringify({
        AlarmMuteRuleSummaries: [
          { AlarmMuteRuleArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm-mute-rule:night`, Status: 'ACTIVE' },
        ],
      }),
    'cloudwatch:GetAlarmMuteRule': () => JSON.stringify({ Name: 'night', Description: 'nightly load test' }),
    'ecs:ListClusters': () => JSON.stringify({ clusterArns: [CLUSTER] }),
    'ecs:ListServices': (request) => anAccount({ ...SIZE, containers: true })['ecs:ListServices']?.(request) ?? '',
    'ecs:ListTasks': ({ input }) =>
      JSON.stringify({ taskArns: input.desiredStatus === 'STOPPED' ? [] : ids.map((_, index) => arnOfTask(index)) }),
    'ecs:DescribeTasks': () =>
      JSON.stringify({
        failures: [],
        tasks: ids.map((_, index) => ({
          taskArn: arnOfTask(index),
          clusterArn: CLUSTER,
          group: 'service:app-0',
          lastStatus: 'RUNNING',
          launchType: 'EC2',
          taskDefinitionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/app-0:7`,
          containerInstanceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:container-instance/prod/${index}`,
          containers: [{ name: 'app', networkBindings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }] }],
        })),
      }),
    'ecs:DescribeContainerInstances': () =>
      JSON.stringify({
        containerInstances: ids.map((id, index) => ({
          containerInstanceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:container-instance/prod/${index}`,
          ec2InstanceId: id,
        })),
      }),
    'cloudwatch:GetMetricData': (request) => {
      const answer = JSON.parse(plain['cloudwatch:GetMetricData']?.(request) ?? '{}');
      // One 500 of the load balancer's own has a web ACL asked for.
      const queries = request.input.MetricDataQueries as readonly {
        Id: string;
        MetricStat?: { Metric: { MetricName: string } };
      }[];
      const at = queries.find(({ MetricStat }) => MetricStat?.Metric.MetricName === 'HTTPCode_ELB_500_Count')?.Id;
      const series = answer.MetricDataResults.find(({ Id }: { Id: string }) => Id === at);
      if (series) Object.assign(series, { Timestamps: [Math.floor(Date.now() / 60_000 - 3) * 60], Values: [1] });
      return JSON.stringify(answer);
    },
  };
}

/** One group of one function, whose permission is gone. */
function functions(): Answers {
  const plain = anAccount(SIZE);
  const xml = (action: string, change: (body: string) => string): Answers => ({
    [action]: (request) => change(plain[action]?.(request) ?? ''),
  });
  return {
    ...plain,
    ...xml('elasticloadbalancing:DescribeTargetGroups', (body) =>
      body
        .replace('<TargetType>instance</TargetType>', '<TargetType>lambda</TargetType>')
        .replace(/<(Protocol|Port|VpcId|ProtocolVersion)>[^<]*<\/\1>/g, ''),
    ),
    'elasticloadbalancing:DescribeTargetHealth': () =>
      `<TargetHealthDescriptions><member><Target><Id>${FUNCTION}</Id><AvailabilityZone>all</AvailabilityZone></Target>
      <TargetHealth><State>unavailable</State><Reason>Target.HealthCheckDisabled</Reason></TargetHealth></member></TargetHealthDescriptions>`,
    // Nobody connects to a function.
    'cloudwatch:GetMetricData': (request) => {
      const answer = JSON.parse(plain['cloudwatch:GetMetricData']?.(request) ?? '{}');
      for (const series of answer.MetricDataResults) {
        if (/Connection|Host/.test(series.Label)) Object.assign(series, { Timestamps: [], Values: [] });
      }
      return JSON.stringify(answer);
    },
    'lambda:GetFunctionConfiguration': () =>
      JSON.stringify({
        FunctionName: 'api',
        FunctionArn: FUNCTION,
        State: 'Active',
        LastUpdateStatus: 'Successful',
        Timeout: 10,
        MemorySize: 512,
      }),
    'lambda:GetPolicy': () => JSON.stringify({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }) }),
    'lambda:GetFunctionConcurrency': () => '{}',
  };
}
