import type { ErrorKind } from '../../incident/cause.ts';
import type { Symptoms } from '../../incident/diagnosis.ts';
import type { LoadBalancerMetric, LoadBalancerMetrics, Metrics, Values } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import type { Window } from '../../incident/question.ts';
import { type Span, secondsBetween, spanOf, sumOf, valuesIn } from '../time/minutes.ts';
import { areSymptomsSeen, errorSeries } from './error-series.ts';
import { requestSeries, shareOfRequests } from './requests.ts';
import { inSlots } from './survey.ts';

/**
 * What was asked of the load balancer in the window, and what of it failed: of a long window by its survey. Without one,
 * what the minutes do not reach is not known, and so is the whole.
 */
export function symptomsOf(observed: Observed<LoadBalancerMetrics>, window: Window): Symptoms {
  if (!observed.seen) return UNSEEN;
  const { grid, survey } = observed.value;
  if (survey !== undefined) return symptomsIn(inSlots(survey), { first: 0, last: survey.slots - 1 });
  if (!areSymptomsSeen(observed) || secondsBetween(window.from, grid.from) > 0) return UNSEEN;
  return symptomsIn(observed.value, spanOf(grid, window.from, window.to));
}

/** How many errors of a kind were counted; `null` where they were not seen. */
export function symptomCount({ elb, target5xx }: Symptoms, kind: ErrorKind): number | null {
  return kind === 'target5xx' ? target5xx : elb[kind];
}

function symptomsIn(metrics: Metrics<LoadBalancerMetric>, span: Span): Symptoms {
  const errors = errorSeries(metrics);
  const inSpan = (values: Values): number | null => sumOf(valuesIn(values, span));
  return {
    requests: inSpan(requestSeries(metrics)),
    elb: {
      '500': inSpan(errors['500']),
      '502': inSpan(errors['502']),
      '503': inSpan(errors['503']),
      '504': inSpan(errors['504']),
      other5xx: inSpan(errors.other5xx),
    },
    target5xx: inSpan(errors.target5xx),
    errorShare: shareOfRequests(metrics, span),
  };
}

const UNSEEN: Symptoms = {
  requests: null,
  elb: { '500': null, '502': null, '503': null, '504': null, other5xx: null },
  target5xx: null,
  errorShare: null,
};
