import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AlbTriage } from '../construct/alb-triage.ts';
import type { AlbTriageProps } from '../construct/props.ts';
import type { Settings } from './settings.ts';

export type TriageStackProps = Settings & Pick<AlbTriageProps, 'bundle'>;

/** All that triages the load balancers of one account and Region. */
export class TriageStack extends Stack {
  constructor(scope: Construct, id: string, props: TriageStackProps) {
    const { stackName, account, region, loadBalancerArns, emails, topicArn, topicKeyArn } = props;
    const { chatTopicArn, chatTopicKeyArn } = props;
    super(scope, id, {
      stackName,
      env: { account, region },
      description: 'Why does a load balancer answer 5xx? Alarms, and a function that answers them with the root cause',
    });
    const triage = new AlbTriage(this, 'Default', {
      ...props,
      loadBalancers: loadBalancerArns.map((loadBalancerArn) => ({ loadBalancerArn })),
      topic: existingTopic(this, 'ExistingTopic', topicArn, topicKeyArn),
      chatTopic: existingTopic(this, 'ChatTopic', chatTopicArn, chatTopicKeyArn),
    });
    for (const email of emails) triage.topic.addSubscription(new EmailSubscription(email));

    new CfnOutput(this, 'TopicArn', { value: triage.topic.topicArn, description: 'Reports are published here' });
    new CfnOutput(this, 'FunctionName', { value: triage.function.functionName, description: 'Can be tried by hand' });
    new CfnOutput(this, 'UnansweredQueue', {
      value: triage.deadLetterQueue.queueName,
      description: 'Events that could not be answered are kept here for two weeks',
    });
    if (topicArn !== undefined) sayWhatTheTopicMustAdmit(this, triage);
    else if (emails.length === 0) {
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
