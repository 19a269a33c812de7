import { CfnOutput, Fn, Lazy } from 'aws-cdk-lib';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { dashboardUrl } from './dashboard.ts';

/** What of the construct the outputs tell. */
interface Standing extends Construct {
  readonly topic: ITopic;
  readonly function: IFunction;
  readonly deadLetterQueue: IQueue;
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard | undefined;
}

/** What is asked for once it stands: to try it, to give an alarm its action by hand, to look for what was not answered. */
export function tellWhatStands(triage: Standing): void {
  const { topic, function: made, deadLetterQueue, dashboard } = triage;
  const outputs = [
    ['TopicArn', topic.topicArn, 'Reports are published here'],
    ['FunctionName', made.functionName, 'Can be tried by hand'],
    ['FunctionArn', made.functionArn, 'May be the action of any alarm of this account and Region'],
    ['UnansweredQueue', deadLetterQueue.queueName, 'Events that could not be answered are kept here for two weeks'],
    ...(dashboard === undefined ? [] : ofDashboard(dashboard)),
  ] as const;
  for (const [name, value, description] of outputs) new CfnOutput(triage, name, { value, description });
}

/** What the console asks for to show one; CloudWatch tells these actions apart by no resource but the dashboard. */
const VIEWING = ['cloudwatch:GetDashboard', 'cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'];

function ofDashboard(dashboard: Dashboard) {
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: VIEWING, Resource: '*' }] };
  return [
    ['DashboardUrl', dashboardUrl(dashboard), 'What the load balancers do'],
    ['ViewerPolicy', JSON.stringify(policy), 'What whoever looks at the dashboard must be allowed'],
  ] as const;
}

/** Once there is one: an output may not be empty. Others may follow. */
export function tellAlarms(triage: Standing): void {
  if (triage.alarms.length === 0 || triage.node.tryFindChild('AlarmNames') !== undefined) return;
  const value = Lazy.string({
    produce: () =>
      Fn.join(
        ', ',
        triage.alarms.map(({ alarmName }) => alarmName),
      ),
  });
  new CfnOutput(triage, 'AlarmNames', { value, description: 'What sets the function off' });
}
