import type { ErrorKind } from '../incident/cause.ts';
import type { AutoScalingGroup } from '../incident/evidence.ts';
import { ifSeen, type Observed } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import { type ServiceInUse, servicesInUse, stopsVisibleFrom, stopTimeoutOf } from '../semantics/ecs/services.ts';
import { type TaskStopKind, taskStopsIn } from '../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { errorsOfKinds } from '../semantics/errors/error-series.ts';
import { type ErrorsNearWaves, errorsNearWaves } from '../semantics/errors/errors-near-waves.ts';
import { healthyOf } from '../semantics/targets/health-history.ts';
import { type TargetWave, targetWavesIn, type WaveReason } from '../semantics/targets/target-waves.ts';
import { secondsBetween, timeOfMinute } from '../semantics/time/minutes.ts';
import { slowestAnswer } from '../semantics/traffic/latency.ts';
import { errors } from './errors.ts';
import { defineFact } from './fact.ts';
import { routed } from './routed-groups.ts';

/** The targets that came and went. */
export interface Churn {
  readonly arrivals: readonly TargetWave[];
  readonly departures: readonly TargetWave[];
  /** Departures for such reasons next to such errors; `null` where there are none. */
  nextTo(kinds: readonly ErrorKind[], reasons: readonly WaveReason[]): Rollout | null;
  /** The evidence in which a departure could be missing; `null` where all were seen. */
  readonly unseenIn: MovingEvidence | null;
}

type MovingEvidence = 'ecsServices' | 'ecsTasks' | 'autoScalingGroups' | 'changes';

/** Targets that were taken away on purpose, and the errors next to that. */
export interface Rollout extends ErrorsNearWaves {
  readonly groups: readonly string[];
  /** Whose targets they were. */
  readonly services: readonly ServiceInUse[];
  readonly scalingGroups: readonly AutoScalingGroup[];
  /** Each burst begins with a wave, there are hardly any errors elsewhere, and what came instead did not end by itself. */
  readonly fits: boolean;
  /** Most errors came when none had left lately, and with as many targets as before: they have another cause. */
  readonly elsewhere: boolean;
  /** How many tasks that came instead ended by themselves: they keep the capacity away, whatever took it first. */
  readonly crashed: number;
  readonly cut: RequestCut | null;
}

/** Why requests on their way do not survive a departure, in seconds. */
export type RequestCut =
  | { readonly by: 'deregistration-delay'; readonly delay: number; readonly slowest: number }
  | { readonly by: 'stop-timeout'; readonly delay: number; readonly timeout: number };

/** Not every error in a burst is that of the rollout, nor every minute whole. */
const NEARLY_ALL = 0.9;
/** With less than this share of the errors, what left is not why most came. */
const SMALL = 0.4;

export const churn = defineFact({
  needs: ['loadBalancerMetrics'],
  uses: [
    'ecsServices',
    'ecsTasks',
    'ecsTaskDefinitions',
    'autoScalingGroups',
    'changes',
    'targetGroupMetrics',
    'targetGroupAttributes',
    'targetGroups',
    'listenerRules',
  ],
  compute: (seen, moment): Churn => {
    const { episode, series } = errors.compute(seen, moment);
    const { groups: inUse } = routed.compute(seen, moment);
    const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], inUse);
    const scalingGroups = ifSeen(seen.autoScalingGroups) ?? [];
    const waves = targetWavesIn({ services, scalingGroups, changes: ifSeen(seen.changes) ?? [] }, inUse);
    const departures = waves.filter(({ is }) => is === 'departure');

    const rolloutOf = (near: ErrorsNearWaves, during: EpisodeSpan): Rollout => {
      const movers = new Set(near.waves.flatMap(({ by, from }) => (from === 'changes' ? [] : [by])));
      const own = services.filter(({ service }) => movers.has(service.id));
      const groups = groupsIn(near.waves);
      const crashed = crashesSince(near.waves[0].at, own, during);
      return {
        ...near,
        ...{ groups, services: own, scalingGroups: scalingGroups.filter(({ name }) => movers.has(name)) },
        fits: near.begun === near.bursts && near.share >= NEARLY_ALL && crashed === 0,
        elsewhere: near.share < SMALL && near.short === false,
        crashed,
        cut: requestCut(seen, groups, own, slowestAnswer(seen.loadBalancerMetrics.values, during.span)),
      };
    };
    return {
      arrivals: waves.filter(({ is }) => is === 'arrival'),
      departures,
      nextTo: (kinds, reasons) => {
        if (episode === null) return null;
        const left = departures.filter(({ why }) => reasons.includes(why));
        const healthy = healthyOf(ifSeen(seen.targetGroupMetrics), groupsIn(left));
        const near = errorsNearWaves(left, errorsOfKinds(series, kinds), episode, healthy);
        return near === null ? null : rolloutOf(near, episode);
      },
      unseenIn: episode === null ? null : unseenIn(seen, episode, moment.readAt),
    };
  },
});

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

const DEFAULT_DELAY = 300;

/** `null` where nothing says that they do not. */
function requestCut(
  { targetGroupAttributes, ecsTaskDefinitions }: Pick<ObservedEvidence, 'targetGroupAttributes' | 'ecsTaskDefinitions'>,
  groups: readonly string[],
  services: readonly ServiceInUse[],
  slowest: number | null,
): RequestCut | null {
  const attributes = ifSeen(targetGroupAttributes);
  if (attributes === undefined) return null;
  const delays = groups.map((arn) => attributes[arn]?.['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY);
  const delay = Math.min(...delays.map(Number));
  if (slowest !== null && delay < slowest) return { by: 'deregistration-delay', delay, slowest };
  const definitions = ifSeen(ecsTaskDefinitions);
  const timeouts = services.flatMap(({ service }) => stopTimeoutOf(service, definitions) ?? []);
  const timeout = Math.min(...timeouts);
  return timeout < delay ? { by: 'stop-timeout', delay, timeout } : null;
}

function unseenIn(
  seen: Pick<ObservedEvidence, MovingEvidence | 'targetGroups'>,
  { onset }: EpisodeSpan,
  readAt: Time,
): MovingEvidence | null {
  const { ecsServices, ecsTasks, autoScalingGroups } = seen;
  const isWhole = (one: Observed<unknown>) => one.seen && one.gaps.length === 0;
  const older = secondsBetween(onset, stopsVisibleFrom(readAt)) > 0;
  const all =
    [ecsServices, ecsTasks, autoScalingGroups].every(isWhole) &&
    !(older && (ifSeen(ecsServices) ?? []).length > 0) &&
    !onlyTrailTells(seen);
  if (all) return null;
  return (['ecsServices', 'autoScalingGroups', 'changes'] as const).find((key) => !isWhole(seen[key])) ?? 'ecsTasks';
}

const TRAIL = 'elasticloadbalancing.amazonaws.com';

/** Addresses that no service of ECS registers, pods for the most part: CloudTrail alone tells which of them left. */
function onlyTrailTells({
  changes,
  ecsServices,
  targetGroups,
}: Pick<ObservedEvidence, 'changes' | 'ecsServices' | 'targetGroups'>): boolean {
  const wasRead = changes.seen && !changes.gaps.some(({ ids }) => ids?.includes(TRAIL) ?? true);
  if (wasRead) return false;
  const own = new Set((ifSeen(ecsServices) ?? []).flatMap((service) => service.targetGroups.map(({ arn }) => arn)));
  return (ifSeen(targetGroups) ?? []).some(({ arn, targetType }) => targetType === 'ip' && !own.has(arn));
}
