import type { ChangeEvent, Evidence, SecurityGroupRule } from '../../../incident/evidence.ts';
import type { Change } from '../../../incident/finding.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { whatChangedOn, whoCalled } from '../../../remedies/look.ts';
import type { AwsCall } from '../../../remedies/remedy.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { groupIdsAt, networkAclsAt, routeTablesAt, securityGroupsAt } from '../../../semantics/network/past-state.ts';
import type { PathLayer } from '../../../semantics/network/path.ts';
import { isReachedOn, type TargetPath } from '../../../semantics/network/target-paths.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found, Moment } from '../../cause.ts';
import { type PathsSeen, pathsTo } from './judged-paths.ts';
import type { Drops } from './silent-drops.ts';

/** A fault that is mended already: the path is open now, and was closed when the errors began. */
export interface Reverted {
  readonly paths: readonly TargetPath[];
  readonly episode: EpisodeSpan;
  /** The changes around the errors that closed it and opened it again; what CloudTrail has not shown yet is missing. */
  readonly changes: readonly ChangeEvent[];
}

interface Seen extends PathsSeen {
  readonly changes: Observed<Evidence['changes']>;
  readonly loadBalancerMetrics: Observed<Evidence['loadBalancerMetrics']>;
}

/** Errors are counted by the minute: what was changed within the first one may have begun them. */
const MINUTE = 60;

/** The paths that a layer closed when the errors began, and does not close now. */
export function revertedOn(
  layer: PathLayer,
  now: readonly TargetPath[],
  seen: Seen,
  { window }: Moment,
): Reverted | null {
  const metrics = ifSeen(seen.loadBalancerMetrics);
  const changes = ifSeen(seen.changes) ?? [];
  const episode = metrics === undefined ? null : errorEpisode(metrics, window);
  if (episode === null || !changes.some(({ details }) => KINDS[layer].includes(details.is))) return null;
  const then = pathsTo(asItWas(layer, seen, changes, plusSeconds(episode.onset, MINUTE)));
  // The same targets in the same order: only what filters their packets differs.
  const closed = then.filter(({ path }, index) => isClosed(path.layers[layer]) && isOpen(now[index], layer));
  return closed.length === 0 ? null : { paths: closed, episode, changes };
}

const KINDS: Readonly<Record<PathLayer, readonly ChangeEvent['details']['is'][]>> = {
  'load-balancer-security-groups': ['security-group-rules', 'security-groups'],
  'target-security-groups': ['security-group-rules', 'security-groups'],
  'network-acls': ['network-acl-entry'],
  routes: ['route'],
};

function asItWas(layer: PathLayer, seen: PathsSeen, changes: readonly ChangeEvent[], at: Time): PathsSeen {
  if (layer === 'network-acls') {
    return { ...seen, networkAcls: rewritten(seen.networkAcls, (acls) => networkAclsAt(acls, changes, at)) };
  }
  if (layer === 'routes') {
    return { ...seen, routeTables: rewritten(seen.routeTables, (tables) => routeTablesAt(tables, changes, at)) };
  }
  const groupsOf = (now: readonly string[], ...of: (string | null)[]) => groupIdsAt(now, of, changes, at);
  const { loadBalancer, instances, targetInterfaces } = seen;
  return {
    ...seen,
    securityGroups: rewritten(seen.securityGroups, (groups) => securityGroupsAt(groups, changes, at)),
    loadBalancer: { ...loadBalancer, securityGroupIds: groupsOf(loadBalancer.securityGroupIds, loadBalancer.arn) },
    targetInterfaces: targetInterfaces.map((one) => ({
      ...one,
      securityGroupIds: groupsOf(one.securityGroupIds, one.id),
    })),
    instances: instances.map((one) => ({
      ...one,
      primarySecurityGroupIds: groupsOf(one.primarySecurityGroupIds, one.id, one.interfaces[0]?.id ?? null),
    })),
  };
}

function rewritten<T>(part: readonly T[] | Observed<readonly T[]>, as: (items: readonly T[]) => readonly T[]) {
  if (!('seen' in part)) return as(part);
  return part.seen ? { ...part, value: as(part.value) } : part;
}

const isClosed = (state: string): boolean => state === 'blocked' || state === 'partly-blocked';

/** The way back from another network is never seen: there AWS has the word. */
function isOpen(now: TargetPath | undefined, layer: PathLayer): boolean {
  if (now === undefined) return false;
  const state = now.path.layers[layer];
  return state === 'open' || (state === 'unknown' && isReachedOn(now.target, now.port));
}

type Cites = 'changes' | 'loadBalancerMetrics';

