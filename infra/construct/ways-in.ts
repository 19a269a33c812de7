import { ArnFormat, Resource, Stack, Token } from 'aws-cdk-lib';
import { AlarmBase, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { refuseElsewhere } from './places.ts';
import type { ExistingAlarm } from './props.ts';

/**
 * One permission for all alarms of the account and Region, whatever their names. CDK's own LambdaAction makes one for each,
 * which fails for the second where a feature flag is not set, and fills the function's policy, of 20 KB at most, where it is.
 */
export function alarmsMayInvoke(scope: Construct, { functionArn }: IFunction): CfnPermission {
  const stack = Stack.of(scope);
  return new CfnPermission(scope, 'AlarmsMayInvoke', {
    functionName: functionArn,
    action: 'lambda:InvokeFunction',
    principal: 'lambda.alarms.cloudwatch.amazonaws.com',
    sourceAccount: stack.account,
    sourceArn: stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  });
}

/**
 * The function, as the action of an alarm. An alarm acts only when its state changes: one that goes off before it may invoke
 * the function is never answered, so it waits for the permission.
 */
export function alarmActionOf(scope: Construct, { functionArn }: IFunction, permission: CfnPermission): IAlarmAction {
  return {
    bind: (_scope, alarm) => {
      refuseElsewhere(scope, 'alarmAction', alarm, alarm.alarmArn);
      if (Resource.isOwnedResource(alarm)) alarm.node.addDependency(permission);
      return { alarmActionArn: functionArn };
    },
  };
}

/** When it goes off, and when it is over. */
export function answer(alarm: AlarmBase, action: IAlarmAction): void {
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}

/**
 * What EventBridge tells of an alarm by query besides what it tells of each contributor, "6 out of 6 time series evaluated to
 * ALARM": each of them would be answered twice, and of the end it names none.
 */
export const OF_ALL_CONTRIBUTORS = '*time series evaluated to *';

/** Alarms of this app get an action; those of others, which no app may change, are heard of by EventBridge. */
export function answerExisting(
  scope: Construct,
  alarms: readonly ExistingAlarm[],
  action: IAlarmAction,
  made: IFunction,
): void {
  const all = [...new Map(alarms.map((alarm) => [alarm.alarmArn, alarm])).values()];
  const own = all.filter((alarm): alarm is AlarmBase => alarm instanceof AlarmBase && Resource.isOwnedResource(alarm));
  for (const alarm of own) answer(alarm, action);
  const foreign = all.filter((alarm) => !own.some((one) => one === alarm)).map(({ alarmArn }) => alarmArn);
  for (const [index, arns] of inRules(foreign).entries()) {
    new Rule(scope, `ExistingAlarms${index === 0 ? '' : index + 1}`, {
      description: 'Alarms that are not of this stack, for alb-triage',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change', 'CloudWatch Alarm Contributor State Change'],
        resources: arns,
        detail: { state: { reason: Match.anythingButWildcard(OF_ALL_CONTRIBUTORS) } },
      },
      targets: [new LambdaFunction(made)],
    });
  }
}

/** EventBridge takes patterns of 2,048 characters: what stands around the ARNs included. */
const ARNS_AT_MOST = 1_700;
/** The longest ARN of an alarm; what is known only when it is deployed may be one. */
const ARN_AT_MOST = 325;

function inRules(arns: readonly string[]): readonly string[][] {
  const rules: string[][] = [];
  let left = 0;
  for (const arn of arns) {
    const length = (Token.isUnresolved(arn) ? ARN_AT_MOST : arn.length) + '"",'.length;
    const rule = rules.at(-1);
    if (rule === undefined || length > left) {
      rules.push([arn]);
      left = ARNS_AT_MOST - length;
    } else {
      rule.push(arn);
      left -= length;
    }
  }
  return rules;
}

/** What alarms publish there is triaged. */
export function subscribeTo(topics: readonly ITopic[], made: IFunction): void {
  for (const topic of topics) topic.addSubscription(new LambdaSubscription(made));
}
