import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AlbTriage } from '../construct/alb-triage.ts';
import { propsAmong } from '../construct/kinds.ts';
import type { AlbTriageProps } from '../construct/props.ts';
import type { Settings } from './settings.ts';

export type TriageStackProps = Settings & Pick<AlbTriageProps, 'bundle'>;

/** All that triages the load balancers of one account and Region. */
export class TriageStack extends Stack {
  constructor(scope: Construct, id: string, props: TriageStackProps) {
    const { stackName, account, region, topicArn, topicKeyArn, permissionsBoundaryArn } = props;
    super(scope, id, {
      stackName,
      env: { account, region },
      description: 'Why does a load balancer answer 5xx? Alarms, and a function that answers them with the root cause',
    });
    const subscriptions = [
      ...props.emails.map((email) => new EmailSubscription(email)),
      ...props.phones.map((phone) => new SmsSubscription(phone)),
    ];
    const triage = new AlbTriage(this, 'Default', {
      ...propsAmong(props),
      loadBalancers: props.loadBalancerArns.map((loadBalancerArn) => ({ loadBalancerArn })),
      alarms: props.alarmArns.map((alarmArn) => ({ alarmArn })),
      alarmTopics: props.alarmTopicArns.map((arn, index) => Topic.fromTopicArn(this, `AlarmTopic${index + 1}`, arn)),
      topic: existingTopic(this, 'ExistingTopic', topicArn, topicKeyArn),
      chatTopic: existingTopic(this, 'ChatTopic', props.chatTopicArn, props.chatTopicKeyArn),
      fallbackTopic: existingTopic(this, 'FallbackTopic', props.fallbackTopicArn, props.fallbackTopicKeyArn),
      subscriptions,
      permissionsBoundary:
        permissionsBoundaryArn === undefined
          ? undefined
          : ManagedPolicy.fromManagedPolicyArn(this, 'PermissionsBoundary', permissionsBoundaryArn),
    });

    if (topicArn !== undefined) sayWhatTheTopicMustAdmit(this, triage);
    else if (subscriptions.length === 0 && props.slack === undefined && props.teams === undefined) {
      Annotations.of(this).addWarningV2('alb-triage:nobody', 'Nobody is subscribed: add -c email=<address>');
    }
  }
}

function existingTopic(
  scope: Construct,
  id: string,
  topicArn: string | undefined,
  keyArn: string | undefined,
): ITopic | undefined {
  if (topicArn === undefined) return undefined;
  return Topic.fromTopicAttributes(scope, id, { topicArn, ...(keyArn === undefined ? {} : { keyArn }) });
}

/** Its policies, and those of its key, are its owner's: an imported topic is not changed. */
function sayWhatTheTopicMustAdmit(scope: Construct, triage: AlbTriage): void {
  new CfnOutput(scope, 'ExistingTopicMustAdmit', {
    value: `sns:Publish by cloudwatch.amazonaws.com; if encrypted, a customer key, and there kms:GenerateDataKey* and kms:Decrypt by cloudwatch.amazonaws.com and ${triage.function.role?.roleArn}`,
    description: 'The topic was there before: its policies were not changed',
  });
}
