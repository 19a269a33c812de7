import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { PERMISSIONS } from '../../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../../lambda/deliver/sns.ts';

/** What the collectors call, and no more. */
export function readStatements(): readonly PolicyStatement[] {
  return PERMISSIONS.map(
    ({ actions, resource }) => new PolicyStatement({ actions: [...actions], resources: [resource] }),
  );
}

/** What publishing takes, on this topic and, as far as it is known, on the key that encrypts it. */
export function publishStatements({ topicArn, masterKey }: ITopic): readonly PolicyStatement[] {
  const ofKey = PUBLISH_ACTIONS.filter((action) => action.startsWith('kms:'));
  const ofTopic = PUBLISH_ACTIONS.filter((action) => !action.startsWith('kms:'));
  return [
    new PolicyStatement({ actions: ofTopic, resources: [topicArn] }),
    ...(masterKey === undefined ? [] : [new PolicyStatement({ actions: ofKey, resources: [masterKey.keyArn] })]),
  ];
}
