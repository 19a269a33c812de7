import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

interface Watched {
  readonly function: IFunction;
  readonly deadLetterQueue: IQueue;
  readonly unanswered: Metric;
  readonly namePrefix: string;
  readonly topics: readonly ITopic[];
}

/** Of alb-triage itself: told by CloudWatch, without the function. */
export function ownAlarms(
  scope: Construct,
  { function: made, deadLetterQueue, unanswered, namePrefix, topics }: Watched,
): void {
  const period = Duration.minutes(5);
  const { functionName } = made;
  const all = [
    {
      id: 'UnansweredAlarm',
      suffix: 'unanswered',
      says: `alb-triage could not answer an alarm. The event is in the queue ${deadLetterQueue.queueName}, the reason in the log of ${functionName}.`,
      metric: unanswered,
    },
    {
      id: 'ErrorsAlarm',
      suffix: 'errors',
      says: `alb-triage failed, and Lambda tries again. The reason is in the log of ${functionName}.`,
      metric: made.metricErrors({ period }),
    },
    {
      id: 'ThrottledAlarm',
      suffix: 'throttled',
      says: `Lambda could not run ${functionName} at once: too much runs at the same time. It tries again for an hour.`,
      metric: made.metricThrottles({ period }),
    },
    {
      id: 'MemoryAlarm',
      suffix: 'memory',
      says: `alb-triage could not use its table or its queue: what is told may be told twice. The reason is in the log of ${functionName}.`,
      metric: new Metric({
        // As the function's log names it.
        namespace: 'alb-triage',
        metricName: 'MemoryErrors',
        dimensionsMap: { FunctionName: functionName },
        statistic: 'Sum',
        period,
      }),
    },
  ];
  for (const { id, suffix, says, metric } of all) {
    const alarm = new Alarm(scope, id, {
      alarmName: `${namePrefix}${suffix}`,
      alarmDescription: says,
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    for (const { topicArn } of topics) alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
  }
}
