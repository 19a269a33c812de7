import type { ChangeEvent, ConsoleOutput, Instance, InstanceMetric, Values } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds, secondsBetween, sumOf, valuesIn } from '../time/minutes.ts';

/** What a console keeps of a system that started again. */
export interface InstanceRestart {
  /** In the kernel's words, e.g. `Fatal exception in interrupt`; `null` where it told nothing. */
  readonly panic: string | null;
}

const PANIC = /Kernel panic - not syncing: (.*\S)/i;
const BOOT = /\bLinux version \d/;
const STAMP = /\[\s*\d+\.\d+\]/;

export const isRestartLine = (line: string): boolean => PANIC.test(line) || BOOT.test(line);

/** `null` where nothing was written before the last start: then it may be the first. */
export function restartIn({ lines }: ConsoleOutput): InstanceRestart | null {
  const panic = lines.findLast((line) => PANIC.test(line));
  const boot = lines.findLastIndex((line) => BOOT.test(line));
  const before = lines.slice(0, Math.max(0, boot));
  if (panic === undefined && !before.some((line) => STAMP.test(line))) return null;
  return { panic: PANIC.exec(panic ?? '')?.[1] ?? null };
}

/** A minute before the first error, in which the system was going down, and the minutes that the check takes to fail. */
const BEFORE = 2;
const AFTER = 5;

/** The minute in which the check of the system itself failed as the errors began, where it passed again later. */
export function minuteOfCheckFailure(
  values: Readonly<Partial<Record<InstanceMetric, Values>>>,
  { span }: EpisodeSpan,
): number | null {
  const checks = values.StatusCheckFailed_Instance ?? [];
  const at = checks.findIndex((value, minute) => minute >= span.first - BEFORE && (value ?? 0) > 0);
  if (at < 0 || at > span.first + AFTER) return null;
  const hostFailed =
    (sumOf(valuesIn(values.StatusCheckFailed_System, { first: at - BEFORE, last: span.last })) ?? 0) > 0;
  return !hostFailed && checks.slice(at).findLast((value) => value !== null) === 0 ? at : null;
}

/** Somebody's call this long before the first error may have started the system again, in seconds. */
const CALLED_BEFORE = 15 * 60;

/** Whether an instance was launched just before the errors: for the first time, or because it was stopped and started. */
export function wasLaunchedBefore({ launchedAt }: Instance, onset: Time): boolean {
  return launchedAt !== null && secondsBetween(plusSeconds(onset, -CALLED_BEFORE), launchedAt) > 0;
}

/** Whether somebody's call may have started it again as the errors began; `null` where CloudTrail was not read for it. */
export function wasRestartedByCall(id: string, changes: Observed<readonly ChangeEvent[]>, onset: Time): boolean | null {
  const called = (ifSeen(changes) ?? []).some(
    ({ at, details }) =>
      details.is === 'instances' &&
      details.instanceIds.includes(id) &&
      Math.abs(secondsBetween(onset, at)) <= CALLED_BEFORE,
  );
  if (called) return true;
  return changes.seen && !changes.gaps.some(({ ids }) => ids?.includes('RebootInstances') ?? true) ? false : null;
}
