import type { LoadBalancerMetrics } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { timeOfMinute } from '../time/minutes.ts';
import type { EpisodeSpan } from './episode.ts';
import { surveyedErrors } from './survey.ts';
import { surveyRecurrence } from './survey-recurrence.ts';

/**
 * An episode that the minutes hold the end of, as the survey of a longer window dates and counts it: one that fills them,
 * or the last of errors that come back.
 */
export function wholeEpisode(episode: EpisodeSpan | null, observed: Observed<LoadBalancerMetrics>): EpisodeSpan | null {
  const metrics = ifSeen(observed);
  if (episode === null || episode.of !== 'errors' || metrics?.survey === undefined) return episode;
  const { onset, older, grid, span } = episode;
  const series = surveyRecurrence(metrics.survey, onset, timeOfMinute(grid, span.last + 1));
  if (series !== null && series.onset < onset) {
    return { ...episode, ...series };
  }
  if (!older) return episode;
  const run = surveyedErrors(metrics.survey).findLast(({ from, to }) => from < onset && to > onset);
  if (run === undefined) return episode;
  return { ...episode, onset: run.from, older: run.older, errors: run.errors, errorShare: run.share };
}
