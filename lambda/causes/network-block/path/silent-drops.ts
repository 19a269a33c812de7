import type { Errors } from '../../../computed/errors.ts';
import type { ErrorKind, Strength } from '../../../incident/cause.ts';
import { andList, code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import { isReachedOn, type TargetPath, timesOutOn } from '../../../semantics/network/target-paths.ts';
import { comesOrGoes, failsChecks, groupsOf, isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { connectionErrorsIn } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** What the causes of dropped packets share: what a silent drop looks like, and how sure one may be of it. */

/** 504s in minutes with failed connections: what requests look like whose packets are dropped. */
export interface Drops {
  readonly errors504: number;
  readonly failedConnections: number;
  readonly shows: Text | null;
}

export function dropsIn(errors: Errors | undefined): Drops {
  const episode = errors?.episode;
  if (!errors || !episode) return { errors504: 0, failedConnections: 0, shows: null };
  const errors504 = errors.count('504');
  const failedConnections = connectionErrorsIn(errors.metrics, episode.span) ?? 0;
  const shows =
    errors504 > 0 && failedConnections > 0
      ? text`${count(errors504, 'request')} answered ${code(504)} since ${time(episode.onset)}, with ${count(failedConnections, 'connection error')}: connections were not made`
      : null;
  return { errors504, failedConnections, shows };
}

/** At least this share of the 504s has to be failed connections, or they are slow answers beside an old fault. */
const MOSTLY = 0.5;

/**
 * How sure a closed path is the fault. Decisive where the target fails on that very port as dropped packets make it fail;
 * circumstantial where AWS itself got through there: it knows better.
 */
export function dropStrength(paths: readonly TargetPath[], drops: Drops): Strength {
  const dropped = drops.errors504 > 0 && drops.failedConnections >= MOSTLY * drops.errors504;
  if (paths.every(({ target, port }) => isReachedOn(target, port))) {
    const partly = paths.some(({ path }) => path.is === 'partly-blocked');
    return partly && dropped ? 'strong' : 'circumstantial';
  }
  if (isContradicted(paths)) return 'circumstantial';
  if (paths.some(({ target, port }) => timesOutOn(target, port))) return 'decisive';
  // The health check is on another port, so AWS has no word on this one: the errors of the requests have.
  const silent = paths.some(({ target, port, uses }) => uses.includes('traffic') && target.healthCheckPort !== port);
  if (silent && dropped) return 'decisive';
  return paths.some(({ target }) => failsChecks(target)) ? 'strong' : 'circumstantial';
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
  const others = paths.length > 1 ? text` (and ${count(paths.length - 1, 'more', 'more')})` : text``;
  return text`${resource(target.id)} is ${code(target.state)}${reason}${others}`;
}

export function pathPortsSaid(paths: readonly TargetPath[]): Text {
  const ports = [...new Set(paths.map(({ port }) => port))].sort((a, b) => a - b);
  return text`${ports.length === 1 ? 'port' : 'ports'} ${andList(ports.map(code), 6)}`;
}

export function pathGroupsSaid(paths: readonly TargetPath[]): Text {
  return groupsSaid(groupsOf(paths.map(({ target }) => target)));
}
