import { ArnFormat, Duration, Names, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_THRESHOLD, errorAlarms, type Threshold } from './alarms.ts';
import { checkProps } from './checks.ts';
import type { AlbTriageProps } from './props.ts';
import { reportTopic } from './report-topic.ts';
import { triageFunction } from './triage-function.ts';

/** Alarms on the 5xx of load balancers, and the function that answers each with the root cause. */
export class AlbTriage extends Construct {
  readonly topic: ITopic;
  readonly function: IFunction;
  /** Keeps for two weeks each event that could not be answered. */
  readonly deadLetterQueue: IQueue;
  /** Alarms may invoke the function whose names begin like this. */
  readonly alarmNamePrefix: string;
  /** For alarms of one's own. */
  readonly alarmAction: IAlarmAction;

  constructor(scope: Construct, id: string, props: AlbTriageProps) {
    super(scope, id);
    checkProps(props);
    this.alarmNamePrefix = `${Names.uniqueResourceName(this, { separator: '-', allowedSpecialCharacters: '-', maxLength: 128 })}-`;
    this.topic = props.topic ?? reportTopic(this, this.ownAlarms());
    const { function: made, deadLetterQueue } = triageFunction(this, { ...props, topic: this.topic });
    this.function = made;
    this.deadLetterQueue = deadLetterQueue;
    this.alarmAction = { bind: () => ({ alarmActionArn: made.functionArn }) };

    const permission = this.permission();
    const threshold = thresholdOf(props.threshold);
    const properties = { namePrefix: this.alarmNamePrefix, threshold, action: this.alarmAction };
    for (const alarm of props.loadBalancers.flatMap((loadBalancer) => errorAlarms(this, loadBalancer, properties))) {
      // An alarm acts only when its state changes: one that goes off before it may is never answered.
      alarm.node.addDependency(permission);
    }
    this.unansweredAlarm();
  }

  /**
   * One permission for all alarms. CDK's own LambdaAction makes one for each, which fails for the second where a feature
   * flag is not set, and fills the function's policy, of 20 KB at most, where it is.
   */
  private permission(): CfnPermission {
    return new CfnPermission(this, 'AlarmsMayInvoke', {
      functionName: this.function.functionArn,
      action: 'lambda:InvokeFunction',
      principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: this.ownAlarms(),
    });
  }

  /** What failed three times, or could not be run for an hour, is worth a message too: by CloudWatch itself. */
  private unansweredAlarm(): void {
    const alarm = new Alarm(this, 'UnansweredAlarm', {
      alarmName: `${this.alarmNamePrefix}unanswered`,
      alarmDescription: `alb-triage could not answer an alarm. The event is in the queue ${this.deadLetterQueue.queueName}, the reason in the log of ${this.function.functionName}.`,
      metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const { topicArn } = this.topic;
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topicArn }) });
  }

  private ownAlarms(): string {
    return Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${this.alarmNamePrefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** Of fewer minutes than usual, no more are asked for than there are. */
function thresholdOf({ datapointsToAlarm, ...given }: Partial<Threshold> = {}): Threshold {
  const usual = { ...DEFAULT_THRESHOLD, ...given };
  return {
    ...usual,
    datapointsToAlarm: datapointsToAlarm ?? Math.min(usual.datapointsToAlarm, usual.evaluationPeriods),
  };
}
