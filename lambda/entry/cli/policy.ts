import type { Permission } from '../../collect/permissions.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What triage needs and no more; publishing where there is a topic. */
export function policyDocument(permissions: readonly Permission[], topicArn?: string): PolicyDocument {
  const reading = permissions.map(({ actions, resource }, index) =>
    allow(`ReadAlbTriageEvidence${index === 0 ? '' : index + 1}`, actions, resource),
  );
  const publishing = topicArn === undefined ? [] : [allow('PublishAlbTriageReport', ['sns:Publish'], topicArn)];
  return { Version: '2012-10-17', Statement: [...reading, ...publishing] };
}

function allow(Sid: string, actions: readonly string[], Resource: string): Statement {
  return { Sid, Effect: 'Allow', Action: [...actions].sort(), Resource };
}
