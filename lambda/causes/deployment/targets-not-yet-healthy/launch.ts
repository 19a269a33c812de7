import type { Churn } from '../../../computed/churn.ts';
import type { Target, Values } from '../../../incident/evidence.ts';
import { code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import { awaitHealth } from '../../../remedies/target-group.ts';
import { baselineOf, type EpisodeSpan } from '../../../semantics/errors/episode.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { maxOf, meanOf, minuteOf, valuesIn } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

import { timesSaid } from '../rollout/rollout-words.ts';

/** Errors that begin more than this many minutes after a launch are not those of starting. */
const COINCIDES = 3;
/** Minutes around the end of the errors in which the new target became healthy. */
const READY = 3;
/** So many times the requests of the hour before may well be why there are new targets. */
const SURGE = 1.5;

/** A launch with which the errors begin, and no target left at that time: then that would be the cause. */
export function launchBefore({ arrivals, departures }: Churn, { grid, span }: EpisodeSpan): TargetWave | null {
  const isWithin = (minutes: number) => (wave: TargetWave) => {
    const since = span.first - minuteOf(grid, wave.at);
    return since <= minutes && since >= -1;
  };
  if (departures.some(isWithin(2 * COINCIDES))) return null;
  return arrivals.find(isWithin(COINCIDES)) ?? null;
}

/** How one knows that the errors end with its readiness; `null` where they do not. */
export function readinessSaid(
  { at, targetGroups }: TargetWave,
  starting: readonly Target[],
  healthy: Values | undefined,
  { grid, span, end }: EpisodeSpan,
): Text | null {
  const began = minuteOf(grid, at);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 }));
  if (before === null) return null;
  const rose = valuesIn(healthy, { first: began, last: grid.minutes - 1 }).findIndex(
    (level) => level !== null && level > before,
  );
  if (end === null) {
    const waits = rose < 0 && starting.some(({ targetGroup }) => targetGroups.includes(targetGroup));
    return waits ? text`a new target is still ${code('initial')}, and the errors go on` : null;
  }
  if (rose < 0 || Math.abs(began + rose - (span.last + 1)) > READY) return null;
  return text`one more target was healthy within ${READY} minutes of the last error`;
}

/** More requests than before are a reason of their own, both for errors and for new targets. */
function isSurge(requests: Values, episode: EpisodeSpan): boolean {
  const { first } = episode.span;
  const now = meanOf(valuesIn(requests, { first: first - 1, last: first + 2 }));
  const before = baselineOf(requests, episode);
  return now !== null && before !== null && now >= SURGE * before;
}

/** `ready`: how one knows that the errors end with its readiness. */
export function launchFinding(
  launch: TargetWave,
  ready: Text,
  requests: Values,
  episode: EpisodeSpan,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | TargetWave['from'] | 'targetGroupMetrics'> {
  const { at, from, by, targetGroups } = launch;
  const { onset } = episode;
  return {
    strength: isSurge(requests, episode) ? 'circumstantial' : 'strong',
    says: text`${count(launch.count, 'new target')} of ${groupsSaid(targetGroups)} got requests before ${launch.count === 1 ? 'it was' : 'they were'} ready`,
    since: at,
    because: [
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      {
        from,
        shows: text`${count(launch.count, 'target')} of ${resource(by)} started at ${timesSaid([launch])}`,
        at,
      },
      { from: 'targetGroupMetrics', shows: ready },
    ],
    affects: { targetGroups, targets: [] },
    explains: ['502', '503'],
    fixes: [awaitHealth(targetGroups[0] ?? '')],
    facts: { launched: launch.count, by },
  };
}
