import type { Episode } from '../../incident/diagnosis.ts';
import type { LoadBalancerMetrics, Survey, Values } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Window } from '../../incident/question.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, count, formatNumber, type Text, text, time } from '../../incident/text.ts';
import { QUIET_ERRORS } from '../../semantics/errors/episode.ts';
import { type SurveyedErrors, surveyedErrors } from '../../semantics/errors/survey.ts';
import { spanOf, timeOfMinute, valuesIn } from '../../semantics/time/minutes.ts';

const RUNS_AT_MOST = 6;

/** In a window there may have been errors before, and causes are judged by the last of them. */
export function errorsOfTheWindow(
  { evidence, question: { window } }: Snapshot,
  episode: Episode | null,
): readonly Citation<Text>[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (metrics === undefined || episode?.of === 'failing-targets') return [];
  const survey = metrics.survey ?? minutesOf(metrics, window);
  const others = surveyedErrors(survey).filter(
    ({ to, errors }) => errors > QUIET_ERRORS && (episode === null || to <= episode.onset),
  );
  if (others.length === 0) return [];
  return [{ from: 'loadBalancerMetrics', shows: told(others, survey.seconds > 60, episode !== null) }];
}

function told(runs: readonly SurveyedErrors[], rough: boolean, judged: boolean): Text {
  const about = rough ? 'about ' : '';
  const when = judged ? 'earlier in the window' : 'in the window';
  const asWell = judged ? ' as well' : '';
  const [first] = runs;
  if (runs.length === 1 && first !== undefined) {
    const { from, to, errors } = first;
    return text`${when}, from ${about}${time(from)} to ${time(to)}, ${formatNumber(errors)} requests failed${asWell}: those are not judged here`;
  }
  const shown = runs
    .slice(-RUNS_AT_MOST)
    .map(({ from, to, errors }) => text`from ${about}${time(from)} to ${time(to)} (${count(errors, 'request')})`);
  const of = runs.length > shown.length ? text`, the last ${formatNumber(shown.length)} times` : text``;
  return text`${when}, requests failed${asWell} ${formatNumber(runs.length)} times${of} ${andList(shown, RUNS_AT_MOST)}: those are not judged here`;
}

/** The minutes of a window that they hold, as a survey of it. */
function minutesOf({ grid, values }: LoadBalancerMetrics, { from, to }: Window): Survey {
  const span = spanOf(grid, from, to);
  const part = Object.entries(values).map(([name, each]): [string, Values] => [name, valuesIn(each, span)]);
  return {
    from: timeOfMinute(grid, span.first),
    seconds: 60,
    slots: span.last - span.first + 1,
    values: Object.fromEntries(part),
  };
}
