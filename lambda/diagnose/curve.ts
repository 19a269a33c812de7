import { ERROR_KINDS } from '../incident/cause.ts';
import type { LoadBalancerMetrics } from '../incident/evidence.ts';
import { missingIds, type Observed } from '../incident/observed.ts';
import type { Curve } from '../incident/topology.ts';
import { errorSeries, errorsOfKinds, uncountedKinds } from '../semantics/errors/error-series.ts';
import { askedSeries } from '../semantics/errors/requests.ts';
import { inSlots } from '../semantics/errors/survey.ts';

const MINUTE = 60;

/** Of a long window all of it, as coarse as it was read; a minute that was not seen is none without errors. */
export function curveOf(observed: Observed<LoadBalancerMetrics>): Curve | undefined {
  if (!observed.seen) return undefined;
  const { survey } = observed.value;
  const metrics = survey === undefined ? observed.value : inSlots(survey);
  const { from, minutes } = metrics.grid;
  const errors = errorSeries(metrics);
  const missing = missingIds(observed);
  const unread = uncountedKinds(missing, errors, { first: 0, last: minutes - 1 });
  const none = Array.from({ length: minutes }, () => null);
  const read = ERROR_KINDS.filter((kind) => !unread.has(kind));
  return {
    from,
    step: survey?.seconds ?? MINUTE,
    requests: missing.has('RequestCount') ? none : askedSeries(metrics),
    errors: read
      .filter((kind) => errors[kind].some((count) => (count ?? 0) > 0))
      .map((kind) => ({ kind, counts: errors[kind] })),
    all: read.length === 0 ? none : errorsOfKinds(errors, read),
    unread: ERROR_KINDS.filter((kind) => unread.has(kind)),
  };
}
