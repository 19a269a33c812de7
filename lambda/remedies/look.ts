import { code, type Time, text, time } from '../incident/text.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';
import { type AwsCall, asCall, aws, isSameCall, look, type Remedy } from './remedy.ts';

/** Calls that several causes give: to look, and to see whether a fix helped. */

export function showHealth(targetGroupArn: string): AwsCall {
  return aws('elbv2', 'describe-target-health', { targetGroupArn });
}

/** What an Auto Scaling group did lately, why, and how it ended. */
export function showActivities(autoScalingGroupName: string, maxItems = 10): AwsCall {
  return aws('autoscaling', 'describe-scaling-activities', { autoScalingGroupName, maxItems });
}

/** The published versions of a Lambda function, and when each was made. */
export function showVersions(functionName: string): AwsCall {
  const query = 'Versions[].[Version,LastModified]';
  return aws('lambda', 'list-versions-by-function', { functionName, query, output: 'text' });
}

/** Who called an API, since when: CloudTrail keeps 90 days, and shows a call some minutes after it was made. */
export function whoCalled(event: string, from: Time): AwsCall {
  return aws('cloudtrail', 'lookup-events', { lookupAttributes: attribute('EventName', event), startTime: from });
}

/** Who called an API in the day before, and since then. */
export function whoCalledSinceDayBefore(event: string, at: Time): AwsCall {
  return whoCalled(event, plusSeconds(at, -24 * 3600));
}

/** The calls of an API until one, the latest first: those before it tell what was set then. */
export function callsUntil(event: string, at: Time): Remedy {
  return look(
    text`see the calls of ${code(event)} until ${time(at)} (CloudTrail keeps 90 days)`,
    aws('cloudtrail', 'lookup-events', {
      lookupAttributes: attribute('EventName', event),
      endTime: at,
      maxItems: 10,
    }),
  );
}

/** What was done to a resource, since when. */
export function whatChangedOn(id: string, from: Time): AwsCall {
  return aws('cloudtrail', 'lookup-events', { lookupAttributes: attribute('ResourceName', id), startTime: from });
}

/** The last things that anybody changed in the account and region so many seconds before errors began: the latest first. */
export function whatChangedBefore(onset: Time, seconds = 3600): AwsCall {
  return aws('cloudtrail', 'lookup-events', {
    lookupAttributes: attribute('ReadOnly', 'false'),
    startTime: plusSeconds(onset, -seconds),
    // Errors are counted by the minute: what made them may have been called within the first.
    endTime: plusSeconds(onset, 60),
    maxItems: 50,
  });
}

export function whatWasDeployed(onset: Time): Remedy {
  return look(text`see what was deployed or changed in the hour before`, whatChangedBefore(onset));
}

/** Whether it looks up who called something; with an event, whether it looks up who called that. */
export function looksUpCalls({ run }: Remedy, event?: string): boolean {
  const call = asCall(run);
  if (call?.service !== 'cloudtrail') return false;
  return event === undefined || isSameCall(call, whoCalled(event, String(call.options.startTime)));
}

function attribute(AttributeKey: string, AttributeValue: string) {
  return { AttributeKey, AttributeValue };
}
