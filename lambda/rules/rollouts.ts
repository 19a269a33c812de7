import type { ErrorKind } from '../incident/cause.ts';
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
  Values,
} from '../incident/evidence.ts';
import type { Fix } from '../incident/finding.ts';
import { ifSeen, type Observed } from '../incident/observed.ts';
import { code, count, listed, percent, resource, type Text, text, time } from '../incident/text.ts';
import { errorsNear, type Nearness } from '../semantics/bursts.ts';
import { showActivities } from '../semantics/commands.ts';
import { servicesInUse, stopsVisibleFrom, stopTimeoutOf } from '../semantics/ecs/services.ts';
import { type StopKind, stopsIn } from '../semantics/ecs/stops.ts';
import { type EpisodeSpan, errorEpisode } from '../semantics/episode.ts';
import { errorSeries, errorsOfKinds } from '../semantics/errors.ts';
import { seconds, slowest } from '../semantics/latency.ts';
import { secondsBetween, timeOf } from '../semantics/minutes.ts';
import { type Wave, type WaveReason, wavesIn } from '../semantics/waves.ts';
import { groupsAsked, lookAtService, ownerOf } from './containers.ts';

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
  readonly near: Nearness;
  readonly waves: readonly [Wave, ...Wave[]];
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

export const ELSEWHERE = text`targets left next to some of the errors, but most came later, with as many targets as before`;

export function wavesSeen(seen: Omit<RolloutEvidence, 'loadBalancerMetrics'>): readonly Wave[] {
  const parts = {
    ecsServices: ifSeen(seen.ecsServices),
    ecsTasks: ifSeen(seen.ecsTasks),
    autoScalingGroups: ifSeen(seen.autoScalingGroups),
    changes: ifSeen(seen.changes),
  };
  return wavesIn(parts, groupsAsked(seen.targetGroups, seen.listenerRules));
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
  const groups = [...new Set(departures.flatMap(({ targetGroups }) => targetGroups))].sort();
  const errors = errorsOfKinds(errorSeries(seen.loadBalancerMetrics), kinds);
  const near = errorsNear(departures, errors, episode, healthyOf(ifSeen(seen.targetGroupMetrics), groups));
  const [first, ...rest] = near?.waves ?? [];
  if (near === null || first === undefined) return null;
  const crashed = replacementsCrashed(seen, [first, ...rest], episode);
  return {
    episode,
    near,
    waves: [first, ...rest],
    groups: [...new Set([first, ...rest].flatMap(({ targetGroups }) => targetGroups))].sort(),
    fits: near.begun === near.bursts && near.share >= NEARLY_ALL && crashed === 0,
    crashed,
    elsewhere: near.share < SMALL && near.short === false,
    cuts: cutsIn(seen, [first, ...rest], episode),
  };
}

const CRASHES: readonly StopKind[] = ['exited', 'out-of-memory', 'never-started'];
/** New tasks are there before those they replace leave, in seconds. */
const AHEAD = 10 * 60;

function replacementsCrashed(
  { ecsServices, ecsTasks }: RolloutEvidence,
  waves: readonly [Wave, ...Wave[]],
  { grid, span }: EpisodeSpan,
): number {
  const [{ at }] = waves;
  const end = timeOf(grid, span.last + 1);
  const names = new Set(waves.map(({ by }) => by));
  return (ifSeen(ecsServices) ?? [])
    .filter(({ id }) => names.has(id))
    .flatMap((service) =>
      stopsIn(
        (ifSeen(ecsTasks) ?? []).filter((task) => task.service === service.id),
        service,
      ),
    )
    .filter(
      ({ task, kind, at: ended }) =>
        CRASHES.includes(kind) &&
        task.createdAt !== null &&
        secondsBetween(at, task.createdAt) >= -AHEAD &&
        secondsBetween(ended, end) >= 0,
    ).length;
}

