import type { MetricsById, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { eventsOf } from './service-events.ts';
import type { ServiceInUse } from './services.ts';

/** So many crashes, at the least, show a pace. */
const PACE = 3;
/** Metrics are told by the minute, and no two crashes take the same time to the second. */
const TOLERANCE = 90;
/** Errors of the first minute or two after a crash begin with it. */
const ONSET = 120;

/**
 * Crashes before those that ECS shows, oldest first, where these come at an equal pace and the same pace leads back to the
 * onset: a group that lost its target, and events of the service, tell of them. None where there is no such pace.
 */
export function crashesAtSamePace(
  crashes: readonly Time[],
  inUse: ServiceInUse,
  groupMetrics: MetricsById<TargetGroupMetric> | undefined,
  onset: Time,
): readonly Time[] {
  const [first] = crashes;
  const pace = paceOf(crashes);
  if (first === undefined || pace === null) return [];
  const marks = [
    ...lossesIn(inUse.groups, groupMetrics),
    ...eventsOf(inUse.service)
      .filter(tellsOfLoss)
      .map(({ at }) => at),
  ];
  const near = (moment: number) =>
    marks
      .filter((at) => Math.abs(Date.parse(at) - moment) <= TOLERANCE * 1000)
      .sort((a, b) => distance(a, moment) - distance(b, moment))[0];
  // What tells of those before has to tell of those that ECS shows.
  if (crashes.some((at) => near(Date.parse(at)) === undefined)) return [];
  const earlier: Time[] = [];
  const before = (at: Time) => near(Date.parse(at) - pace * 1000);
  for (let mark = before(first); mark !== undefined; mark = before(mark)) earlier.unshift(mark);
  const [earliest] = earlier;
  return earliest !== undefined && secondsBetween(earliest, onset) >= -ONSET ? earlier : [];
}

function distance(at: Time, moment: number): number {
  return Math.abs(Date.parse(at) - moment);
}

/** In seconds, from one to the next; `null` where they came at no equal pace. */
function paceOf(crashes: readonly Time[]): number | null {
  const [first, last] = [crashes[0], crashes.at(-1)];
  if (first === undefined || last === undefined || crashes.length < PACE) return null;
  const pace = secondsBetween(first, last) / (crashes.length - 1);
  const isEqual = crashes.every((at, index) => Math.abs(secondsBetween(first, at) - index * pace) <= TOLERANCE);
  return isEqual && pace > 2 * TOLERANCE ? pace : null;
}

const tellsOfLoss = ({ kind }: { readonly kind: string }): boolean =>
  ['started', 'stopped', 'deregistered'].includes(kind);

/** The minutes in which a group had no target any more, or fewer healthy ones than the minute before. */
function lossesIn(groups: readonly string[], metrics: MetricsById<TargetGroupMetric> | undefined): readonly Time[] {
  return (metrics?.of ?? [])
    .filter(({ id }) => groups.includes(id))
    .flatMap(({ values }) => {
      const healthy = values['HealthyHostCount.min'] ?? [];
      return healthy.flatMap((value, minute) => {
        const before = healthy[minute - 1] ?? null;
        return metrics !== undefined && before !== null && (value ?? -1) < before
          ? [timeOfMinute(metrics.grid, minute)]
          : [];
      });
    });
}
