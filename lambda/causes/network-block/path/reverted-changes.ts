import type { ChangeEvent, SecurityGroupRule } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { whatChangedOn, whoCalled } from '../../../remedies/look.ts';
import { type AwsCall, look } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { pathEvidenceAt } from '../../../semantics/network/past-state.ts';
import type { PathLayer } from '../../../semantics/network/path.ts';
import { isReachedOn, type TargetPath, targetPaths } from '../../../semantics/network/target-paths.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found, Moment } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import {
  type ClosedPaths,
  type Closure,
  closedIn,
  type Layer,
  type LayerEvidence,
  type PathsSeen,
} from './closed-layer.ts';
import { type Drops, explainsDrops } from './silent-drops.ts';

/** A fault that is mended already: the path is open now, and was closed when the errors began. */
interface Reverted {
  readonly paths: readonly TargetPath[];
  readonly episode: EpisodeSpan;
  /** The changes around the errors that closed it and opened it again; what CloudTrail has not shown yet is missing. */
  readonly changes: readonly ChangeEvent[];
}

/** Errors are counted by the minute: what was changed within the first one may have begun them. */
const MINUTE = 60;

/** What a layer closed when the errors began, and does not close now. */
export function revertedFindings<From extends LayerEvidence>(
  layer: Layer<From>,
  { paths: { all, evidence }, errors, changes: observed }: PathsSeen,
  drops: Drops,
  moment: Moment,
): readonly Found<From, From | 'changes' | 'loadBalancerMetrics'>[] {
  const episode = errors?.episode;
  const changes = ifSeen(observed);
  if (!episode || !evidence || !changes) return [];
  const then = pathEvidenceAt(plusSeconds(episode.onset, MINUTE), layer.name, evidence, changes);
  // The same targets in the same order: only what filters their packets differs.
  const paths = (then === null ? [] : targetPaths(then)).filter(
    ({ path }, index) => isClosed(path.layers[layer.name]) && isOpen(all[index], layer.name),
  );
  return closedIn(layer, paths).map((closed) =>
    findingOf(layer, closed, all, { paths, episode, changes }, drops, moment),
  );
}

const isClosed = (state: string): boolean => state === 'blocked' || state === 'partly-blocked';

/** The way back from another network is never seen: there AWS has the word. */
function isOpen(now: TargetPath | undefined, layer: PathLayer): boolean {
  if (now === undefined) return false;
  const state = now.path.layers[layer];
  return state === 'open' || (state === 'unknown' && isReachedOn(now.target, now.port));
}

function findingOf<From extends LayerEvidence>(
  { from, tell }: Layer<From>,
  closed: ClosedPaths,
  all: readonly TargetPath[],
  reverted: Reverted,
  drops: Drops,
  moment: Moment,
): Found<From, From | 'changes' | 'loadBalancerMetrics'> {
  const { onset } = reverted.episode;
  // Security groups are told of by the targets that they closed; an ACL or a table stands before whole subnets.
  const among = from === 'securityGroups' ? reverted.paths : all;
  const closure = tell(closed, among);
  const bracket = around(closure, reverted);
  const { closing, opening } = bracket;
  return {
    strength: revertedStrength(bracket, reverted.episode, drops, moment),
    says: text`${closure.said}${span(bracket)}`,
    since: closing?.at,
    change: closing && { at: closing.at, who: closing.who, what: closing.what },
    because: [
      { from, shows: text`the path is open now; with what was changed since, it was closed at ${time(onset)}` },
      opening && citeAt(opening.at).changes`${code(opening.who)} ${verbatim(opening.what)}`,
      drops.shows && { from: 'loadBalancerMetrics', shows: drops.shows },
    ],
    affects: scopeOf(closed.map(({ target }) => target)),
    explains: explainsDrops(closed, among),
    restsOn: closure.restsOn,
    fixes: [
      look(
        text`it is mended: find out why it was changed, so that it does not come back`,
        lookUp(closing ?? opening, onset),
      ),
    ],
    facts: { ...closure.facts, reverted: true },
  };
}

/** The last change before the errors that took something away, and the first after that gave it back. */
interface Bracket {
  readonly closing: ChangeEvent | undefined;
  readonly opening: ChangeEvent | undefined;
}

function around({ restsOn, port }: Closure, { changes, episode }: Reverted): Bracket {
  const begun = plusSeconds(episode.onset, MINUTE);
  const own = changes.filter(
    ({ resources, details }) =>
      details.is === 'security-groups' || (resources.some((id) => restsOn.includes(id)) && isAbout(port, details)),
  );
  return {
    closing: own.findLast((change) => change.at <= begun && effectOf(change).takes),
    opening: own.find((change) => change.at > begun && effectOf(change).gives),
  };
}

function isAbout(port: number | undefined, details: ChangeEvent['details']): boolean {
  return (
    details.is !== 'security-group-rules' || port === undefined || details.rules.some((rule) => covers(rule, port))
  );
}

function covers({ fromPort, toPort }: SecurityGroupRule, port: number): boolean {
  return fromPort === null || (fromPort <= port && port <= (toPort ?? fromPort));
}

/** Whether it can have closed a path, or opened one. */
function effectOf({ details }: ChangeEvent): { readonly takes: boolean; readonly gives: boolean } {
  switch (details.is) {
    case 'security-groups':
      return { takes: true, gives: true };
    case 'security-group-rules':
      return { takes: details.does === 'revokes', gives: details.does === 'admits' };
    case 'route':
      return { takes: details.does === 'deletes', gives: details.does !== 'deletes' };
    case 'network-acl-entry': {
      const isDeleted = details.does === 'deletes';
      const action = details.entry?.action;
      return { takes: isDeleted || action === 'deny', gives: isDeleted || action === 'allow' };
    }
    default:
      return { takes: false, gives: false };
  }
}

function span({ closing, opening }: Bracket): Text {
  if (closing === undefined) return opening === undefined ? text`` : text` until ${time(opening.at)}`;
  return opening === undefined
    ? text` from ${time(closing.at)} on`
    : text` from ${time(closing.at)} to ${time(opening.at)}`;
}

function lookUp(change: ChangeEvent | undefined, onset: Time): AwsCall | null {
  const id = change?.resources[0];
  if (change === undefined || id === undefined) return null;
  const from = plusSeconds(onset, -3600);
  // Its records name no resources that one could ask for.
  if (change.source === 'elasticloadbalancing.amazonaws.com') return whoCalled(change.event, from);
  return whatChangedOn(id, from);
}

const HOUR = 3600;
/** How long after a path opens again, or before, the last error may come: health checks take their time to succeed. */
const AFTERMATH = 600;
const STALE_AFTER = 600;

/** Strong where the changes bracket the errors, and these look as dropped packets make them look. */
function revertedStrength(
  { closing, opening }: Bracket,
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
