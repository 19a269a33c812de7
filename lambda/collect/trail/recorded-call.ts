import type { Event } from '@aws-sdk/client-cloudtrail';
import { sorted } from '../../incident/evidence/order.ts';
import type { ChangeEvent, FailedCall } from '../../incident/evidence.ts';
import { beginningOf } from '../../incident/short-text.ts';
import { detailsOf } from '../../reading/change-details.ts';
import { callerOf } from '../../reading/trail-caller.ts';
import { type RecordPart, recordIn, textAt } from '../../reading/trail-record.ts';
import { isByController } from '../../semantics/kubernetes/controller.ts';
import { isRefused } from '../../semantics/kubernetes/keeper-failures.ts';
import { utcTime } from '../time.ts';
import { changeSaid } from './change-summary.ts';
import { affectedResources, type IncidentResources, namesResources } from './incident-resources.ts';

/** A call that changed something of an incident, or would have. */
export type RecordedCall = ChangeEvent | FailedCall;

export const hasFailed = (call: RecordedCall): call is FailedCall => 'errorCode' in call;
export const hasChanged = (call: RecordedCall): call is ChangeEvent => !hasFailed(call);

/** None where it read only and did, or was done to something else. */
export function recordedCallIn(event: Event, own: IncidentResources): RecordedCall | null {
  const record = recordIn(event.CloudTrailEvent);
  const at = utcTime(event.EventTime);
  const name = event.EventName ?? '';
  if (record === undefined || at === null) return null;
  const why = textAt(record, 'errorMessage');
  const errorCode = textAt(record, 'errorCode') ?? (why === undefined ? null : 'failed');
  // Of a call that is not allowed, the record may leave out what it asked for: the message then names it.
  const named = [
    ...sorted((event.Resources ?? []).flatMap(({ ResourceName }) => ResourceName ?? [])),
    ...(why?.match(ARN) ?? []),
  ];
  const resources = affectedResources(record, named, own);
  const { who, by, tool } = callerOf(record, event.Username);
  const isOfKeeper = errorCode !== null && isByController({ who, tool });
  if (isRead(event, record) && !isOfKeeper) return null;
  if (resources.length === 0 && !(isOfKeeper && namesNothing(event, record, named))) return null;
  if (errorCode !== null) {
    return {
      at,
      who,
      tool,
      event: name,
      resources,
      errorCode,
      action: actionOf(event, why),
      ...messageOf(why, errorCode),
    };
  }
  const details = detailsOf(name, record);
  const what = changeSaid(name, details, resources);
  return { at, who, by, tool, what, event: name, source: event.EventSource ?? '', resources, details };
}

/** Of a resource; those of `sts` and `iam` are the caller's. */
const ARN = /arn:aws[\w-]*:(?!sts:|iam:)[^\s"',]+/g;

function isRead({ ReadOnly }: Event, record: RecordPart): boolean {
  return ReadOnly === 'true' || textAt(record, 'readOnly') === 'true';
}

/** What a controller may not read stops it; of the account's own settings, such a call names nothing of ours. */
function namesNothing(event: Event, record: RecordPart, named: readonly string[]): boolean {
  return isRead(event, record) && !namesResources(record, named);
}

/** As AWS writes it where it refuses a call, and as a policy has it. */
function actionOf({ EventSource = '', EventName = '' }: Event, message = ''): string {
  return /perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? `${EventSource.split('.')[0]}:${EventName}`;
}

const MESSAGE_AT_MOST = 200;

/** That a call was refused its code says already; the message names the caller once more. */
function messageOf(message: string | undefined, errorCode: string): Pick<FailedCall, 'message'> {
  return message === undefined || isRefused({ errorCode }) ? {} : { message: beginningOf(message, MESSAGE_AT_MOST) };
}