/** The same finding, told of something past. */
export function toldAsReverted<Layered extends 'securityGroups' | 'networkAcls' | 'routeTables'>(
  found: Omit<Found, 'because'>,
  from: Layered,
  reverted: Reverted,
  drops: Drops,
  moment: Moment,
  port: number | null = null,
): Found<Layered, Layered | Cites> {
  const { onset } = reverted.episode;
  const [closing, opening] = around(found.restsOn ?? [], port, reverted);
  return {
    strength: strengthOf(closing, opening, reverted.episode, drops, moment),
    says: text`${inPast(found.says)}${span(closing, opening)}`,
    ...(closing === undefined ? {} : { since: closing.at, change: changeOf(closing) }),
    because: [
      { from, shows: text`the path is open now; with what was changed since, it was closed at ${time(onset)}` },
      ...(opening === undefined
        ? []
        : [{ from: 'changes' as const, shows: text`${code(opening.who)} ${verbatim(opening.what)}`, at: opening.at }]),
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
    ],
    affects: found.affects,
    explains: found.explains,
    restsOn: found.restsOn ?? [],
    fixes: [
      {
        does: text`it is mended: find out why it was changed, so that it does not come back`,
        run: lookingUp(closing ?? opening, onset),
        changes: false,
        undo: null,
        verify: null,
      },
    ],
    facts: { ...found.facts, reverted: true },
  };
}

function changeOf({ at, who, what }: ChangeEvent): Change {
  return { at, who, what };
}

function span(closing: ChangeEvent | undefined, opening: ChangeEvent | undefined): Text {
  if (closing === undefined) return opening === undefined ? text`` : text` until ${time(opening.at)}`;
  return opening === undefined
    ? text` from ${time(closing.at)} on`
    : text` from ${time(closing.at)} to ${time(opening.at)}`;
}

const IN_PAST: readonly (readonly [now: RegExp, then: string])[] = [
  [/ do(es)? not /, ' did not '],
  [/ admits? only /, ' admitted only '],
  [/ lets? the /, ' let the '],
  [/ drops /, ' dropped '],
  [/ (has|have) (no|a) route/, ' had $2 route'],
];

/** In the words of the rules about packets that do not arrive. */
function inPast(says: Text): Text {
  return says.map((part) =>
    part.kind === 'word'
      ? { ...part, text: IN_PAST.reduce((words, [now, then]) => words.replace(now, then), part.text) }
      : part,
  );
}

function lookingUp(change: ChangeEvent | undefined, onset: Time): AwsCall | null {
  const id = change?.resources[0];
  if (change === undefined || id === undefined) return null;
  const from = plusSeconds(onset, -3600);
  // Its records name no resources that one could ask for.
  if (change.source === 'elasticloadbalancing.amazonaws.com') return whoCalled(change.event, from);
  return whatChangedOn(id, from);
}

/** The last change before the errors that took something away, and the first after that gave it back. */
function around(restsOn: readonly string[], port: number | null, { changes, episode }: Reverted) {
  const begun = plusSeconds(episode.onset, MINUTE);
  const own = changes.filter(
    ({ resources, details }) =>
      details.is === 'security-groups' || (isOf(restsOn, resources) && isAbout(port, details)),
  );
  const closing = own.filter((change) => change.at <= begun && takes(change)).at(-1);
  return [closing, own.find((change) => change.at > begun && gives(change))] as const;
}

function isAbout(port: number | null, details: ChangeEvent['details']): boolean {
  return details.is !== 'security-group-rules' || port === null || details.rules.some((rule) => covers(rule, port));
}

function covers({ fromPort, toPort }: SecurityGroupRule, port: number): boolean {
  return fromPort === null || (fromPort <= port && port <= (toPort ?? fromPort));
}

function isOf(ids: readonly string[], resources: readonly string[]): boolean {
  return resources.some((id) => ids.includes(id));
}

function takes({ details }: ChangeEvent): boolean {
  if (details.is === 'security-groups') return true;
  if (details.is === 'security-group-rules') return details.does === 'revokes';
  if (details.is === 'route') return details.does === 'deletes';
  return details.is === 'network-acl-entry' && (details.does === 'deletes' || details.entry?.action === 'deny');
}

function gives({ details }: ChangeEvent): boolean {
  if (details.is === 'security-groups') return true;
  if (details.is === 'security-group-rules') return details.does === 'admits';
  if (details.is === 'route') return details.does !== 'deletes';
  return details.is === 'network-acl-entry' && (details.does === 'deletes' || details.entry?.action === 'allow');
}

const HOUR = 3600;
/** How long after a path opens again, or before, the last error may come: health checks take their time to succeed. */
const AFTERMATH = 600;
const STALE_AFTER = 600;

/** Strong where the changes bracket the errors, and these look as dropped packets make them look. */
function strengthOf(
  closing: ChangeEvent | undefined,
  opening: ChangeEvent | undefined,
  episode: EpisodeSpan,
  drops: Drops,
  { at, readAt }: Moment,
): 'strong' | 'circumstantial' {
  if (drops.shows === null || closing === undefined) return 'circumstantial';
  if (secondsBetween(closing.at, episode.onset) > HOUR) return 'circumstantial';
  if (opening === undefined) {
    // It opened again, and CloudTrail does not show it yet, or only after the moment asked about.
    const isLate = secondsBetween(at, readAt) > STALE_AFTER;
    return episode.end !== null || isLate ? 'strong' : 'circumstantial';
  }
  const last = timeOfMinute(episode.grid, episode.span.last);
  const ongoing = opening.at > at;
  return ongoing || Math.abs(secondsBetween(opening.at, last)) <= AFTERMATH ? 'strong' : 'circumstantial';
}
