import type { AutoScalingGroup, LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import type { ServiceInUse } from '../ecs/services.ts';
import { type TaskStopKind, taskStopsIn } from '../ecs/task-stops.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { type ErrorsNearWaves, errorsNearWaves } from '../errors/errors-near-waves.ts';
import { secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { slowestAnswer } from '../traffic/latency.ts';
import { healthyOf } from './health-history.ts';
import { isCutUnseen, type RequestCut, requestCut } from './request-cut.ts';
import type { TargetMovers, TargetWave } from './target-waves.ts';

/** Targets that were taken away on purpose, and the errors next to that. */
export interface Rollout extends ErrorsNearWaves {
  readonly groups: readonly string[];
  /** Whose targets they were. */
  readonly services: readonly ServiceInUse[];
  readonly scalingGroups: readonly AutoScalingGroup[];
  /** What the same had removed shortly before, with no error next to it. */
  readonly before: readonly TargetWave[];
  /** Each burst begins with a wave, there are hardly any errors elsewhere, and what came instead did not end by itself. */
  readonly fits: boolean;
  /** Most errors came when none had left lately, and with as many targets as before: they have another cause. */
  readonly elsewhere: boolean;
  /** How many tasks that came instead ended by themselves: they keep the capacity away, whatever took it first. */
  readonly crashed: number;
  readonly cut: RequestCut | null;
  /** Whether something of what tells that could not be read: that nothing cut requests is not known then. */
  readonly isCutUnseen: boolean;
}

/** What moved the targets, how many were healthy, and what is known of requests on their way. */
type RolloutEvidence = Omit<TargetMovers, 'changes'> &
  Pick<ObservedEvidence, 'targetGroupMetrics' | 'targetGroupAttributes' | 'ecsTaskDefinitions'> & {
    readonly loadBalancerMetrics: Metrics<LoadBalancerMetric>;
  };

/** Not every error in a burst is that of the rollout, nor every minute whole. */
const NEARLY_ALL = 0.9;
/** With less than this share of the errors, what left is not why most came. */
const SMALL = 0.4;

/** The rollout that these departures are, next to such errors; `null` where there are none. */
export function rolloutNextTo(
  errors: Values,
  departures: readonly TargetWave[],
  episode: EpisodeSpan,
  seen: RolloutEvidence,
): Rollout | null {
  const healthy = healthyOf(ifSeen(seen.targetGroupMetrics), groupsIn(departures));
  const near = errorsNearWaves(departures, errors, episode, healthy);
  if (near === null) return null;
  const movers = new Set(near.waves.flatMap(({ by, from }) => (from === 'changes' ? [] : [by])));
  const services = seen.services.filter(({ service }) => movers.has(service.id));
  const groups = groupsIn(near.waves);
  const crashed = crashesSince(near.waves[0].at, services, episode);
  return {
    ...near,
    ...{ groups, services, scalingGroups: seen.scalingGroups.filter(({ name }) => movers.has(name)) },
    before: leftBefore(near.waves, departures),
    fits: near.begun === near.bursts && near.share >= NEARLY_ALL && crashed === 0,
    elsewhere: near.share < SMALL && near.short === false,
    crashed,
    isCutUnseen: isCutUnseen(seen, groups, services),
    cut: requestCut(seen, groups, services, slowestAnswer(seen.loadBalancerMetrics.values, episode.span)),
  };
}

/** A rollout goes through its targets within minutes, in seconds. */
const SAME_ROLLOUT = 10 * 60;

function leftBefore([first, ...rest]: ErrorsNearWaves['waves'], departures: readonly TargetWave[]) {
  const movers = new Set([first, ...rest].map(({ by }) => by));
  return departures.filter((wave) => {
    const seconds = secondsBetween(wave.at, first.at);
    return movers.has(wave.by) && seconds > 0 && seconds <= SAME_ROLLOUT;
  });
}

function groupsIn(waves: readonly TargetWave[]): readonly string[] {
  return [...new Set(waves.flatMap(({ targetGroups }) => targetGroups))].sort();
}

const CRASHES: readonly TaskStopKind[] = ['exited', 'out-of-memory', 'never-started'];
/** New tasks are there before those they replace leave, in seconds. */
const AHEAD = 10 * 60;

function crashesSince(left: Time, services: readonly ServiceInUse[], { grid, span }: EpisodeSpan): number {
  const to = timeOfMinute(grid, span.last + 1);
  const stops = services.flatMap(({ service, tasks }) => taskStopsIn(tasks, service));
  return stops.filter(
    ({ task: { createdAt }, kind, at }) =>
      CRASHES.includes(kind) &&
      createdAt !== null &&
      secondsBetween(left, createdAt) >= -AHEAD &&
      secondsBetween(at, to) >= 0,
  ).length;
}
