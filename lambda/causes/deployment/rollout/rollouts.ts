import type { ErrorKind } from '../../../incident/cause.ts';
import type {
  Attributes,
  AutoScalingGroup,
  ChangeEvent,
  EcsService,
  EcsTask,
  EcsTaskDefinition,
  ListenerRule,
  LoadBalancerMetric,
  Metrics,
  MetricsById,
  TargetGroup,
  TargetGroupMetric,
} from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, type Text, text } from '../../../incident/text.ts';
import { stopsVisibleFrom, stopTimeoutOf } from '../../../semantics/ecs/services.ts';
import { type TaskStopKind, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { type ErrorsNearWaves, errorsNearWaves } from '../../../semantics/errors/errors-near-waves.ts';
import { healthyOf } from '../../../semantics/targets/health-history.ts';
import { type TargetWave, targetWavesIn, type WaveReason } from '../../../semantics/targets/target-waves.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import { secondsSaid, slowestAnswer } from '../../../semantics/traffic/latency.ts';
import { groupsAsked } from '../../kit/ecs-words.ts';

/** What the rules about rollouts share: targets that were taken away on purpose, and the errors next to that. */

export interface RolloutEvidence {
  readonly loadBalancerMetrics: Metrics<LoadBalancerMetric>;
  readonly targetGroupMetrics: Observed<MetricsById<TargetGroupMetric>>;
  readonly targetGroupAttributes: Observed<Readonly<Record<string, Attributes>>>;
  readonly targetGroups: Observed<readonly TargetGroup[]>;
  readonly listenerRules: Observed<readonly ListenerRule[]>;
  readonly ecsServices: Observed<readonly EcsService[]>;
  readonly ecsTasks: Observed<readonly EcsTask[]>;
  readonly ecsTaskDefinitions: Observed<readonly EcsTaskDefinition[]>;
  readonly autoScalingGroups: Observed<readonly AutoScalingGroup[]>;
  readonly changes: Observed<readonly ChangeEvent[]>;
}

export interface Rollout {
  readonly episode: EpisodeSpan;
  readonly near: ErrorsNearWaves;
  readonly waves: readonly [TargetWave, ...TargetWave[]];
  readonly groups: readonly string[];
  /** Each burst begins with a wave, there are hardly any errors elsewhere, and what came instead did not end by itself. */
  readonly fits: boolean;
  /** Most errors came when none had left lately, and with as many targets as before: they have another cause. */
  readonly elsewhere: boolean;
  /** How many tasks that came instead ended by themselves: they keep the capacity away, whatever took it first. */
  readonly crashed: number;
  /** Why requests on their way do not survive a departure; `null` where nothing says so. */
  readonly cuts: Text | null;
}

/** Not every error in a burst is that of the rollout, nor every minute whole. */
const NEARLY_ALL = 0.9;
/** With less than this share of the errors, what left is not why most came. */
const SMALL = 0.4;

export function wavesSeen(seen: Omit<RolloutEvidence, 'loadBalancerMetrics'>): readonly TargetWave[] {
  const parts = {
    ecsServices: ifSeen(seen.ecsServices),
    ecsTasks: ifSeen(seen.ecsTasks),
    autoScalingGroups: ifSeen(seen.autoScalingGroups),
    changes: ifSeen(seen.changes),
  };
  return targetWavesIn(parts, groupsAsked(seen.targetGroups, seen.listenerRules));
}

export function rolloutIn(
  seen: RolloutEvidence,
  window: { readonly from: string; readonly to: string },
  kinds: readonly ErrorKind[],
  reasons: readonly WaveReason[],
): Rollout | null {
  const episode = errorEpisode(seen.loadBalancerMetrics, window);
  if (episode === null) return null;
  const departures = wavesSeen(seen).filter(({ is, why }) => is === 'departure' && reasons.includes(why));
  const healthy = healthyOf(ifSeen(seen.targetGroupMetrics), groupsIn(departures));
  const errors = errorsOfKinds(errorSeries(seen.loadBalancerMetrics), kinds);
  const near = errorsNearWaves(departures, errors, episode, healthy);
  const [first, ...rest] = near?.waves ?? [];
  if (near === null || first === undefined) return null;
  const waves = [first, ...rest] as const;
  const crashed = replacementsCrashed(seen, waves, episode);
  return {
    episode,
    near,
    waves,
    groups: groupsIn(waves),
    fits: near.begun === near.bursts && near.share >= NEARLY_ALL && crashed === 0,
    crashed,
    elsewhere: near.share < SMALL && near.short === false,
    cuts: cutsIn(seen, waves, episode),
  };
}

function groupsIn(waves: readonly TargetWave[]): readonly string[] {
  return [...new Set(waves.flatMap(({ targetGroups }) => targetGroups))].sort();
}

const CRASHES: readonly TaskStopKind[] = ['exited', 'out-of-memory', 'never-started'];
/** New tasks are there before those they replace leave, in seconds. */
const AHEAD = 10 * 60;

function replacementsCrashed(
  { ecsServices, ecsTasks }: RolloutEvidence,
  waves: Rollout['waves'],
  { grid, span }: EpisodeSpan,
): number {
  const [{ at: left }] = waves;
  const to = timeOfMinute(grid, span.last + 1);
  const names = new Set(waves.map(({ by }) => by));
  const stops = (ifSeen(ecsServices) ?? [])
    .filter(({ id }) => names.has(id))
    .flatMap((service) => {
      const tasks = (ifSeen(ecsTasks) ?? []).filter((task) => task.service === service.id);
      return taskStopsIn(tasks, service);
    });
  return stops.filter(
    ({ task: { createdAt }, kind, at }) =>
      CRASHES.includes(kind) &&
      createdAt !== null &&
      secondsBetween(left, createdAt) >= -AHEAD &&
      secondsBetween(at, to) >= 0,
  ).length;
}

const DELAY = 'deregistration_delay.timeout_seconds';
const DEFAULT_DELAY = 300;

function cutsIn(seen: RolloutEvidence, waves: readonly TargetWave[], { span }: EpisodeSpan): Text | null {
  const attributes = ifSeen(seen.targetGroupAttributes);
  if (attributes === undefined) return null;
  const delay = Math.min(...groupsIn(waves).map((arn) => Number(attributes[arn]?.[DELAY] ?? DEFAULT_DELAY)));
  const slow = slowestAnswer(seen.loadBalancerMetrics.values, span);
  if (slow !== null && delay < slow) {
    return text`${code(DELAY)} is ${code(delay)}, and answers took up to ${secondsSaid(slow)}`;
  }
  const timeout = shortestStopTimeout(seen, waves);
  if (timeout === null || timeout >= delay) return null;
  return text`ECS ends a task ${secondsSaid(timeout)} after it asked it to stop, while the load balancer lets requests finish for ${secondsSaid(delay)}`;
}

/** Of the services whose tasks left; `null` where none did, or no definition was read. */
function shortestStopTimeout(
  { ecsServices, ecsTaskDefinitions }: RolloutEvidence,
  waves: readonly TargetWave[],
): number | null {
  const names = new Set(waves.filter(({ from }) => from === 'ecsTasks' || from === 'ecsServices').map(({ by }) => by));
  const timeouts = (ifSeen(ecsServices) ?? [])
    .filter(({ id }) => names.has(id))
    .flatMap((service) => stopTimeoutOf(service, ifSeen(ecsTaskDefinitions)) ?? []);
  return timeouts.length === 0 ? null : Math.min(...timeouts);
}

/** Where no wave is next to an error, whether one could have been missed. */
export function couldHide(seen: RolloutEvidence, { onset }: EpisodeSpan, readAt: string): boolean {
  const unseen = [seen.ecsServices, seen.ecsTasks, seen.autoScalingGroups].some(
    (one) => !one.seen || one.gaps.length > 0,
  );
  const older = secondsBetween(onset, stopsVisibleFrom(readAt)) > 0;
  return unseen || (older && (ifSeen(seen.ecsServices) ?? []).length > 0) || onlyTrailTells(seen);
}

const TRAIL = 'elasticloadbalancing.amazonaws.com';

/** Addresses that no service of ECS registers, pods for the most part: CloudTrail alone tells which of them left. */
function onlyTrailTells({ changes, ecsServices, targetGroups }: RolloutEvidence): boolean {
  const told = changes.seen && !changes.gaps.some(({ ids }) => ids?.includes(TRAIL) ?? true);
  if (told) return false;
  const own = new Set((ifSeen(ecsServices) ?? []).flatMap((service) => service.targetGroups.map(({ arn }) => arn)));
  return (ifSeen(targetGroups) ?? []).some(({ arn, targetType }) => targetType === 'ip' && !own.has(arn));
}
