import type { Snapshot } from '../incident/snapshot.ts';
import { count, duration, type Text, text, time, wholeDuration } from '../incident/text.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { allErrors, areSymptomsSeen, errorSeries, reportedRange } from '../semantics/errors/error-series.ts';
import { isFuture } from '../semantics/time/future.ts';
import { secondsBetween, spanOf, sumOf, timeOfMinute } from '../semantics/time/minutes.ts';

/**
 * That what was read holds no error of the window, where the window is not known to hold none: a part of it was not read,
 * nobody came in it after the errors before, or it is still to come. Nothing of it is quiet, and nothing is the cause
 * of errors that nobody saw. Else `null`.
 */
export function noErrorRead(
  episode: EpisodeSpan | null,
  { evidence: { loadBalancerMetrics }, question: { at, window, asked = window }, collectedAt }: Snapshot,
): Text | null {
  if (isFuture(at, collectedAt)) {
    return text`the time asked about, ${time(at)}, was still in the future when AWS was read`;
  }
  if (episode?.of === 'errors' || !areSymptomsSeen(loadBalancerMetrics)) return null;
  const { value } = loadBalancerMetrics;
  const range = reportedRange(value);
  if (range === null || value.survey !== undefined) return null;
  const { grid } = value;
  const failed = allErrors(errorSeries(value));
  const last = failed.findLastIndex((errors) => (errors ?? 0) > 0);
  const span = text`the ${wholeDuration(secondsBetween(asked.from, asked.to))} up to ${time(asked.to)}`;
  const read = duration(60 * grid.minutes);
  if (secondsBetween(asked.from, grid.from) > 0) {
    const none = text`no error was found in the last ${read}, which were read`;
    return last < 0 ? text`${span} could not be read completely, and ${none}` : null;
  }
  if (last < 0 || range.last >= spanOf(grid, window.from, window.to).first) return null;
  return text`no request was counted in ${span}; the last error before was at ${time(timeOfMinute(grid, last))}, and ${count(sumOf(failed) ?? 0, 'request')} failed in the ${read} that were read`;
}
