import type { ChangeEvent } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { whatChangedOn, whoCalled } from '../../../remedies/look.ts';
import { type AwsCall, look } from '../../../remedies/remedy.ts';
import { type BracketingChanges, changesAround } from '../../../semantics/changes/bracketing-changes.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { pathsReopenedSince } from '../../../semantics/network/reopened-paths.ts';
import { pathsToTaken, type TakenPath } from '../../../semantics/network/taken-paths.ts';
import { groupsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found, Moment } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import { closedIn, type Layer, type LayerEvidence, type PathsSeen } from './closed-layer.ts';
import { type Drops, dropsAt, explainsDrops } from './silent-drops.ts';

/** Errors are counted by the minute: what was changed within the first one may have begun them. */
const MINUTE = 60;

/** What a layer closed when the errors began, and does not close now: a fault that is mended already. */
export function revertedFindings<From extends LayerEvidence>(
  layer: Layer<From>,
  seen: PathsSeen,
  moment: Moment,
  gone: readonly TakenPath[],
): readonly Found<From, From | 'changes' | 'loadBalancerMetrics'>[] {
  const { from, name } = layer;
  const { paths, errors, changes: observed } = seen;
  const { all, evidence } = paths;
  const episode = errors?.episode;
  const changes = ifSeen(observed);
  if (!episode || !evidence || !changes) return [];
  const { onset } = episode;
  const begun = plusSeconds(onset, MINUTE);
  const taken = [...new Set(gone.map(({ target }) => target))];
  const reopened = [
    ...pathsReopenedSince(begun, name, all, evidence, changes),
    ...pathsReopenedSince(begun, name, gone, evidence, changes, (then) => pathsToTaken(taken, then)),
  ];
  // Security groups are told of by the targets that they closed; an ACL or a table stands before whole subnets.
  const among = from === 'securityGroups' ? reopened : [...all, ...gone];
  const registered = new Set(all.map(({ target }) => target));
  return closedIn(layer, reopened).map((closed) => {
    const { said, restsOn, port, facts } = layer.tell(closed, among);
    const bracket = changesAround(begun, changes, { ids: restsOn, port });
    const { closing, opening } = bracket;
    const drops = dropsAt(closed, seen);
    return {
      strength: revertedStrength(bracket, episode, drops, moment),
      says: text`${said}${spanSaid(bracket)}`,
      since: closing?.at,
      change: closing && { at: closing.at, who: closing.who, what: closing.what },
      because: [
        { from, shows: text`the path is open now; before the changes made since, it was closed at ${time(onset)}` },
        opening && citeAt(opening.at).changes`${code(opening.who)} ${verbatim(opening.what)}`,
        drops.shows && { from: 'loadBalancerMetrics', shows: drops.shows },
      ],
      affects: {
        targetGroups: groupsOf(closed.map(({ target }) => target)),
        targets: scopeOf(closed.map(({ target }) => target).filter((one) => registered.has(one))).targets,
      },
      explains: explainsDrops(closed, among),
      restsOn,
      fixes: [
        look(
          text`it is already fixed: find out why it was changed, to keep it from happening again`,
          lookUp(closing ?? opening, onset),
        ),
      ],
      facts: { ...facts, reverted: true },
    };
  });
}

function spanSaid({ closing, opening }: BracketingChanges): Text {
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
  { closing, opening }: BracketingChanges,
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
