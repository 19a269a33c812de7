import type { TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { meanOf, type Span, valuesIn } from '../time/minutes.ts';

/** How few targets of a group carried its requests as errors began. */
export interface FewHealthy {
  /** The first minute in which at most half of the targets were healthy. */
  readonly first: number;
  readonly healthy: number;
  readonly of: number;
  /** Of the others, those that a zonal shift keeps requests from: healthy, and of no use. */
  readonly shifted: number;
  /** Requests a minute for each healthy target: before that minute, and as the errors began. */
  readonly before: number | null;
  readonly now: number | null;
}

/**
 * Looks back from the onset: the loss must be older than the errors, or it is what the failing targets brought themselves.
 * With no healthy target left all get requests: that is no load on a few. `not-seen`: AWS sent no host counts then.
 */
export function fewHealthyBefore(
  values: Readonly<Partial<Record<TargetGroupMetric, Values>>>,
  requests: Values | undefined,
  onset: number,
): FewHealthy | 'not-seen' | null {
  const shiftedAt = (values['ActiveZonalShiftHostCount.max'] ?? []).map((count) => count ?? 0);
  const isCounted = countsShifted(values, shiftedAt);
  const healthyAt = (values['HealthyHostCount.min'] ?? []).map((count, minute) =>
    count === null || !isCounted(minute) ? count : count - (shiftedAt[minute] ?? 0),
  );
  const failingAt = (values['UnHealthyHostCount.max'] ?? []).map((count, minute) =>
    count === null ? null : count + (shiftedAt[minute] ?? 0),
  );
  const few = (minute: number): boolean => {
    const [healthy, failing] = [healthyAt[minute] ?? null, failingAt[minute] ?? null];
    return healthy !== null && failing !== null && healthy >= 1 && healthy <= failing;
  };
  if ((healthyAt[onset - 1] ?? failingAt[onset - 1] ?? null) === null) return 'not-seen';
  if (!few(onset - 1)) return null;
  let first = onset - 1;
  while (few(first - 1)) first -= 1;
  const perHealthy = Array.from(requests ?? [], (count, minute) => {
    const healthy = healthyAt[minute] ?? 0;
    return count === null || healthy === 0 ? null : count / healthy;
  });
  const mean = (span: Span) => meanOf(valuesIn(perHealthy, span));
  return {
    first,
    healthy: healthyAt[onset - 1] ?? 0,
    of: (healthyAt[onset - 1] ?? 0) + (failingAt[onset - 1] ?? 0),
    shifted: shiftedAt[onset - 1] ?? 0,
    before: first <= 0 ? null : mean({ first: first - 60, last: first - 1 }),
    now: mean({ first: onset - 1, last: onset + 2 }),
  };
}

/**
 * Whether the targets that a zonal shift keeps requests from are counted among the healthy ones: they pass their health
 * checks, and AWS does not say. They are, as long as there seem to be as many targets as before the shift.
 */
function countsShifted(
  values: Readonly<Partial<Record<TargetGroupMetric, Values>>>,
  shiftedAt: readonly number[],
): (minute: number) => boolean {
  const allAt = (minute: number): number =>
    (values['HealthyHostCount.min']?.[minute] ?? 0) + (values['UnHealthyHostCount.max']?.[minute] ?? 0);
  const before = shiftedAt.findIndex((count) => count > 0) - 1;
  return (minute) => (shiftedAt[minute] ?? 0) > 0 && allAt(minute) >= allAt(Math.max(0, before));
}