/** Of all these groups together; unseen where that of one is. */
export function healthyOf(
  metrics: MetricsById<TargetGroupMetric> | undefined,
  groups: readonly string[],
): Values | undefined {
  const series = groups.map((arn) => metrics?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min']);
  const [first, ...rest] = series;
  if (first === undefined) return undefined;
  return first.map((value, minute) =>
    rest.reduce<number | null>((sum, other) => {
      const more = other?.[minute] ?? null;
      return sum === null || more === null ? null : sum + more;
    }, value),
  );
}

const DELAY = 'deregistration_delay.timeout_seconds';
const DEFAULT_DELAY = 300;

function cutsIn(seen: RolloutEvidence, waves: readonly Wave[], { span }: EpisodeSpan): Text | null {
  const groups = [...new Set(waves.flatMap(({ targetGroups }) => targetGroups))];
  const attributes = ifSeen(seen.targetGroupAttributes);
  if (attributes === undefined) return null;
  const delays = groups.map((arn) => Number(attributes[arn]?.[DELAY] ?? DEFAULT_DELAY));
  const delay = Math.min(...delays);
  const slow = slowest(seen.loadBalancerMetrics.values, span);
  if (slow !== null && delay < slow) {
    return text`${code(DELAY)} is ${code(delay)}, and answers took up to ${seconds(slow)}`;
  }
  const names = new Set(waves.filter(({ from }) => from === 'ecsTasks' || from === 'ecsServices').map(({ by }) => by));
  const timeouts = (ifSeen(seen.ecsServices) ?? [])
    .filter(({ id }) => names.has(id))
    .flatMap((service) => stopTimeoutOf(service, ifSeen(seen.ecsTaskDefinitions)) ?? []);
  const timeout = timeouts.length === 0 ? null : Math.min(...timeouts);
  if (timeout === null || timeout >= delay) return null;
  return text`ECS ends a task ${seconds(timeout)} after it asked it to stop, while the load balancer lets requests finish for ${seconds(delay)}`;
}

const SAID: Readonly<Record<WaveReason, string>> = {
  rollout: 'replaced by a newer version',
  scaling: 'taken away to have fewer',
  'by-hand': 'taken away by a person or a script',
  interrupted: 'taken back: Spot, or the host',
  lost: 'lost',
  unknown: 'taken away',
};

/** `3 targets of prod/web were replaced by a newer version`. */
export function wavesSaid(waves: readonly Wave[]): Text {
  const gone = waves.reduce((sum, wave) => sum + wave.count, 0);
  const reasons = [...new Set(waves.map(reasonSaid))];
  const by = [...new Set(waves.map((wave) => wave.by))];
  return text`${count(gone, 'target')} of ${listed(by.map(resource))} ${gone === 1 ? 'was' : 'were'} ${listed(reasons)}`;
}

/** Who registers targets by their addresses may as well have moved them to another host: nothing tells of a version. */
function reasonSaid({ why, from }: Wave): string {
  return why === 'rollout' && from === 'changes' ? 'replaced' : SAID[why];
}

export function timesSaid(waves: readonly Wave[]): Text {
  const times = [...new Set(waves.map(({ at }) => at))];
  return listed(
    times.map((at) => time(at)),
    5,
  );
}

export function nearSaid({ near, waves, episode }: Rollout): Text {
  const wave = waves.length === 1 ? 'the departure' : 'a departure';
  return text`${near.begun} of ${count(near.bursts, 'burst')} of errors since ${time(episode.onset)} began within 2 minutes of ${wave}; ${percent(near.share)} of the errors fell then, or while targets were missing`;
}

/** Whether capacity was short, and how that is known; nothing where it was not seen. */
export function capacitySaid({ near }: Rollout): readonly { from: 'targetGroupMetrics'; shows: Text }[] {
  if (near.short === null) return [];
  const shows = near.short
    ? text`fewer targets were healthy than before`
    : near.fewer
      ? text`no more were healthy in the minutes without errors: those that are left are enough`
      : text`as many targets were healthy as before, all the time`;
  return [{ from: 'targetGroupMetrics', shows }];
}

/** To look at who did it; and, where ECS did, to keep all tasks until the new ones serve. */
export function fixesFor(seen: RolloutEvidence, { waves, groups }: Rollout): readonly Fix<Text>[] {
  const names = new Set(waves.flatMap(({ by, from }) => (from === 'changes' ? [] : [by])));
  const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], groups).filter(
    ({ service }) => names.has(service.id),
  );
  const scaling = (ifSeen(seen.autoScalingGroups) ?? []).filter(({ name }) => names.has(name));
  return [
    ...services.map((inUse) =>
      lookAtService(inUse, text`see what ${resource(inUse.service.name)} does, and whether it goes on`),
    ),
    ...services
      .filter(({ service }) => service.controller === 'ECS' && (service.minimumHealthyPercent ?? 100) < 100)
      .map(
        ({ service }): Fix<Text> => ({
          does: text`set ${code('minimumHealthyPercent')} of ${resource(service.name)} to 100 (it is ${service.minimumHealthyPercent ?? 100}), so that new tasks serve before old ones stop`,
          run: null,
          changes: true,
          undo: null,
          verify: null,
          ...ownerOf(service),
        }),
      ),
    ...scaling.map(
      ({ name }): Fix<Text> => ({
        does: text`see why Auto Scaling group ${resource(name)} took instances away`,
        run: showActivities(name, 20),
        changes: false,
        undo: null,
        verify: null,
      }),
    ),
  ];
}

/** Where no wave is next to an error, whether one could have been missed. */
export function couldHide(seen: RolloutEvidence, { onset }: EpisodeSpan, readAt: string): boolean {
  const unseen = [seen.ecsServices, seen.ecsTasks, seen.autoScalingGroups].some(
    (one) => !one.seen || one.gaps.length > 0,
  );
  const older = secondsBetween(onset, stopsVisibleFrom(readAt)) > 0;
  return unseen || (older && (ifSeen(seen.ecsServices) ?? []).length > 0) || onlyTrailTells(seen);
}

/** Addresses that no service of ECS registers, pods for the most part: CloudTrail alone tells which of them left. */
function onlyTrailTells({ changes, ecsServices, targetGroups }: RolloutEvidence): boolean {
  const told = changes.seen && !changes.gaps.some(({ ids }) => ids?.includes(TRAIL) ?? true);
  if (told) return false;
  const own = new Set((ifSeen(ecsServices) ?? []).flatMap((service) => service.targetGroups.map(({ arn }) => arn)));
  return (ifSeen(targetGroups) ?? []).some(({ arn, targetType }) => targetType === 'ip' && !own.has(arn));
}

const TRAIL = 'elasticloadbalancing.amazonaws.com';
