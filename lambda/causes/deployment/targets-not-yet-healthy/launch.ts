import type { Values } from '../../../incident/evidence.ts';
import { code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import { awaitHealth } from '../../../remedies/target-group.ts';
import { baselineOf, type EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { type LaunchReadiness, READY_WITHIN } from '../../../semantics/targets/launches.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { meanOf, valuesIn } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** So many times the requests of the hour before may well be why there are new targets. */
const SURGE = 1.5;

/** More requests than before are a reason of their own, both for errors and for new targets; so they may be where it was not seen. */
function maySurge(requests: Values, episode: EpisodeSpan): boolean {
  const { first } = episode.span;
  const now = meanOf(valuesIn(requests, { first: first - 1, last: first + 2 }));
  const before = baselineOf(requests, episode);
  return now === null || before === null || now >= SURGE * before;
}

/** How one knows that the errors end with its readiness. */
const READY: Readonly<Record<LaunchReadiness, Text>> = {
  awaited: text`a new target is still ${code('initial')}, and the errors go on`,
  reached: text`one more target was healthy within ${READY_WITHIN} minutes of the last error`,
};

export function launchFinding(
  launch: TargetWave,
  readiness: LaunchReadiness,
  requests: Values,
  episode: EpisodeSpan,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | TargetWave['from'] | 'targetGroupMetrics'> {
  const { at, from, by, targetGroups } = launch;
  const { onset } = episode;
  return {
    strength: maySurge(requests, episode) ? 'circumstantial' : 'strong',
    says: text`${count(launch.count, 'new target')} of ${groupsSaid(targetGroups)} got requests before ${launch.count === 1 ? 'it was' : 'they were'} ready`,
    since: at,
    because: [
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      { from, shows: text`${count(launch.count, 'target')} of ${resource(by)} started at ${time(at)}`, at },
      { from: 'targetGroupMetrics', shows: READY[readiness] },
    ],
    affects: { targetGroups, targets: [] },
    explains: ['502', '503'],
    fixes: [awaitHealth(targetGroups[0] ?? '')],
    facts: { launched: launch.count, by },
  };
}
