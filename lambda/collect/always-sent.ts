import { inTable } from '../incident/in-table.ts';

/**
 * What AWS sends in every answer, an empty list where there is nothing: an answer without it is no answer, whatever its
 * status says (a proxy's page, a connection that was cut). `null`: where there is nothing, AWS sends an empty object.
 */
const ALWAYS_SENT: Readonly<Record<string, string | null>> = {
  'autoscaling:DescribeAutoScalingGroups': 'AutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances': 'AutoScalingInstances',
  'autoscaling:DescribeInstanceRefreshes': 'InstanceRefreshes',
  'autoscaling:DescribeScalingActivities': 'Activities',
  'cloudtrail:LookupEvents': 'Events',
  'cloudwatch:DescribeAlarmContributors': 'AlarmContributors',
  'cloudwatch:DescribeAlarmHistory': 'AlarmHistoryItems',
  'cloudwatch:DescribeAlarms': 'MetricAlarms',
  'cloudwatch:GetAlarmMuteRule': 'Name',
  'cloudwatch:GetMetricData': 'MetricDataResults',
  'cloudwatch:ListAlarmMuteRules': 'AlarmMuteRuleSummaries',
  'cloudwatch:ListTagsForResource': 'Tags',
  'ec2:DescribeApplicationStatus': 'ApplicationStatuses',
  'ec2:DescribeApplicationStatusChecks': 'ApplicationStatusChecks',
  'ec2:DescribeInstanceCreditSpecifications': 'InstanceCreditSpecifications',
  'ec2:DescribeInstanceStatus': 'InstanceStatuses',
  'ec2:DescribeInstances': 'Reservations',
  'ec2:DescribeNetworkAcls': 'NetworkAcls',
  'ec2:DescribeNetworkInterfaces': 'NetworkInterfaces',
  'ec2:DescribeRouteTables': 'RouteTables',
  'ec2:DescribeSecurityGroups': 'SecurityGroups',
  'ec2:DescribeSubnets': 'Subnets',
  'ec2:GetConsoleOutput': 'InstanceId',
  'ec2:GetManagedPrefixListEntries': 'Entries',
  'ecs:DescribeContainerInstances': 'containerInstances',
  'ecs:DescribeServices': 'services',
  'ecs:DescribeTaskDefinition': 'taskDefinition',
  'ecs:DescribeTasks': 'tasks',
  'ecs:ListClusters': 'clusterArns',
  'ecs:ListServices': 'serviceArns',
  'ecs:ListTasks': 'taskArns',
  'elasticloadbalancing:DescribeListeners': 'Listeners',
  'elasticloadbalancing:DescribeLoadBalancerAttributes': 'Attributes',
  'elasticloadbalancing:DescribeLoadBalancers': 'LoadBalancers',
  'elasticloadbalancing:DescribeRules': 'Rules',
  'elasticloadbalancing:DescribeTags': 'TagDescriptions',
  'elasticloadbalancing:DescribeTargetGroupAttributes': 'Attributes',
  'elasticloadbalancing:DescribeTargetGroups': 'TargetGroups',
  'elasticloadbalancing:DescribeTargetHealth': 'TargetHealthDescriptions',
  'lambda:GetFunctionConcurrency': null,
  'lambda:GetFunctionConfiguration': 'FunctionArn',
  'lambda:GetPolicy': 'Policy',
  'logs:DescribeDeliveries': null,
  'logs:DescribeDeliverySources': null,
  'logs:GetDeliveryDestination': 'deliveryDestination',
  'logs:GetQueryResults': 'status',
  'logs:StartQuery': 'queryId',
  's3:GetObject': 'Body',
  's3:ListBucket': 'KeyCount',
  'wafv2:GetWebACLForResource': null,
};

/** Whether an answer holds what AWS always sends. Of one that may hold nothing, that it has a body at all. */
export function isAnswer(action: string, output: object, bodyLength: string | undefined): boolean {
  const member = inTable(ALWAYS_SENT, action) ?? null;
  // The cast: the SDK's outputs are plain objects.
  if (member !== null) return (output as Readonly<Record<string, unknown>>)[member] !== undefined;
  return bodyLength !== '0';
}
