import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, count, duration, type Text, text, time } from '../../incident/text.ts';
import { surveyedErrors } from '../../semantics/errors/survey.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';

const RUNS_AT_MOST = 6;

/** In a long window there may have been errors more than once, and causes are judged by the last of them. */
export function errorsOfTheWindow({
  evidence,
  question: { window, asked = window },
}: Snapshot): readonly Citation<Text>[] {
  const survey = ifSeen(evidence.loadBalancerMetrics)?.survey;
  const runs = survey === undefined ? [] : surveyedErrors(survey);
  if (survey === undefined || runs.length < 2) return [];
  const about = survey.seconds > 60 ? 'about ' : '';
  const told = runs
    .slice(-RUNS_AT_MOST)
    .map(({ from, to, errors }) => text`from ${about}${time(from)} to ${time(to)} (${count(errors, 'request')})`);
  const earlier = runs.length > told.length ? text`, the last ${count(told.length, 'time')}` : text``;
  const long = duration(secondsBetween(asked.from, asked.to));
  const shows = text`in the ${long} up to ${time(asked.to)} requests were answered 5xx ${count(runs.length, 'time')}${earlier} ${andList(told, RUNS_AT_MOST)}: the last of these is what is judged`;
  return [{ from: 'loadBalancerMetrics', shows }];
}
