import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
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
  const ofTopic = PUBLISH_ACTIONS.filter((action) => !action.startsWith('kms:'));
  return [
    new PolicyStatement({ actions: ofTopic, resources: [topicArn] }),
    ...(masterKey === undefined ? [] : [keyStatement(masterKey)]),
  ];
}

/** What sending takes of the key that encrypts a topic or a queue. */
export function keyStatement({ keyArn }: Pick<IKey, 'keyArn'>): PolicyStatement {
  return new PolicyStatement({
    actions: PUBLISH_ACTIONS.filter((action) => action.startsWith('kms:')),
    resources: [keyArn],
  });
}
