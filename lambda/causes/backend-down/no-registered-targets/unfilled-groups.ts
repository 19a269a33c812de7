import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import {
  code,
  listed,
  type Part,
  resource,
  type Text,
  type Time,
  text,
  time,
  verbatim,
} from '../../../incident/text.ts';
import { showActivities, showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { fix, inSteps, look, type Remedy } from '../../../remedies/remedy.ts';
import {
  lookAtHooks,
  registerInstances,
  resumeProcesses,
  undoCapacityCut,
} from '../../../remedies/scaling-processes.ts';
import {
  failedLaunches,
  instancesHeldByHooks,
  lastCapacityCut,
  reasonIn,
  unregisteredInstances,
} from '../../../semantics/scaling/auto-scaling-groups.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import type { Sometimes } from '../../cause.ts';
import { failedLaunchesSaid } from '../../kit/scaling-words.ts';

/** Why Auto Scaling leaves a target group without targets, and how to get it to fill the group again. */

type Why = Citation<Text, 'autoScalingGroups'>;

const told = (shows: Text, at?: Time): Why => ({
  from: 'autoScalingGroups',
  shows,
  ...(at === undefined ? {} : { at }),
});

/** What it wants, what it may not do, and what it could not. */
export function whyUnfilled(
  group: AutoScalingGroup,
  arn: string,
  targets: readonly Target[],
): readonly Sometimes<Why>[] {
  const name = text`Auto Scaling group ${resource(group.name)}`;
  const failed = failedLaunchesSaid(group);
  return [
    ...wantsNone(group, name),
    registersNone(group, name, arn, unregisteredInstances(group, arn, targets)),
    isSuspended(group, 'Launch') && told(text`${name} launches none: ${code('Launch')} is suspended`),
    ...heldBack(group).map(({ ids, since }) => {
      const from = since === null ? '' : text` since ${time(since)}`;
      return told(text`a lifecycle hook of ${name} holds ${listed(ids.map(resource))} back from service${from}`);
    }),
    failed && told(failed.shows, failed.at),
    takenBack(group, name),
  ];
}

function wantsNone(group: AutoScalingGroup, name: Text): readonly Sometimes<Why>[] {
  if (group.desired > 0) return [];
  const cut = lastCapacityCut(group);
  return [
    told(text`${name} wants no instance: its desired capacity is ${code(0)}`),
    cut && told(text`at ${time(cut.at)} ${verbatim(cut.cause)}`, cut.at),
  ];
}

function registersNone(group: AutoScalingGroup, name: Text, arn: string, out: readonly string[]): Sometimes<Why> {
  const inService = text`${listed(out.map(resource))} in service ${out.length === 1 ? 'is' : 'are'}`;
  if (isSuspended(group, 'AddToLoadBalancer')) {
    const left = out.length === 0 ? '' : text`, and ${inService} not registered`;
    return told(text`${name} registers no new instance: ${code('AddToLoadBalancer')} is suspended${left}`);
  }
  return out.length > 0 && told(text`${inService} of ${name} not registered in ${resource(groupName(arn))}`);
}

function takenBack({ activities }: AutoScalingGroup, name: Text): Sometimes<Why> {
  const gone = activities.filter(
    ({ cause, description }) =>
      /^Terminating/.test(description) && /spot.*interrupt|interrupt.*spot|rebalance recommendation/i.test(cause),
  );
  const [first] = gone;
  const ids = [...new Set(gone.flatMap(({ description }) => description.match(/\bi-\w+/g) ?? []))];
  if (first === undefined || ids.length === 0) return null;
  return told(
    text`AWS took Spot capacity back from ${name} at ${time(first.at)}: ${listed(ids.map(resource))}`,
    first.at,
  );
}

/** The same in a few words, for a headline: the first that holds. */
export function whyEmptyInShort(group: AutoScalingGroup, arn: string, targets: readonly Target[]): Text | null {
  const name = resource(group.name);
  if (group.desired === 0) return text`${name} wants none`;
  if (isSuspended(group, 'AddToLoadBalancer')) return text`${name} may not register any`;
  if (isSuspended(group, 'Launch')) return text`${name} may not launch any`;
  const failed = failedLaunches(group).at(-1);
  if (failed !== undefined) return text`${name} cannot launch any${missingCapacityIn(failed.message ?? '')}`;
  if (heldBack(group).length > 0) return text`a hook of ${name} holds them back`;
  return unregisteredInstances(group, arn, targets).length > 0 ? text`those of ${name} are not registered` : null;
}

/** What AWS lacks or refuses, of the reasons that people meet most: at the end of a sentence. */
function missingCapacityIn(message: string): Text {
  const [, type, zone] =
    /sufficient (\S+) capacity in the Availability Zone you requested \((\S+?)\)/.exec(message) ?? [];
  if (type !== undefined && zone !== undefined) return text`, as AWS has no ${code(type)} capacity in ${code(zone)}`;
  return /vCPU limit/.test(message) ? text`, as the vCPU quota is used up` : text``;
}

const isSuspended = ({ suspendedProcesses }: AutoScalingGroup, process: string): boolean =>
  suspendedProcesses.includes(process);

const heldBack = (group: AutoScalingGroup) =>
  instancesHeldByHooks(group).filter(({ state }) => state.startsWith('Pending'));

/** In the order in which they help. */
export function fillsAgain(group: AutoScalingGroup, arn: string, targets: readonly Target[]): readonly Remedy[] {
  const suspended = ['AddToLoadBalancer', 'Launch'].filter((process) => isSuspended(group, process));
  const out = unregisteredInstances(group, arn, targets);
  const cut = group.desired > 0 ? null : lastCapacityCut(group);
  const failed = failedLaunches(group).at(-1);
  return [
    ...inSteps([
      ...(suspended.length === 0 ? [] : [resumeProcesses(group, suspended, arn)]),
      ...(out.length === 0 ? [] : [registerInstances(group, out, arn)]),
    ]),
    ...(cut === null ? [] : [undoCapacityCut(group, cut, arn)]),
    ...(instancesHeldByHooks(group).length === 0 ? [] : [lookAtHooks(group)]),
    ...(failed === undefined ? [] : launchable(group, failed.message ?? '', arn)),
  ];
}

/** What mends the reason that AWS gives, and where to read it. */
function launchable({ name, tags }: AutoScalingGroup, message: string, arn: string): readonly Remedy[] {
  return [
    fix(mendedBy(message, resource(name)), { verify: showHealth(arn), managedBy: managerOf(tags) }),
    look(text`read what else ${resource(name)} tried, and why it launches nothing`, showActivities(name)),
  ];
}

function mendedBy(message: string, name: Part): Text {
  if (/sufficient \S+ capacity/.test(message))
    return text`let ${name} launch other instance types, or in other zones, too: capacity comes back when AWS has some`;
  if (/vCPU limit/.test(message)) return text`raise the vCPU quota, or let ${name} launch smaller or fewer instances`;
  return text`mend what ${name} fails on: ${verbatim(reasonIn(message))}`;
}
