import type { LoadBalancerMetric, Metrics, Survey } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { maxOf, plusSeconds, type Span, sumOf, valuesIn } from '../time/minutes.ts';
import { allErrors, errorSeries } from './error-series.ts';
import { requestSeries, shareOfRequests } from './requests.ts';

/** A run of errors in a long window. */
export interface SurveyedErrors {
  readonly from: Time;
  readonly to: Time;
  readonly errors: number;
  readonly share: number | null;
  /** It may have begun before the window. */
  readonly older: boolean;
}

/** Fewer than this share of the most at any time are what there always is, unless about as many of the requests fail. */
const ILL = 0.05;
const AS_BAD = 0.5;
/** So few errors say nothing by their share. */
const FEW = 3;
/** A pause that is shorter does not end a run, in seconds. */
const PAUSE = 15 * 60;

/** The id of what is missing where a window that the minutes do not hold could not be surveyed: the minutes are whole. */
export const WHOLE_WINDOW = 'the whole window';

/** A survey with its slots in the place of minutes: what is counted in it holds, what is a number of minutes does not. */
export function inSlots({ from, slots, values }: Survey): Metrics<LoadBalancerMetric> {
  return { grid: { from, minutes: slots }, values };
}

/** All runs of errors in a long window, oldest first. */
export function surveyedErrors(survey: Survey): readonly SurveyedErrors[] {
  const metrics = inSlots(survey);
  const errors = allErrors(errorSeries(metrics));
  const requests = requestSeries(metrics);
  const peak = maxOf(errors) ?? 0;
  const shareAt = (slot: number) => (errors[slot] ?? 0) / Math.max(1, requests[slot] ?? 0, errors[slot] ?? 0);
  const worst = shareAt(errors.indexOf(peak));
  const ill = errors.flatMap((value, slot) => {
    const many = value !== null && value >= Math.max(1, ILL * peak);
    const asBad = value !== null && value >= FEW && shareAt(slot) >= AS_BAD * worst;
    return many || asBad ? [slot] : [];
  });
  const spans: Span[] = [];
  for (const slot of ill) {
    const last = spans.at(-1);
    if (last !== undefined && (slot - last.last - 1) * survey.seconds < PAUSE) {
      spans[spans.length - 1] = { first: last.first, last: slot };
    } else spans.push({ first: slot, last: slot });
  }
  return spans.map((span) => ({
    from: plusSeconds(survey.from, span.first * survey.seconds),
    to: plusSeconds(survey.from, (span.last + 1) * survey.seconds),
    errors: sumOf(valuesIn(errors, span)) ?? 0,
    share: shareOfRequests(metrics, span),
    older: span.first === 0,
  }));
}
