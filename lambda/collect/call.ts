import {
  AutoScalingClient,
  type AutoScalingClientResolvedConfig,
  type ServiceInputTypes as AutoScalingInput,
  type ServiceOutputTypes as AutoScalingOutput,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudTrailClient,
  type CloudTrailClientResolvedConfig,
  type ServiceInputTypes as CloudTrailInput,
  type ServiceOutputTypes as CloudTrailOutput,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  CloudWatchClient,
  type CloudWatchClientResolvedConfig,
  type ServiceInputTypes as CloudWatchInput,
  type ServiceOutputTypes as CloudWatchOutput,
  DescribeAlarmContributorsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
  ListTagsForResourceCommand as ListAlarmTagsCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeApplicationStatusChecksCommand,
  DescribeApplicationStatusCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type EC2ClientResolvedConfig,
  type ServiceInputTypes as Ec2Input,
  type ServiceOutputTypes as Ec2Output,
  GetConsoleOutputCommand,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  type ECSClientResolvedConfig,
  type ServiceInputTypes as EcsInput,
  type ServiceOutputTypes as EcsOutput,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import {
  type $Command,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type ElasticLoadBalancingV2ClientResolvedConfig,
  type ServiceInputTypes as ElbInput,
  type ServiceOutputTypes as ElbOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  type LambdaClientResolvedConfig,
  type ServiceInputTypes as LambdaInput,
  type ServiceOutputTypes as LambdaOutput,
} from '@aws-sdk/client-lambda';
import {
  GetWebACLForResourceCommand,
  WAFV2Client,
  type WAFV2ClientResolvedConfig,
  type ServiceInputTypes as WafInput,
  type ServiceOutputTypes as WafOutput,
} from '@aws-sdk/client-wafv2';
import type { Lane } from './rate-limiter.ts';
import { type Place, service } from './service.ts';

/** One read of AWS, named by the IAM action that allows it. */
export interface Operation<Input, Output> {
  readonly action: string;
  lane(place: Place): Lane;
  send(place: Place, input: Input, options: SendOptions): Promise<Output>;
}

/** A read whose answer comes in pages. */
export interface PagedOperation<Input, Output> extends Operation<Input, Output> {
  token(output: Output): string | undefined;
  resumed(input: Input, token: string): Input;
}

export interface SendOptions {
  readonly abortSignal: AbortSignal;
  /** Told of each attempt, retries among them. */
  attempted(): void;
  /** Told of the Date header of each answer, refusals among them. */
  dated(date: string): void;
}

/**
 * The account-wide bucket of all ELB calls is 40 and 10 a second: what is taken here leaves the customer's own tools
 * enough. EC2 allows 100 and 20 a second for each read, CloudWatch far more.
 */
export const elasticLoadBalancing = service(
  'elasticloadbalancing',
  (config) => new ElasticLoadBalancingV2Client(config),
  { concurrency: 8, burst: 25, perSecond: 8 },
);
const ec2 = service('ec2', (config) => new EC2Client(config), { concurrency: 10, burst: 50, perSecond: 15 });
const cloudWatch = service('cloudwatch', (config) => new CloudWatchClient(config), {
  concurrency: 10,
  burst: 50,
  perSecond: 50,
});

const autoScaling = service('autoscaling', (config) => new AutoScalingClient(config), {
  concurrency: 4,
  burst: 10,
  perSecond: 5,
});

const lambda = service('lambda', (config) => new LambdaClient(config), { concurrency: 6, burst: 15, perSecond: 10 });

/** Two calls a second are all that an account has, and others ask too: who is throttled gives way. */
const cloudTrail = service('cloudtrail', (config) => new CloudTrailClient({ ...config, maxAttempts: 3 }), {
  concurrency: 3,
  burst: 3,
  perSecond: 2,
});

/** The reads of ECS refill by 20 a second. */
const ecs = service('ecs', (config) => new ECSClient(config), { concurrency: 8, burst: 40, perSecond: 15 });

/** One call a second is all that an account has. */
const waf = service('wafv2', (config) => new WAFV2Client(config), { concurrency: 1, burst: 1, perSecond: 1 });

export const describeLoadBalancers = marked(elb('DescribeLoadBalancers', DescribeLoadBalancersCommand));
export const describeLoadBalancerAttributes = elb(
  'DescribeLoadBalancerAttributes',
  DescribeLoadBalancerAttributesCommand,
);
export const describeListeners = marked(elb('DescribeListeners', DescribeListenersCommand));
export const describeRules = marked(elb('DescribeRules', DescribeRulesCommand));
export const describeTargetGroups = marked(elb('DescribeTargetGroups', DescribeTargetGroupsCommand));
export const describeTargetGroupAttributes = elb('DescribeTargetGroupAttributes', DescribeTargetGroupAttributesCommand);
export const describeTargetHealth = elb('DescribeTargetHealth', DescribeTargetHealthCommand);
export const describeTags = elb('DescribeTags', DescribeTagsCommand);

export const describeInstances = tokened(ofEc2('DescribeInstances', DescribeInstancesCommand));
export const describeInstanceStatus = tokened(ofEc2('DescribeInstanceStatus', DescribeInstanceStatusCommand));
export const describeApplicationStatus = tokened(ofEc2('DescribeApplicationStatus', DescribeApplicationStatusCommand));
export const describeApplicationStatusChecks = tokened(
  ofEc2('DescribeApplicationStatusChecks', DescribeApplicationStatusChecksCommand),
);
export const describeNetworkInterfaces = tokened(ofEc2('DescribeNetworkInterfaces', DescribeNetworkInterfacesCommand));
export const describeSecurityGroups = tokened(ofEc2('DescribeSecurityGroups', DescribeSecurityGroupsCommand));
export const describeNetworkAcls = tokened(ofEc2('DescribeNetworkAcls', DescribeNetworkAclsCommand));
export const describeRouteTables = tokened(ofEc2('DescribeRouteTables', DescribeRouteTablesCommand));
export const getManagedPrefixListEntries = tokened(
  ofEc2('GetManagedPrefixListEntries', GetManagedPrefixListEntriesCommand),
);
export const describeSubnets = tokened(ofEc2('DescribeSubnets', DescribeSubnetsCommand));

export const describeInstanceCreditSpecifications = tokened(
  ofEc2('DescribeInstanceCreditSpecifications', DescribeInstanceCreditSpecificationsCommand),
);
export const getConsoleOutput = ofEc2('GetConsoleOutput', GetConsoleOutputCommand);

export const describeAlarmHistory = ofCloudWatch('DescribeAlarmHistory', DescribeAlarmHistoryCommand);
export const describeAlarmContributors = tokened(
  ofCloudWatch('DescribeAlarmContributors', DescribeAlarmContributorsCommand),
);
export const listAlarmMuteRules = tokened(ofCloudWatch('ListAlarmMuteRules', ListAlarmMuteRulesCommand));
export const getAlarmMuteRule = ofCloudWatch('GetAlarmMuteRule', GetAlarmMuteRuleCommand);
export const listTagsOfAlarm = ofCloudWatch('ListTagsForResource', ListAlarmTagsCommand);
export const describeAlarms = tokened(ofCloudWatch('DescribeAlarms', DescribeAlarmsCommand));
export const getMetricData = tokened(ofCloudWatch('GetMetricData', GetMetricDataCommand));

export const describeAutoScalingInstances = tokened(
  ofAutoScaling('DescribeAutoScalingInstances', DescribeAutoScalingInstancesCommand),
);
export const describeAutoScalingGroups = tokened(
  ofAutoScaling('DescribeAutoScalingGroups', DescribeAutoScalingGroupsCommand),
);
export const describeScalingActivities = tokened(
  ofAutoScaling('DescribeScalingActivities', DescribeScalingActivitiesCommand),
);
export const describeInstanceRefreshes = tokened(
  ofAutoScaling('DescribeInstanceRefreshes', DescribeInstanceRefreshesCommand),
);

export const lookupEvents = tokened(ofCloudTrail('LookupEvents', LookupEventsCommand));

export const getFunctionConfiguration = ofLambda('GetFunctionConfiguration', GetFunctionConfigurationCommand);
export const getPolicy = ofLambda('GetPolicy', GetPolicyCommand);
export const getFunctionConcurrency = ofLambda('GetFunctionConcurrency', GetFunctionConcurrencyCommand);

export const listClusters = continued(ofEcs('ListClusters', ListClustersCommand));
export const listServices = continued(ofEcs('ListServices', ListServicesCommand));
export const describeServices = ofEcs('DescribeServices', DescribeServicesCommand);
export const listTasks = continued(ofEcs('ListTasks', ListTasksCommand));
export const describeTasks = ofEcs('DescribeTasks', DescribeTasksCommand);
export const describeTaskDefinition = ofEcs('DescribeTaskDefinition', DescribeTaskDefinitionCommand);
export const describeContainerInstances = ofEcs('DescribeContainerInstances', DescribeContainerInstancesCommand);

export const getWebAclForResource = ofWaf('GetWebACLForResource', GetWebACLForResourceCommand);

type Metadata = Pick<ElbOutput, '$metadata'>;
type Makes<I extends In, O extends Out, Config, In extends object, Out extends Metadata> = new (
  input: I,
) => $Command<I, O, Config, In, Out>;

function elb<I extends ElbInput, O extends ElbOutput>(
  name: string,
  Made: Makes<I, O, ElasticLoadBalancingV2ClientResolvedConfig, ElbInput, ElbOutput>,
): Operation<I, O> {
  return {
    action: `${elasticLoadBalancing.name}:${name}`,
    lane: (place) => elasticLoadBalancing.at(place).lane,
    send: (place, input, options) =>
      elasticLoadBalancing.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofEc2<I extends Ec2Input, O extends Ec2Output>(
  name: string,
  Made: Makes<I, O, EC2ClientResolvedConfig, Ec2Input, Ec2Output>,
): Operation<I, O> {
  return {
    action: `${ec2.name}:${name}`,
    lane: (place) => ec2.at(place).lane,
    send: (place, input, options) => ec2.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofCloudWatch<I extends CloudWatchInput, O extends CloudWatchOutput>(
  name: string,
  Made: Makes<I, O, CloudWatchClientResolvedConfig, CloudWatchInput, CloudWatchOutput>,
): Operation<I, O> {
  return {
    action: `${cloudWatch.name}:${name}`,
    lane: (place) => cloudWatch.at(place).lane,
    send: (place, input, options) => cloudWatch.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofAutoScaling<I extends AutoScalingInput, O extends AutoScalingOutput>(
  name: string,
  Made: Makes<I, O, AutoScalingClientResolvedConfig, AutoScalingInput, AutoScalingOutput>,
): Operation<I, O> {
  return {
    action: `${autoScaling.name}:${name}`,
    lane: (place) => autoScaling.at(place).lane,
    send: (place, input, options) => autoScaling.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofLambda<I extends LambdaInput, O extends LambdaOutput>(
  name: string,
  Made: Makes<I, O, LambdaClientResolvedConfig, LambdaInput, LambdaOutput>,
): Operation<I, O> {
  return {
    action: `${lambda.name}:${name}`,
    lane: (place) => lambda.at(place).lane,
    send: (place, input, options) => lambda.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofCloudTrail<I extends CloudTrailInput, O extends CloudTrailOutput>(
  name: string,
  Made: Makes<I, O, CloudTrailClientResolvedConfig, CloudTrailInput, CloudTrailOutput>,
): Operation<I, O> {
  return {
    action: `${cloudTrail.name}:${name}`,
    lane: (place) => cloudTrail.at(place).lane,
    send: (place, input, options) => cloudTrail.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofEcs<I extends EcsInput, O extends EcsOutput>(
  name: string,
  Made: Makes<I, O, ECSClientResolvedConfig, EcsInput, EcsOutput>,
): Operation<I, O> {
  return {
    action: `${ecs.name}:${name}`,
    lane: (place) => ecs.at(place).lane,
    send: (place, input, options) => ecs.at(place).client.send(heard(new Made(input), options), options),
  };
}

function ofWaf<I extends WafInput, O extends WafOutput>(
  name: string,
  Made: Makes<I, O, WAFV2ClientResolvedConfig, WafInput, WafOutput>,
): Operation<I, O> {
  return {
    action: `${waf.name}:${name}`,
    lane: (place) => waf.at(place).lane,
    send: (place, input, options) => waf.at(place).client.send(heard(new Made(input), options), options),
  };
}

/** The Elastic Load Balancing way of paging. */
function marked<I extends { Marker?: string | undefined }, O extends { NextMarker?: string | undefined }>(
  operation: Operation<I, O>,
): PagedOperation<I, O> {
  return { ...operation, token: (output) => output.NextMarker, resumed: (input, Marker) => ({ ...input, Marker }) };
}

/** Everybody else's. */
function tokened<I extends { NextToken?: string | undefined }, O extends { NextToken?: string | undefined }>(
  operation: Operation<I, O>,
): PagedOperation<I, O> {
  return {
    ...operation,
    token: (output) => output.NextToken,
    resumed: (input, NextToken) => ({ ...input, NextToken }),
  };
}

/** The way of ECS: the same, in lower case. */
function continued<I extends { nextToken?: string | undefined }, O extends { nextToken?: string | undefined }>(
  operation: Operation<I, O>,
): PagedOperation<I, O> {
  return {
    ...operation,
    token: (output) => output.nextToken,
    resumed: (input, nextToken) => ({ ...input, nextToken }),
  };
}

/** Below the deserializer each attempt passes, refused ones too, and the headers are still there. */
function heard<I extends In, O extends Out, Config, In extends object, Out extends Metadata>(
  command: $Command<I, O, Config, In, Out>,
  { attempted, dated }: SendOptions,
): $Command<I, O, Config, In, Out> {
  command.middlewareStack.add(
    (next) => async (args) => {
      attempted();
      const answer = await next(args);
      const date = dateIn(answer.response);
      if (date !== undefined) dated(date);
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'heard' },
  );
  return command;
}

function dateIn(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined;
  return typeof headers.date === 'string' ? headers.date : undefined;
}
