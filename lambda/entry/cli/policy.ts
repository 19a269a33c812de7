import type { Permission } from '../../collect/permission.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

interface Publishing {
  readonly topicArn: string;
  readonly actions: readonly string[];
}

/** What triage needs and no more; publishing where there is a topic. */
export function policyDocument(permissions: readonly Permission[], publish?: Publishing): PolicyDocument {
  const reading = permissions.map(({ actions, resource, condition }, index) => ({
    ...allow(`ReadAlbTriageEvidence${index === 0 ? '' : index + 1}`, actions, resource),
    ...(condition === undefined ? {} : { Condition: condition }),
  }));
  const publishing = publish === undefined ? [] : publishStatements(publish);
  return { Version: '2012-10-17', Statement: [...reading, ...publishing] };
}

/** Which key encrypts the topic, if one does, nobody knows here: each one, but only through SNS. */
function publishStatements({ topicArn, actions }: Publishing): readonly Statement[] {
  const [, partition = '', , region = ''] = topicArn.split(':');
  const ofKey = actions.filter((action) => action.startsWith('kms:'));
  const ofTopic = actions.filter((action) => !ofKey.includes(action));
  const keys = `arn:${partition}:kms:${region}:*:key/*`;
  return [
    allow('PublishAlbTriageReport', ofTopic, topicArn),
    {
      ...allow('UseKeyOfAlbTriageTopic', ofKey, keys),
      Condition: { StringLike: { 'kms:ViaService': `sns.${region}.amazonaws.com*` } },
    },
  ];
}

function allow(Sid: string, actions: readonly string[], Resource: string): Statement {
  return { Sid, Effect: 'Allow', Action: [...actions].sort(), Resource };
}
