import type { Episode } from '../../incident/diagnosis.ts';
import type { LoadBalancerMetrics, Values } from '../../incident/evidence.ts';
import { plusSeconds, secondsBetween, sumOf, sumOfSeries, timeOfMinute, valuesIn } from '../time/minutes.ts';
import type { Run } from './bursts.ts';
import { allErrors, errorSeries, withZeros } from './error-series.ts';
import type { IllMinutes } from './ill-minutes.ts';
import { requestSeries } from './requests.ts';
import { inSlots } from './survey.ts';

/** What came after the last ill minute: whether that is the end of it. */
export interface Aftermath {
  /** The last minute in which it failed, if only a little. */
  readonly last: number;
  /** Requests came and were answered, for longer than the pauses before: no request is no recovery. */
  readonly over: boolean;
}

/** What fails on within so many minutes goes on. */
const NEXT = 5;
/** So many minutes with answers are needed besides: one request that was answered is none. */
const ANSWERED_AT_LEAST = 3;

/**
 * `answered`: by minute, requests that were answered as they should; `null` where nobody saw. `later`: minutes without an
 * error that were seen after these, in the survey of a long window.
 */
export function aftermathOf(run: Run, ill: IllMinutes, answered: Values, lastSeen: number, later = 0): Aftermath {
  let { last } = run.span;
  let pause = 0;
  for (let minute = last + 1; minute <= lastSeen && minute <= last + NEXT; minute += 1) {
    if (!ill.isFailing(minute)) continue;
    pause = Math.max(pause, minute - last - 1);
    last = minute;
  }
  const good = answered.flatMap((count, minute) =>
    minute > last && (count ?? 0) > 0 && !ill.isFailing(minute) ? [minute] : [],
  );
  const quiet = (good.at(-1) ?? last) - last + later;
  return { last, over: good.length >= ANSWERED_AT_LEAST && quiet >= Math.max(run.patience, pause + 1) };
}

/**
 * Answers of targets, where there are any in what was read: a redirect or a fixed answer of the load balancer itself says
 * nothing of targets. Else requests that did not fail; where nobody saw how many came, minutes without an error.
 */
export function answeredSeries(metrics: LoadBalancerMetrics, asked: Values): Values {
  const ofTargets = answersOfTargets(metrics);
  if (ofTargets !== null) return ofTargets;
  return allErrors(errorSeries(metrics)).map((failed, minute) => {
    const requests = asked[minute] ?? null;
    if (requests === null) return failed === null ? null : 1;
    return Math.max(0, requests - (failed ?? 0));
  });
}

function answersOfTargets(metrics: LoadBalancerMetrics): Values | null {
  const names = ['HTTPCode_Target_2XX_Count', 'HTTPCode_Target_3XX_Count', 'HTTPCode_Target_4XX_Count'] as const;
  if (names.every((name) => metrics.values[name] === undefined)) return null;
  return sumOfSeries(...names.map((name) => withZeros(metrics, name)));
}

/** CloudWatch has the newest minutes late: fewer than these without a request tell nothing. */
const LATE = 5;

/** Since when no request was sent to a target, where that is so at the end of what was read. */
export function unaskedFrom(metrics: LoadBalancerMetrics, asked: Values, last: number): Pick<Episode, 'unasked'> {
  const { grid } = metrics;
  const came = answersOfTargets(metrics) ?? asked;
  const lastCame = Math.max(
    last,
    came.findLastIndex((requests) => (requests ?? 0) > 0),
  );
  const isSeen = asked.some((requests) => requests !== null);
  if (!isSeen || grid.minutes - 1 - lastCame < LATE) return {};
  return { unasked: { since: timeOfMinute(grid, lastCame + 1) } };
}

/** Minutes that a survey goes on after the minutes of the grid, with requests and without an error worth the name. */
export function quietMinutesAfter({ grid, survey }: LoadBalancerMetrics, few: number): number {
  if (survey === undefined) return 0;
  const end = plusSeconds(grid.from, grid.minutes * 60);
  const slots = inSlots(survey);
  const first = Math.ceil(secondsBetween(survey.from, end) / survey.seconds);
  const after = { first, last: survey.slots - 1 };
  const failed = sumOf(valuesIn(allErrors(errorSeries(slots)), after));
  const asked = sumOf(valuesIn(requestSeries(slots), after));
  if (first < 0 || failed === null || failed > few || asked === null || asked === 0) return 0;
  return Math.floor(((survey.slots - first) * survey.seconds) / 60);
}
