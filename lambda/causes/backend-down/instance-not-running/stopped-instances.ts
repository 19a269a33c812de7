import type { AutoScalingMembership, Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import {
  andList,
  asQuoted,
  code,
  count,
  resource,
  type Text,
  type Time,
  text,
  time,
  verbatim,
} from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import { waysToReplace } from '../../../remedies/replacements.ts';
import { startInstances, startUnlessInGroup, startUnlessOwned } from '../../../remedies/start-instances.ts';
import { type Keeper, keepersOf, setAside } from '../../../semantics/scaling/gone-instances.ts';
import { autoScalingGroupOf } from '../../../semantics/scaling/membership.ts';
import { fewerInSince } from '../../../semantics/targets/health-history.ts';
import { type Alike, alike, isGone, isReclaimed, timeOfLoss } from '../../../semantics/targets/instance-states.ts';
import { endOfLoss } from '../../../semantics/targets/loss-end.ts';
import { groupsOf, isToldStopped, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { whatStopped } from './stop-reasons.ts';

type Seen = SeenBy<
  'targetHealth',
  'instances' | 'autoScalingInstances' | 'autoScalingGroups' | 'targetGroupMetrics' | 'errors' | 'load'
>;

/** What is down in one target group, or in several that hold the same instances. */
export function stoppedInstances(
  down: readonly Target[],
  seen: Seen,
  at: Time,
): Found<'targetHealth', 'targetHealth' | 'instances' | 'autoScalingInstances'> {
  const ids = idsOf(down);
  const stopped = (ifSeen(seen.instances) ?? []).filter((one) => isGone(one) && ids.includes(one.id));
  const groups = groupsOf(down);
  const others = groups.flatMap((arn) => targetsOf(seen.targetHealth, arn)).filter((one) => !down.includes(one));
  // What is unused for its zone, or drains, gets nothing either.
  const left = others.filter(isUsable).length;
  const keepers = keepersOf(stopped, groups, seen);
  const spot = stopped.length === ids.length && stopped.every(isReclaimed) ? ', taken back as Spot capacity' : '';
  const rest = left === 0 ? text`no target is left` : text`${count(left, 'target is', 'targets are')} left`;
  return {
    strength: 'decisive',
    says: text`${andList(ids.map(resource), 3)} ${ids.length === 1 ? 'is' : 'are'} ${stateSaid(stopped, down)}${spot}: ${rest} in ${groupsSaid(groups)}`,
    // Where EC2 does not tell when, the group's history does.
    since:
      timeOfLoss(seen.errors?.episode?.onset ?? at, stopped) ??
      fewerInSince(groups, seen.targetHealth, ifSeen(seen.targetGroupMetrics)),
    until: stopped.length === ids.length ? endOfLoss(down, stopped, others.filter(isUsable), seen) : undefined,
    because: [
      cite.targetHealth`${healthSaid(down)}`,
      ...alike(stopped).slice(0, 5).map(whoStopped),
      ...keepers.map(
        ({ gone }) => setAside(gone).length > 0 && cite.autoScalingInstances`${asideSaid(setAside(gone))}`,
      ),
    ],
    affects: scopeOf(down),
    // What an unused target would have got goes to the others, as long as there are any.
    explains: left === 0 ? ['502', '503', '504'] : ['502', '504'],
    fixes: replaceOrStart(down, stopped, keepers, seen),
    facts: { instances: ids, left },
  };
}

function stateSaid(stopped: readonly Instance[], down: readonly Target[]): Text {
  const states = [...new Set(stopped.map(({ state }) => state))].sort();
  const [, told = 'not running'] = /in the (\S+) state/.exec(down[0]?.description ?? '') ?? [];
  return andList((states.length > 0 ? states : [told]).map(code));
}

function healthSaid([first, ...others]: readonly Target[]): Text {
  const { id = '', state = 'unused', reason = null, description = null } = first ?? {};
  const more = others.length > 0 ? text` (${count(others.length + 1, 'target')})` : '';
  return text`${resource(id)} is ${code(state)}: ${code(reason ?? state)}${description ? text`, ${asQuoted(description)}` : ''}${more}`;
}

function whoStopped({ ids, since, one }: Alike) {
  const who = ids.length > 3 ? text`${count(ids.length, 'instance')}` : andList(ids.map(resource));
  const [has, is] = ids.length === 1 ? (['has', 'is'] as const) : (['have', 'are'] as const);
  const stands = since ? text`${has} been ${code(one.state)} since ${time(since)}` : text`${is} ${code(one.state)}`;
  return citeAt(since).instances`${who} ${stands}: ${verbatim(whatStopped(one))}`;
}

function asideSaid(aside: readonly AutoScalingMembership[]): Text {
  const states = [...new Set(aside.map(({ lifecycleState }) => lifecycleState))].sort();
  return text`${andList(aside.map(({ instanceId }) => resource(instanceId)))} ${aside.length === 1 ? 'is' : 'are'} ${andList(states.map(code))} in ${resource(aside[0]?.group ?? '')}, which replaces no instance in that state`;
}

/**
 * A command starts only what is known to be stopped, not Spot, and in no Auto Scaling group; where that was not seen, people do.
 */
function replaceOrStart(
  down: readonly Target[],
  stopped: readonly Instance[],
  keepers: readonly Keeper[],
  seen: Seen,
): readonly Remedy[] {
  const [{ targetGroup: arn } = { targetGroup: '' }] = down;
  const verify = showHealth(arn);
  const ownerOf = (one: Instance) => autoScalingGroupOf(one, seen.autoScalingInstances);
  const mayStart = stopped.filter((one) => one.state === 'stopped' && !one.spot);
  const startable = mayStart.filter((one) => ownerOf(one) === null);
  const unowned = mayStart.filter((one) => ownerOf(one) === undefined).map(({ id }) => id);
  const unread = idsOf(down.filter(isToldStopped)).filter((id) => isUnread(id, seen.instances));
  const ways = [
    ...(startable.length > 0 ? [startInstances(startable, verify)] : []),
    ...keepers.flatMap(({ name, group, gone }) => waysToReplace(name, group, gone)),
    ...(unread.length > 0 ? startUnlessOwned(unread, seen.instances, verify) : []),
    ...(unowned.length > 0 ? startUnlessInGroup(unowned, verify) : []),
  ];
  if (ways.length > 0) return ways;
  const isEnded = stopped.length === 0 || stopped.some(({ state }) => !/^stop/.test(state));
  const what = isEnded ? text`what is gone` : text`what is stopped`;
  return [fix(text`replace ${what}: register running instances with ${groupsSaid([arn])}`, { verify })];
}

const idsOf = (targets: readonly Target[]): readonly string[] => [...new Set(targets.map(({ id }) => id))];

const isUnread = (id: string, instances: Seen['instances']): boolean =>
  !instances.seen || instances.gaps.some(({ ids }) => ids === undefined || ids.includes(id));
