import type { Argv } from '../incident/finding.ts';
import type { Time } from '../incident/text.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';

/** Commands that several causes give: to look, and to see whether a fix helped. The engine adds the region. */

export function showHealth(targetGroup: string): Argv {
  return ['aws', 'elbv2', 'describe-target-health', '--target-group-arn', targetGroup];
}

/** What an Auto Scaling group did lately, why, and how it ended. */
export function showActivities(group: string, atMost = 10): Argv {
  return [
    ...['aws', 'autoscaling', 'describe-scaling-activities', '--auto-scaling-group-name', group],
    ...['--max-items', String(atMost)],
  ];
}

/** The published versions of a Lambda function, and when each was made. */
export function showVersions(functionName: string): Argv {
  return [
    ...['aws', 'lambda', 'list-versions-by-function', '--function-name', functionName],
    ...['--query', 'Versions[].[Version,LastModified]', '--output', 'text'],
  ];
}

/** Who called an API, since when: CloudTrail keeps 90 days, and shows a call some minutes after it was made. */
export function whoCalled(eventName: string, from: string): Argv {
  return [
    'aws',
    'cloudtrail',
    'lookup-events',
    '--lookup-attributes',
    `AttributeKey=EventName,AttributeValue=${eventName}`,
    '--start-time',
    from,
  ];
}

/** The last things that anybody changed in the account and region so many seconds before errors began: the latest first. */
export function whatChangedBefore(onset: Time, seconds = 3600): Argv {
  return [
    'aws',
    'cloudtrail',
    'lookup-events',
    '--lookup-attributes',
    'AttributeKey=ReadOnly,AttributeValue=false',
    '--start-time',
    plusSeconds(onset, -seconds),
    // Errors are counted by the minute: what made them may have been called within the first.
    '--end-time',
    plusSeconds(onset, 60),
    '--max-items',
    '50',
  ];
}
