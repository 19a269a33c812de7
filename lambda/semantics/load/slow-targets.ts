import type { Target } from '../../incident/evidence.ts';
import type { Span } from '../time/minutes.ts';
import { type MedianTimes, medianAsBefore } from '../traffic/answer-pace.ts';
import { failFewerThanOne } from './part-of-group.ts';

interface AskedGroup {
  readonly targets: readonly Target[];
  /** Of the requests to it; `null` where that is not known. */
  readonly failedShare: number | null;
  readonly times: MedianTimes | undefined;
}

/**
 * A target at a limit is slow to all that it is asked. Where most answers of every group are as fast as ever, and far fewer
 * requests fail than one target gets, some requests are slow and no target is, whether its memory and disks were seen or
 * not: then the longest of the medians; `null` where it may be a target.
 */
export function medianWithoutSlowTargets(groups: readonly AskedGroup[], span: Span): number | null {
  const medians = groups.map(({ targets, failedShare, times }) =>
    failFewerThanOne(targets, failedShare) ? medianAsBefore(times, span) : null,
  );
  return medians.reduce<number | null>(
    (most, median, index) => (median === null || (most === null && index > 0) ? null : Math.max(most ?? 0, median)),
    null,
  );
}
