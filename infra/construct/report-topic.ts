import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * The topic of the reports. Alarms cannot publish to one encrypted with the key that AWS manages, `alias/aws/sns`: hence
 * a key of its own, whose policy admits them. The function is admitted by its role.
 */
export function reportTopic(scope: Construct, alarmArns: string, given?: IKey): Topic {
  const key = given ?? newKey(scope);
  const topic = new Topic(scope, 'Topic', { displayName: 'alb-triage', masterKey: key, enforceSSL: true });
  key.addToResourcePolicy(ofAlarms(scope, alarmArns, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*'));
  topic.addToResourcePolicy(ofAlarms(scope, alarmArns, ['sns:Publish'], topic.topicArn));
  return topic;
}

function newKey(scope: Construct): Key {
  return new Key(scope, 'TopicKey', {
    description: 'Encrypts the reports of alb-triage on their way',
    enableKeyRotation: true,
    // Nothing is kept under it: SNS holds a message only until it is delivered.
    removalPolicy: RemovalPolicy.DESTROY,
    pendingWindow: Duration.days(7),
  });
}

function ofAlarms(scope: Construct, alarmArns: string, actions: string[], resource: string): PolicyStatement {
  return new PolicyStatement({
    sid: 'AllowOwnAlarms',
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions,
    resources: [resource],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      ArnLike: { 'aws:SourceArn': alarmArns },
    },
  });
}
