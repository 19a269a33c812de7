import type { InstanceStatus, StatusCheck } from '../../../incident/evidence.ts';
import { code, type Text, type Time, text, time } from '../../../incident/text.ts';

/** A status check of EC2 that fails, or an event that EC2 has scheduled and that is under way. */
export interface FailedCheck {
  readonly name: string;
  readonly called: Text;
  readonly shows: Text;
  readonly since: Time | null;
}

export function failedChecksOf(status: InstanceStatus, now: Time): readonly FailedCheck[] {
  return [
    ...failed('system', status.system),
    ...failed('instance', status.instance),
    ...failed('attached EBS', status.attachedEbs),
    ...status.events
      // A finished event stays listed for up to a week, its description begins with [Completed] or [Canceled].
      .filter(({ description, notBefore }) => !description.startsWith('[') && notBefore !== null && notBefore <= now)
      .map(({ code: event, notBefore }) => ({
        name: `scheduled event (${event})`,
        called: text`scheduled event (${code(event)})`,
        shows: text`scheduled event ${code(event)} in progress`,
        since: notBefore,
      })),
  ];
}

function failed(of: 'system' | 'instance' | 'attached EBS', check: StatusCheck | null): readonly FailedCheck[] {
  if (check?.status !== 'impaired') return [];
  const { impairedSince } = check;
  const from = impairedSince === null ? '' : text` since ${time(impairedSince)}`;
  const called = text`${of} check`;
  return [{ name: `${of} check`, called, shows: text`${called} ${code('impaired')}${from}`, since: impairedSince }];
}
