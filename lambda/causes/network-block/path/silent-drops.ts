import type { Errors } from '../../../computed/errors.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { ErrorKind, Strength } from '../../../incident/cause.ts';
import { andList, code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { timedOutBefore } from '../../../semantics/network/taken-paths.ts';
import { areOnlyWays, isReachedOn, type TargetPath, timesOutOn } from '../../../semantics/network/target-paths.ts';
import { comesOrGoes, failsChecks, groupsOf, isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { connectionErrorsIn } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { notApplicable, unsure } from '../../cause.ts';
import { groupsSaid, othersSaid } from '../../kit/target-words.ts';

/** What the causes of dropped packets share: what a silent drop looks like, and how sure one may be of it. */

/** At least this share of the 504s has to be failed connections, or they are slow answers beside an old fault. */
const MOSTLY = 0.5;

/** 504s in minutes with failed connections: what requests look like whose packets are dropped. */
export interface Drops {
  readonly errors504: number;
  readonly failedConnections: number;
  /** So are most of the newest 504s: it is the targets of now that connections are not made to. */
  readonly goOn: boolean;
  readonly shows: Text | null;
}

/** So many minutes are the newest ones: a target may be younger than the errors. */
const NEWEST = 3;

export function dropsIn(errors: Errors | undefined): Drops {
  const episode = errors?.episode;
  if (!errors || !episode) return { errors504: 0, failedConnections: 0, goOn: false, shows: null };
  const errors504 = errors.count('504');
  const failedConnections = connectionErrorsIn(errors.metrics, episode.span) ?? 0;
  const shows =
    errors504 > 0 && failedConnections > 0
      ? text`${count(errors504, 'request')} answered ${code(504)} since ${time(episode.onset)}, with ${count(failedConnections, 'connection error')} in the same minutes: connections were not established`
      : null;
  const { last } = episode.span;
  const newest = { first: Math.max(episode.span.first, last - NEWEST + 1), last };
  const newest504 = sumOf(valuesIn(errors.series['504'], newest)) ?? 0;
  const goOn = newest504 > 0 && (connectionErrorsIn(errors.metrics, newest) ?? 0) >= MOSTLY * newest504;
  return { errors504, failedConnections, goOn, shows };
}

/** Those of the groups that are shut off: what others fail with tells nothing of them. */
export function dropsAt(
  paths: readonly TargetPath[],
  { errors, traffic }: { readonly errors: Errors | undefined; readonly traffic: TrafficByGroups | undefined },
): Drops {
  return dropsIn(traffic?.errorsOf(groupsOf(paths.map(({ target }) => target))) ?? errors);
}

export const areDropped = ({ errors504, failedConnections }: Drops): boolean =>
  errors504 > 0 && failedConnections >= MOSTLY * errors504;

/**
 * How sure a closed path is the fault. Decisive where the target fails on that very port as dropped packets make it fail;
 * circumstantial where AWS itself got through there: it knows better. `all`: to whatever is registered; `taken`: what ECS took
 * away before. A target that is not judged yet says nothing, so that those before it do, and the errors that go on.
 */
export function dropStrength(
  paths: readonly TargetPath[],
  drops: Drops,
  all: readonly TargetPath[],
  taken: readonly TakenTarget[],
): Strength {
  const dropped = areDropped(drops);
  if (paths.every(({ target, port }) => isReachedOn(target, port))) {
    const partly = paths.some(({ path }) => path.is === 'partly-blocked');
    return partly && dropped ? 'strong' : 'circumstantial';
  }
  if (isContradicted(paths)) return 'circumstantial';
  if (paths.some(({ target, port }) => timesOutOn(target, port))) return 'decisive';
  // The health check is on another port, so AWS has no word on this one: the errors of the requests have.
  const silent = paths.some(({ target, port, uses }) => uses.includes('traffic') && target.healthCheckPort !== port);
  if (silent && dropped) return 'decisive';
  if (paths.some(({ target }) => failsChecks(target))) return 'strong';
  if (timedOutBefore(paths, taken) !== undefined && fitErrors(paths, drops)) return dropped ? 'decisive' : 'strong';
  return dropped && drops.goOn && areOnlyWays(paths, all) ? 'strong' : 'circumstantial';
}

/** What is closed to requests makes each of them a failed connection. */
export function fitErrors(paths: readonly TargetPath[], drops: Drops): boolean {
  return drops.errors504 === 0 || areDropped(drops) || !paths.some(({ uses }) => uses.includes('traffic'));
}

/** AWS gets through to half of those that the same rules shut off: it is something else that stops the others. */
function isContradicted(paths: readonly TargetPath[]): boolean {
  const shut = paths.filter(({ path }) => path.is === 'blocked');
  return shut.length > 0 && 2 * shut.filter(({ target, port }) => isReachedOn(target, port)).length >= shut.length;
}

/**
 * Silent drops on the port of requests are 504s; drops on the port of health checks make 502 and 503 where targets are
 * being taken away for it.
 */
export function explainsDrops(paths: readonly TargetPath[], all: readonly TargetPath[]): readonly ErrorKind[] {
  const targets = all.map(({ target }) => target);
  const areRemoved = paths.some(({ group }) => {
    const own = targetsOf(targets, group.arn);
    return own.some(comesOrGoes) || !own.some(isUsable);
  });
  const ofRequests = paths.some(({ uses }) => uses.includes('traffic')) ? (['504'] as const) : [];
  const checksFail = paths.some(({ uses }) => uses.includes('health-check'));
  return checksFail && areRemoved ? [...ofRequests, '502', '503'] : ofRequests;
}

export function firstTargetSaid(paths: readonly [TargetPath, ...TargetPath[]]): Text {
  const [{ target }] = paths;
  const reason = target.reason === null ? text`` : text`: ${code(target.reason)}`;
  return text`${resource(target.id)} is ${code(target.state)}${reason}${othersSaid(paths.length - 1)}`;
}

export function pathPortsSaid(paths: readonly TargetPath[]): Text {
  const ports = [...new Set(paths.map(({ port }) => port))].sort((a, b) => a - b);
  return text`${ports.length === 1 ? 'port' : 'ports'} ${andList(ports.map(code), 6)}`;
}

export function pathGroupsSaid(paths: readonly TargetPath[]): Text {
  return groupsSaid(groupsOf(paths.map(({ target }) => target)));
}

/** Which way requests took that failed before nothing was registered, nobody has seen. */
export function nothingRegistered({ shows }: Drops) {
  if (shows === null) return notApplicable(text`no target is reached over a network`);
  const detail = 'no target is registered now, and connections to the previous ones failed';
  return unsure({ evidence: 'targetHealth', why: 'partial', detail });
}
