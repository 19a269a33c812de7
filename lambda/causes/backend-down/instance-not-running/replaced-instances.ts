import type { AutoScalingGroup, ChangeEvent, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, asQuoted, code, count, resource, text, time, verbatim } from '../../../incident/text.ts';
import { showActivities, whoCalled } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { fallsOnOnset, instancesStoppedIn } from '../../../semantics/scaling/lost-instances.ts';
import { instancesEndedBy } from '../../../semantics/targets/instance-states.ts';
import { groupsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, plusSeconds } from '../../../semantics/time/minutes.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** Instances that run again, or were replaced: what stopped them fell on the onset of the errors. */

type Seen = SeenBy<'targetHealth', 'changes' | 'autoScalingGroups' | 'errors'>;
type Replaced = Found<'targetHealth', 'changes' | 'autoScalingGroups'>;

/** The first that is found tells enough: what somebody stopped Auto Scaling may have replaced. */
export function replacedInstances({ targetHealth, changes, autoScalingGroups, errors }: Seen): readonly Replaced[] {
  const episode = errors?.episode ?? null;
  if (episode === null) return [];
  return [
    ...(ifSeen(changes) ?? []).flatMap((change) => stoppedByCall(change, targetHealth, episode)),
    ...(ifSeen(autoScalingGroups) ?? []).flatMap((group) => lostByGroup(group, targetHealth, episode)),
  ].slice(0, 1);
}

const MINUTE = 60;
/** Auto Scaling acts when it has noticed. */
const NOTICED = 300;

function stoppedByCall(change: ChangeEvent, all: readonly Target[], episode: EpisodeSpan): readonly Replaced[] {
  const { at, who, what } = change;
  const ended = instancesEndedBy(change);
  const hit = fallsOnOnset(at, episode, MINUTE) ? all.filter(({ id }) => ended.includes(id)) : [];
  const [first] = hit;
  if (first === undefined) return [];
  const groups = groupsOf(hit);
  const inGroups = all.filter(({ targetGroup }) => groups.includes(targetGroup));
  const ids = [...new Set(hit.map(({ id }) => id))];
  return [
    {
      strength: strengthOf(hit.length, inGroups.length, episode),
      says: text`${andList(ids.map(resource), 3)} ${ids.length === 1 ? 'was' : 'were'} stopped at ${time(at)}, just before the errors began`,
      since: at,
      because: [
        cite.targetHealth`${resource(first.id)} is ${code(first.state)} now`,
        citeAt(at).changes`${code(who)} ${verbatim(what)}`,
      ],
      change: { at, who, what },
      affects: scopeOf(hit),
      explains: ['502', '503', '504'],
      fixes: [look(FIND_OUT_WHY, whoCalled('StopInstances', plusSeconds(episode.onset, -3600)))],
      facts: { instances: ids },
    },
  ];
}

function lostByGroup(group: AutoScalingGroup, all: readonly Target[], episode: EpisodeSpan): readonly Replaced[] {
  const lost = instancesStoppedIn(group, (at) => fallsOnOnset(at, episode, NOTICED));
  const arns = group.targetGroups.filter((arn) => all.some(({ targetGroup }) => targetGroup === arn));
  if (lost === null || arns.length === 0) return [];
  const { at, ids, activities } = lost;
  const gone = ids.flatMap((id) => arns.map((targetGroup) => ({ id, port: null, targetGroup })));
  const left = all.filter(({ targetGroup }) => arns.includes(targetGroup)).length;
  return [
    {
      strength: strengthOf(gone.length, left, episode),
      says: text`${andList(ids.map(resource), 3)} stopped or went away: Auto Scaling group ${resource(group.name)} replaced ${ids.length === 1 ? 'it' : 'them'} at ${time(at)}`,
      since: earliest([at, episode.onset]),
      because: [
        cite.targetHealth`${groupsSaid(arns)} ${arns.length === 1 ? 'has' : 'have'} ${count(left, 'target')} now`,
        ...activities.slice(0, 3).map((one) => citeAt(one.at).autoScalingGroups`${asQuoted(one.cause)}`),
      ],
      affects: { targetGroups: arns, targets: gone },
      explains: ['502', '503', '504'],
      fixes: [look(FIND_OUT_WHY, showActivities(group.name, 20))],
      facts: { instances: ids, autoScalingGroup: group.name },
    },
  ];
}

const FIND_OUT_WHY = text`find out why, to keep it from happening again`;

/** One of twenty that goes away does not make half of the requests fail. */
function strengthOf(hit: number, all: number, { errorShare }: EpisodeSpan): 'strong' | 'circumstantial' {
  const share = hit / Math.max(1, all, hit);
  return errorShare === null || errorShare <= 2 * share ? 'strong' : 'circumstantial';
}
