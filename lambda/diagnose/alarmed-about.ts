import type { LoadBalancerMetric, Metrics } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import {
  count,
  formatNumber,
  inSeconds,
  type Phrase,
  percent,
  phrase,
  type Text,
  text,
  time,
} from '../incident/text.ts';
import { countsErrors } from '../semantics/errors/error-alarm.ts';
import { withZeros } from '../semantics/errors/error-series.ts';
import { levelIn, meanOf, type Span, spanOf, sumOf, timeOfMinute, valuesIn } from '../semantics/time/minutes.ts';
import { type ClientErrors, moreClientErrors, refusedRequests } from '../semantics/traffic/level-shifts.ts';

/** Minutes at the end of the window that are now, and that are before. */
const NOW = 5;
const HOUR = 60;
/** From so many times as long on, answers are slower than they were. */
const TIMES = 2;

/** What an alarm measured that is about no 5xx: 4xx, or how long targets take to answer; `null` for any other. */
export function alarmedAbout({ evidence, question: { trigger, window } }: Snapshot): Text | null {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (metrics === undefined || countsErrors(trigger) !== false) return null;
  const { grid } = metrics;
  const { first, last } = spanOf(grid, window.from, window.to);
  // The newest minute is incomplete.
  const span = { first, last: Math.min(last, grid.minutes - 2) };
  const about = (name: string): boolean => trigger.metrics?.some((metric) => metric.includes(name)) === true;
  if (about('HTTPCode_ELB_4XX')) {
    const rise = refusedRequests(metrics, window);
    return clientErrors(text`the load balancer itself`, 'HTTPCode_ELB_4XX_Count', rise, metrics, span);
  }
  if (about('HTTPCode_Target_4XX')) {
    const rise = moreClientErrors(metrics, window);
    return clientErrors(text`the targets`, 'HTTPCode_Target_4XX_Count', rise, metrics, span);
  }
  return about('TargetResponseTime') ? answerTimes(metrics, span) : null;
}

function clientErrors(
  who: Text,
  name: LoadBalancerMetric,
  rise: ClientErrors | null,
  metrics: Metrics<LoadBalancerMetric>,
  span: Span,
): Text | null {
  const since = rise?.since ?? null;
  const counts = withZeros(metrics, name);
  const from = since === null ? span.first : Math.round((Date.parse(since) - Date.parse(metrics.grid.from)) / 60_000);
  const total = sumOf(valuesIn(counts, { first: from, last: span.last }));
  if (total === null) return null;
  const when = since === null ? text` since ${time(timeOfMinute(metrics.grid, from))}` : text` since ${time(since)}`;
  const rate = total / (span.last - from + 1);
  const before = levelIn(counts, { first: Math.max(0, from - HOUR), last: from - 1 });
  const against = before === null ? text`` : text`, against ${aMinute(before)} a minute in the hour before`;
  const share =
    rise === null || since === null ? text`` : text`, ${percent(Math.min(1, rise.share))} of all requests recently,`;
  return text`${who} answered ${total === 0 ? 'no request' : count(total, 'request')}${share} with 4xx${when} (${aMinute(rate)} a minute${against})`;
}

const MEASURES = ['p99', 'max', 'p50'] as const;
const NAMES: Readonly<Record<(typeof MEASURES)[number], Phrase>> = {
  p99: phrase`the slowest 1 % of responses`,
  max: phrase`the slowest response`,
  p50: phrase`half of the responses`,
};

function answerTimes({ grid, values }: Metrics<LoadBalancerMetric>, { first, last }: Span): Text | null {
  for (const of of MEASURES) {
    const times = values[`TargetResponseTime.${of}`];
    const now = meanOf(valuesIn(times, { first: last - NOW + 1, last }));
    if (now === null) continue;
    const before = levelIn(times, { first: Math.max(0, first - HOUR), last: first - 1 });
    const takes = text`${NAMES[of]} of a minute took ${inSeconds(now)}${of === 'max' ? '' : ' or more'} in the last ${NOW} minutes`;
    if (before === null) return takes;
    const isSlower = now >= TIMES * before;
    const turn = isSlower ? turnIn(times ?? [], { first, last }, (now + before) / 2) : null;
    const since = turn === null ? text`` : text`; slow since ${time(timeOfMinute(grid, turn))}`;
    return text`${takes}, against ${inSeconds(before)} in the hour before${since}`;
  }
  return null;
}

/** Since when it has been nearer to what it is now; a minute without an answer says nothing, and one alone is chance. */
function turnIn(times: readonly (number | null)[], { first, last }: Span, middle: number): number | null {
  const isSlow = (minute: number): boolean => (times[minute] ?? Number.POSITIVE_INFINITY) >= middle;
  let turn = last + 1;
  while (turn > first && (isSlow(turn - 1) || isSlow(turn - 2))) turn -= 1;
  while (turn <= last && (times[turn] ?? 0) < middle) turn += 1;
  // What was slow as the window began may have been so before.
  return turn > last || turn === first ? null : turn;
}

function aMinute(value: number): Phrase {
  return formatNumber(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
