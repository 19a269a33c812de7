import type { ConsoleOutput, InstanceMetric, Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';

/** What a console keeps of a system that started again. */
export interface InstanceRestart {
  /** In the kernel's words, e.g. `Fatal exception in interrupt`; `null` where it told nothing. */
  readonly panic: string | null;
}

const PANIC = /Kernel panic - not syncing: (.+?)\s*$/i;
const BOOT = /\bLinux version \d/;
const STAMP = /\[\s*\d+\.\d+\]/;

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
