import type { MetricsById, Target, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';

import {
  earliest,
  maxOf,
  minuteOf,
  type Span,
  secondsBetween,
  seenValues,
  timeOfMinute,
  valuesIn,
} from '../time/minutes.ts';
import { targetsOf } from './targets.ts';

/** Minutes in which those that failed are taken away, and those that came instead are not yet called unhealthy. */
const REPLACEMENT = 15;

/**
 * The first minute of the run with unhealthy targets that lasts until now; `undefined` where the group's metrics show
 * none, or were not sent. A run that fills what was read may be older. While the failing ones are replaced no target is
 * unhealthy, and no more are healthy than before: that does not end it. The youngest tell only of themselves.
 */
export function unhealthySince(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  targetGroup: string,
): Time | undefined {
  const values = metrics?.of.find(({ id }) => id === targetGroup)?.values;
  const failing = values?.['UnHealthyHostCount.max'] ?? [];
  const healthy = values?.['HealthyHostCount.min'] ?? [];
  let first: number | undefined;
  let [replaced, mostHealthy] = [0, 0];
  for (let index = failing.length - 1; index >= 0; index -= 1) {
    const [ill, well] = [failing[index] ?? null, healthy[index] ?? null];
    if (ill === null) continue;
    if (ill > 0) {
      [first, replaced, mostHealthy] = [index, 0, Math.max(mostHealthy, well ?? 0)];
      continue;
    }
    replaced += 1;
    if (well === null || well > mostHealthy || replaced > REPLACEMENT) break;
  }
  return metrics === undefined || first === undefined ? undefined : timeOfMinute(metrics.grid, first);
}

/** With what happened then: it takes some failed checks until a target is called so. */
export function becameUnhealthyAt(
  at: Time,
  metrics: MetricsById<TargetGroupMetric> | undefined,
  targetGroup: string,
): boolean {
  const since = unhealthySince(metrics, targetGroup);
  const seconds = since === undefined ? Number.NaN : secondsBetween(at, since);
  return -120 <= seconds && seconds <= 600;
}

/**
 * The first minute of the run with no more healthy targets than now. `undefined` where that was not sent, not for long
 * enough to have seen more, or not yet: metrics come some minutes after what they count. A run that fills all of the three
 * hours may be older.
 */
function fewerHealthySince(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  targetGroup: string,
  healthy: number,
): Time | undefined {
  const values = metrics?.of.find(({ id }) => id === targetGroup)?.values['HealthyHostCount.min'] ?? [];
  const now = values.findLast((value) => value !== null);
  if (metrics === undefined || now === undefined || now === null || now > healthy) return undefined;
  const more = values.findLastIndex((value) => value !== null && value > now);
  const first = values.findIndex((value, minute) => minute > more && value !== null);
  return more < 0 && first > 1 ? undefined : timeOfMinute(metrics.grid, first);
}

/** The earliest time since which one of these groups has had no more healthy targets than now. */
export function fewerInSince(
  groups: readonly string[],
  targets: readonly Target[],
  metrics: MetricsById<TargetGroupMetric> | undefined,
): Time | undefined {
  const healthyIn = (arn: string) => targetsOf(targets, arn).filter(({ state }) => state === 'healthy').length;
  return earliest(groups.map((arn) => fewerHealthySince(metrics, arn, healthyIn(arn))));
}

/** Whether never fewer targets were healthy than before the deployment, and some were; `null` where that was not seen. */
export function oldOnesCarryOn(healthy: Values | undefined, since: Time, { grid, span }: EpisodeSpan): boolean | null {
  const began = minuteOf(grid, since);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 }));
  const during = valuesIn(healthy, { first: Math.max(began, span.first - 5), last: span.last });
  if (before === null || maxOf(during) === null) return null;
  return before > 0 && during.every((level) => level !== null && level >= before);
}

/** Whether never fewer targets were healthy than before, and some were, until errors began; `false` where that was not seen. */
export function keptHealthyUntil(healthy: Values | undefined, since: Time, { grid, span }: EpisodeSpan): boolean {
  const began = minuteOf(grid, since);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 })) ?? 0;
  const until = valuesIn(healthy, { first: began, last: span.first - 1 });
  return before > 0 && until.length > 0 && until.every((level) => level !== null && level >= before);
}

