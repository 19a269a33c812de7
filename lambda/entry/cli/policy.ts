import type { Collector } from '../../collect/collector.ts';

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

/**
 * What triage needs and no more. Nearly all of it is on `*`: AWS's describe calls know no narrower resource. Where one
 * does, its collector says which.
 */
export function policyDocument(
  actions: readonly string[],
  collectors: readonly Pick<Collector, 'resources'>[],
  topicArn?: string,
): PolicyDocument {
  const narrow = new Map(collectors.flatMap(({ resources = {} }) => Object.entries(resources)));
  const patterns = [...new Set(narrow.values())].sort();
  return {
    Version: '2012-10-17',
    Statement: [
      allow(
        'ReadAlbTriageEvidence',
        actions.filter((action) => !narrow.has(action)),
        '*',
      ),
      ...patterns.map((pattern, index) =>
        allow(
          `ReadAlbTriageEvidence${index + 2}`,
          actions.filter((action) => narrow.get(action) === pattern),
          pattern,
        ),
      ),
      ...(topicArn === undefined ? [] : [allow('PublishAlbTriageReport', ['sns:Publish'], topicArn)]),
    ],
  };
}

function allow(Sid: string, actions: readonly string[], Resource: string): Statement {
  return { Sid, Effect: 'Allow', Action: [...actions].sort(), Resource };
}
