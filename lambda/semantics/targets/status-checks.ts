import type { InstanceMetric, InstanceStatus, StatusCheck, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { Span } from '../time/minutes.ts';

/** A status check of EC2 that fails, or an event that EC2 has scheduled and that is under way. */
export type FailedCheck = { readonly since: Time | null } & (
  | { readonly of: 'system' | 'instance' | 'attached EBS' }
  | { readonly of: 'scheduled event'; readonly event: string }
);

export function failedChecksOf(status: InstanceStatus, now: Time): readonly FailedCheck[] {
  const checks = [
    { of: 'system', check: status.system },
    { of: 'instance', check: status.instance },
    { of: 'attached EBS', check: status.attachedEbs },
  ] as const;
  return [
    ...checks.flatMap(({ of, check }) => (check?.status === 'impaired' ? [{ of, since: check.impairedSince }] : [])),
    ...status.events
      // A finished event stays listed for up to a week, its description begins with [Completed] or [Canceled].
      .filter(({ description, notBefore }) => !description.startsWith('[') && notBefore !== null && notBefore <= now)
      .map(({ code: event, notBefore: since }) => ({ of: 'scheduled event' as const, event, since })),
  ];
}

/** Of an instance that does not run EC2 says `not-applicable`, of one that was just launched `initializing`. */
export function passesChecks({ system, instance, attachedEbs }: InstanceStatus): boolean {
  const isOk = (check: StatusCheck | null) => check?.status === 'ok';
  return isOk(system) && isOk(instance) && (attachedEbs === null || attachedEbs.status !== 'impaired');
}

/** A check fails some minutes before the errors: so many of them belong to these. */
const BEFORE = 5;

/** The first minute, in a span of errors or just before, in which a check failed; `null` where none did. */
export function minuteOfFailedCheck(
  { StatusCheckFailed: failed = [] }: Readonly<Partial<Record<InstanceMetric, Values>>>,
  { first, last }: Span,
): number | null {
  const at = failed.findIndex((value, minute) => minute >= first - BEFORE && minute <= last && (value ?? 0) > 0);
  return at < 0 ? null : at;
}