/** The healthy targets of all these groups together, minute by minute; unseen where that of one is. */
export function healthyOf(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  groups: readonly string[],
): Values | undefined {
  const series = groups.map((arn) => metrics?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min']);
  const [first, ...rest] = series;
  if (first === undefined) return undefined;
  return first.map((value, minute) =>
    rest.reduce<number | null>((sum, other) => {
      const more = other?.[minute] ?? null;
      return sum === null || more === null ? null : sum + more;
    }, value),
  );
}

/** How often, in the minutes of the errors, fewer targets of a group were healthy than a minute before. */
export function fallsOfHealthy(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  targetGroup: string,
  { span }: EpisodeSpan,
): number {
  const healthy = metrics?.of.find(({ id }) => id === targetGroup)?.values['HealthyHostCount.min'];
  const levels = seenValues(valuesIn(healthy, { first: span.first - 2, last: span.last }));
  return levels.filter((value, index) => index > 0 && value < (levels[index - 1] ?? 0)).length;
}

/** The first minute of a span, or of the two before it, in which fewer were healthy than before it. */
export function firstFallOfHealthy(healthy: Values | undefined, { first, last }: Span): number | null {
  let level: number | null = null;
  for (let minute = Math.max(0, first - 2); minute <= last; minute += 1) {
    const now = healthy?.[minute] ?? null;
    if (now !== null && level !== null && now < level) return minute;
    level = now ?? level;
  }
  return null;
}

/** Whether targets were healthy, and the same number of them, in all minutes. */
export function hostsDuring(targetGroup: string, metrics: MetricsById<TargetGroupMetric> | undefined, span: Span) {
  const values = metrics?.of.find(({ id }) => id === targetGroup)?.values;
  const failing = maxOf(valuesIn(values?.['UnHealthyHostCount.max'], span));
  const healthy = new Set(seenValues(valuesIn(values?.['HealthyHostCount.min'], span)));
  if ((failing ?? 0) > 0 || healthy.size > 1) return 'changed';
  return failing === null || healthy.size === 0 ? 'unseen' : 'same';
}

/** Whether it had no healthy target in all that was read; not where nothing of it was. */
export function neverHealthy(metrics: MetricsById<TargetGroupMetric> | undefined, targetGroup: string): boolean {
  return maxOf(metrics?.of.find(({ id }) => id === targetGroup)?.values['HealthyHostCount.min'] ?? []) === 0;
}

/** Whether one of the groups had unhealthy targets in a span. */
export function hadUnhealthy(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  groups: readonly string[],
  span: Span,
): boolean {
  const own = (metrics?.of ?? []).filter(({ id }) => groups.includes(id));
  return own.some(({ values }) => (maxOf(valuesIn(values['UnHealthyHostCount.max'], span)) ?? 0) > 0);
}

/** From the minute after a time on, as far as its counts were sent at all: a group without a target sends none. */
export function neverHealthySince(
  at: Time,
  metrics: MetricsById<TargetGroupMetric> | undefined,
  targetGroup: string,
): boolean {
  const counts = metrics?.of.find(({ id }) => id === targetGroup)?.values['HealthyHostCount.min'] ?? [];
  if (metrics === undefined || seenValues(counts).length === 0) return false;
  return (maxOf(counts.slice(minuteOf(metrics.grid, at) + 1)) ?? 0) === 0;
}

/** Since the minute of a time, its healthy targets grew no more: those that were launched then were never among them. */
export function noneBecameHealthySince(
  at: Time,
  metrics: MetricsById<TargetGroupMetric>,
  targetGroup: string,
): boolean {
  const counts = metrics.of.find(({ id }) => id === targetGroup)?.values['HealthyHostCount.min'] ?? [];
  const launch = minuteOf(metrics.grid, at);
  const before = counts.findLast((healthy, minute) => minute <= launch && healthy !== null) ?? 0;
  const since = seenValues(counts.slice(launch + 1));
  return since.length > 0 && since.every((healthy, index) => healthy <= (since[index - 1] ?? before));
}
