import type { Episode } from '../../incident/diagnosis.ts';
import type { Survey } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { maxOf, plusSeconds, secondsBetween, sumOf, valuesIn } from '../time/minutes.ts';
import { regularBeginnings } from '../time/regular-beginnings.ts';
import { allErrors, errorSeries, reportedRange } from './error-series.ts';
import { shareOfRequests } from './requests.ts';
import { inSlots, surveyedErrors } from './survey.ts';

/** Errors that come back too rarely for the minutes to show it: only the survey of a long window holds enough of them. */
interface Recurrence extends Pick<Episode, 'errors' | 'errorShare' | 'older'> {
  readonly onset: Time;
  readonly recurring: NonNullable<Episode['recurring']>;
}

/** So many runs are needed; of single errors, which may lie at regular intervals by chance, more. */
const RUNS = 3;
const RUNS_OF_FEW = 6;
const FEW_ERRORS = 10;
/** As for bursts in minutes, one waits a fifth longer. */
const OVERDUE = 1.2;
/** The first of them may come so much later than regularly, as a share of that. */
const LATER = 0.15;

/**
 * Runs of errors that begin at regular intervals, the last of them between these times, where the next one is not overdue:
 * nothing shows that it will not come. Else `null`.
 */
export function surveyRecurrence(survey: Survey, from: Time, to: Time): Recurrence | null {
  const runs = surveyedErrors(survey);
  const begun = runs.map(({ from }) => secondsBetween(survey.from, from));
  const { count, every: everySeconds = 0 } = regularBeginnings(begun, survey.seconds);
  const own = runs.slice(-count);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined || last.to <= from || last.from >= to) return null;
  const slots = inSlots(survey);
  const errors = allErrors(errorSeries(slots));
  const few = (maxOf(errors) ?? 0) <= FEW_ERRORS;
  if (count < (few ? RUNS_OF_FEW : RUNS)) return null;
  const seen = plusSeconds(survey.from, ((reportedRange(slots)?.last ?? 0) + 1) * survey.seconds);
  const patience = Math.max(OVERDUE * everySeconds, everySeconds + survey.seconds) + LATE;
  if (secondsBetween(last.from, seen) > patience) return null;
  const span = slotsOf(survey, first.from, last.to);
  return {
    onset: first.from,
    older: secondsBetween(survey.from, first.from) <= (1 + LATER) * everySeconds,
    errors: sumOf(valuesIn(errors, span)) ?? 0,
    errorShare: shareOfRequests(slots, span),
    recurring: { bursts: count, everySeconds, last: { from: last.from, to: last.to } },
  };
}

/** CloudWatch has the newest minutes late, in seconds. */
const LATE = 60;

function slotsOf({ from, seconds }: Survey, first: Time, until: Time) {
  const slotAt = (at: Time) => Math.round(secondsBetween(from, at) / seconds);
  return { first: slotAt(first), last: slotAt(until) - 1 };
}
