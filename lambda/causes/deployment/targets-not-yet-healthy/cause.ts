import type { ErrorKind } from '../../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { baselineOf, type EpisodeSpan, errorEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { healthyOf } from '../../../semantics/targets/health-history.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { groupName, groupsOf, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { maxOf, meanOf, minuteOf, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { rollout, scaling, targetCall } from '../../kit/changes.ts';
import { groupsAsked, namesOf } from '../../kit/ecs-words.ts';
import { timesSaid } from '../rollout/rollout-words.ts';
import { wavesSeen } from '../rollout/rollouts.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503'];
/** Errors that begin more than this many minutes after a launch are not those of starting. */
const COINCIDES = 3;
/** Minutes around the end of the errors in which the new target became healthy. */
const READY = 3;
/** Newest minutes in which a group that holds only new targets must answer 503. */
const LATELY = 5;
/** So many times the requests of the hour before may well be why there are new targets. */
const SURGE = 1.5;

export default defineCause({
  id: 'targets-not-yet-healthy',
  needs: ['targetHealth', 'loadBalancerMetrics'],
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
  setOffBy: [rollout, scaling, targetCall('registers')],
  inCluster: { mends: [readinessGate] },

  examine(seen, { window }) {
    const { targetHealth, loadBalancerMetrics } = seen;
    const episode = errorEpisode(loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const errors503 = errorSeries(loadBalancerMetrics)['503'];
    const last = loadBalancerMetrics.grid.minutes - 1;
    const lately = sumOf(valuesIn(errors503, { first: last - LATELY, last })) ?? 0;
    const starting = targetHealth.filter(
      ({ state, targetGroup }) => state === 'initial' && routed.includes(targetGroup),
    );
    const waiting = groupsOf(starting).filter((arn) => onlyStarting(targetsOf(targetHealth, arn)));
    if (waiting.length > 0 && lately > 0) {
      return foundOr(
        [
          allStarting(
            starting.filter((each) => waiting.includes(each.targetGroup)),
            lately,
          ),
        ],
        text``,
      );
    }
    const launches = wavesSeen(seen).filter(({ is }) => is === 'arrival');
    const departures = wavesSeen(seen).filter(({ is }) => is === 'departure');
    const launch = launchBefore(launches, departures, episode);
    const ready =
      launch === null
        ? null
        : readyAt(launch, starting, healthyOf(ifSeen(seen.targetGroupMetrics), launch.targetGroups), episode);
    if (launch !== null && ready !== null) {
      return foundOr([coinciding(launch, ready, episode, moreAsked(loadBalancerMetrics, episode))], text``);
    }
    return foundOr(starting.length === 0 ? [] : [someStarting(starting)], text`no target that gets requests is new`);
  },
});

type Starting = Found<
  'targetHealth' | 'loadBalancerMetrics',
  'targetHealth' | 'loadBalancerMetrics' | TargetWave['from'] | 'targetGroupMetrics'
>;

/** Draining ones get no new requests. */
function onlyStarting(targets: readonly Target[]): boolean {
  return targets.every(({ state }) => ['initial', 'draining', 'unused'].includes(state));
}

function allStarting(targets: readonly Target[], errors503: number): Starting {
  const groups = groupsOf(targets);
  return {
    strength: 'decisive',
    says: text`${targets.length === 1 ? 'The only target' : text`All ${targets.length} targets`} of ${namesOf(groups)} ${targets.length === 1 ? 'is' : 'are'} still starting: ${code('initial')}`,
    because: [
      {
        from: 'targetHealth',
        shows: text`${listed(targets.map(({ id }) => resource(id)))}: ${code('initial')}, ${whyInitial(targets[0])}`,
      },
      {
        from: 'loadBalancerMetrics',
        shows: text`${count(errors503, 'request')} answered ${code('503')} in the newest minutes`,
      },
    ],
    affects: scopeOf(targets),
    explains: ['503', '502'],
    fixes: [awaited(groups)],
    facts: { initial: targets.length },
  };
}

/** In AWS's words, where it has some. */
function whyInitial(target: Target | undefined): Text {
  const why = target?.description ?? target?.reason ?? null;
  return why === null ? text`its first health checks are awaited` : verbatim(why);
}

function someStarting(targets: readonly Target[]): Starting {
  return {
    strength: 'circumstantial',
    says: text`${count(targets.length, 'target')} of ${namesOf(groupsOf(targets))} ${targets.length === 1 ? 'is' : 'are'} still starting: ${code('initial')}`,
    because: [
      { from: 'targetHealth', shows: text`${listed(targets.map(({ id }) => resource(id)))}: ${code('initial')}` },
    ],
    affects: scopeOf(targets),
    explains: EXPLAINED,
    fixes: [awaited(groupsOf(targets))],
    facts: { initial: targets.length },
  };
}

/** A launch with which the errors begin, and no target left at that time: then that would be the cause. */
function launchBefore(
  launches: readonly TargetWave[],
  departures: readonly TargetWave[],
  { grid, span }: EpisodeSpan,
): TargetWave | null {
  const since = (wave: TargetWave): number => span.first - minuteOf(grid, wave.at);
  const left = departures.some((wave) => since(wave) <= 2 * COINCIDES && since(wave) >= -1);
  if (left) return null;
  return launches.find((wave) => since(wave) <= COINCIDES && since(wave) >= -1) ?? null;
}

/** How one knows that the errors end with its readiness; `null` where they do not. */
function readyAt(
  launch: TargetWave,
  starting: readonly Target[],
  healthy: readonly (number | null)[] | undefined,
  { grid, span, end }: EpisodeSpan,
): Text | null {
  const began = minuteOf(grid, launch.at);
  const before = maxOf(valuesIn(healthy, { first: began - 10, last: began - 1 }));
  if (before === null) return null;
  const still = starting.some(({ targetGroup }) => launch.targetGroups.includes(targetGroup));
  const rose = valuesIn(healthy, { first: began, last: grid.minutes - 1 }).findIndex(
    (level) => level !== null && level > before,
  );
  if (end === null)
    return still && rose < 0 ? text`a new target is still ${code('initial')}, and the errors go on` : null;
  const more = began + rose;
  return rose >= 0 && Math.abs(more - (span.last + 1)) <= READY
    ? text`one more target was healthy within ${READY} minutes of the last error`
    : null;
}

/** More requests than before are a reason of their own, both for errors and for new targets. */
function moreAsked(metrics: Metrics<LoadBalancerMetric>, episode: EpisodeSpan): boolean {
  const requests = requestSeries(metrics);
  const now = meanOf(valuesIn(requests, { first: episode.span.first - 1, last: episode.span.first + 2 }));
  const before = baselineOf(requests, episode);
  return now !== null && before !== null && now >= SURGE * before;
}

function coinciding(launch: TargetWave, ready: Text, { onset }: EpisodeSpan, surge: boolean): Starting {
  return {
    strength: surge ? 'circumstantial' : 'strong',
    says: text`${count(launch.count, 'new target')} of ${namesOf(launch.targetGroups)} got requests before ${launch.count === 1 ? 'it was' : 'they were'} ready`,
    since: launch.at,
    because: [
      { from: 'loadBalancerMetrics', shows: text`the errors began at ${time(onset)}`, at: onset },
      {
        from: launch.from,
        shows: text`${count(launch.count, 'target')} of ${resource(launch.by)} started at ${timesSaid([launch])}`,
        at: launch.at,
      },
      { from: 'targetGroupMetrics', shows: ready },
    ],
    affects: { targetGroups: launch.targetGroups, targets: [] },
    explains: EXPLAINED,
    fixes: [awaited(launch.targetGroups)],
    facts: { launched: launch.count, by: launch.by },
  };
}

function awaited(groups: readonly string[]): Remedy {
  const [first = ''] = groups;
  return {
    does: text`see whether the new targets of ${resource(groupName(first))} become healthy`,
    run: showHealth(first),
    changes: false,
    undo: null,
    verify: null,
  };
}
