import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { ACTIONS, COLLECTORS } from '../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../lambda/deliver/sns.ts';

/** What the collectors call, and no more. AWS's describe calls know no resource narrower than `*`; where one does, its collector says which. */
export function readStatements(): readonly PolicyStatement[] {
  const narrow = new Map(COLLECTORS.flatMap(({ resources = {} }) => Object.entries(resources)));
  const resources = ['*', ...new Set([...narrow.values()].sort())];
  return resources.map(
    (resource) =>
      new PolicyStatement({
        actions: ACTIONS.filter((action) => (narrow.get(action) ?? '*') === resource),
        resources: [resource],
      }),
  );
}

/** What publishing takes, on this topic and, as far as it is known, on its key. */
export function publishStatements({ topicArn, masterKey }: ITopic): readonly PolicyStatement[] {
  const ofKey = PUBLISH_ACTIONS.filter((action) => action.startsWith('kms:'));
  const ofTopic = PUBLISH_ACTIONS.filter((action) => !action.startsWith('kms:'));
  return [
    new PolicyStatement({ actions: ofTopic, resources: [topicArn] }),
    ...(masterKey === undefined ? [] : [new PolicyStatement({ actions: ofKey, resources: [masterKey.keyArn] })]),
  ];
}
