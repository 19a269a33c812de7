import type { AutoScalingGroup, Target } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import { andList, asQuoted, code, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { showActivities, showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { fix, inSteps, look, type Remedy } from '../../../remedies/remedy.ts';
import {
  lookAtHooks,
  registerInstances,
  resumeProcesses,
  wantInstancesAgain,
} from '../../../remedies/scaling-processes.ts';
import {
  failedLaunches,
  instancesHeldByHooks,
  isSuspended,
  reasonIn,
  standingCapacityCut,
  unregisteredInstances,
} from '../../../semantics/scaling/auto-scaling-groups.ts';
import { launchObstacleIn } from '../../../semantics/scaling/launch-obstacles.ts';
import { spotReclaimsIn } from '../../../semantics/scaling/lost-instances.ts';
import type { Sometimes } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { failedLaunchesSaid } from '../../kit/scaling-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** Why Auto Scaling leaves a target group without targets, and how to get it to fill the group again. */

type Why = Sometimes<Citation<Text, 'autoScalingGroups'>>;

/** What it wants, what it may not do, and what it could not. */
export function whyUnfilled(group: AutoScalingGroup, arn: string, targets: readonly Target[]): readonly Why[] {
  const name = text`Auto Scaling group ${resource(group.name)}`;
  const cut = group.desired === 0 && standingCapacityCut(group);
  const failed = failedLaunchesSaid(group);
  const reclaims = spotReclaimsIn(group);
  return [
    group.desired === 0 && cite.autoScalingGroups`${name} launches no instance: its desired capacity is ${code(0)}`,
    cut && citeAt(cut.at).autoScalingGroups`at ${time(cut.at)}: ${asQuoted(cut.cause)}`,
    registersNone(group, name, arn, unregisteredInstances(group, arn, targets)),
    isSuspended(group, 'Launch') &&
      cite.autoScalingGroups`${name} launches no instance: ${code('Launch')} is suspended`,
    ...heldBack(group).map(({ ids, since }) => {
      const from = since === null ? '' : text` since ${time(since)}`;
      return cite.autoScalingGroups`a lifecycle hook of ${name} holds ${andList(ids.map(resource))} back from service${from}`;
    }),
    failed && citeAt(failed.at).autoScalingGroups`${failed.shows}`,
    reclaims &&
      citeAt(reclaims.at)
        .autoScalingGroups`AWS took Spot capacity back from ${name} at ${time(reclaims.at)}: ${andList(reclaims.ids.map(resource))}`,
  ];
}

function registersNone(group: AutoScalingGroup, name: Text, arn: string, out: readonly string[]): Why {
  const inService = text`${andList(out.map(resource))} in service ${out.length === 1 ? 'is' : 'are'}`;
  if (isSuspended(group, 'AddToLoadBalancer')) {
    const left = out.length === 0 ? '' : text`, and ${inService} not registered`;
    return cite.autoScalingGroups`${name} registers no new instance: ${code('AddToLoadBalancer')} is suspended${left}`;
  }
  return out.length > 0 && cite.autoScalingGroups`${inService} of ${name} not registered with ${groupsSaid([arn])}`;
}

/** The same in a few words, for a headline: the first that holds. */
export function whyEmptyInShort(group: AutoScalingGroup, arn: string, targets: readonly Target[]): Text | null {
  const name = resource(group.name);
  if (group.desired === 0) return text`${name} has desired capacity 0`;
  if (isSuspended(group, 'AddToLoadBalancer')) return text`${name} registers none`;
  if (isSuspended(group, 'Launch')) return text`${name} launches none`;
  const failed = failedLaunches(group).at(-1);
  if (failed !== undefined) return text`${name} cannot launch any${obstacleSaid(failed.message ?? '')}`;
  if (heldBack(group).length > 0) return text`a hook of ${name} holds them back`;
  return unregisteredInstances(group, arn, targets).length > 0 ? text`those of ${name} are not registered` : null;
}

/** At the end of a sentence. */
function obstacleSaid(message: string): Text {
  const { lacks, of } = launchObstacleIn(message) ?? {};
  if (of) return text`, as AWS has no ${code(of.type)} capacity in ${code(of.zone)}`;
  return lacks === 'vCPU quota' ? text`, as the vCPU quota is used up` : text``;
}

const heldBack = (group: AutoScalingGroup) =>
  instancesHeldByHooks(group).filter(({ state }) => state.startsWith('Pending'));

/** In the order in which they help. */
export function fillsAgain(group: AutoScalingGroup, arn: string, targets: readonly Target[]): readonly Remedy[] {
  const suspended = ['AddToLoadBalancer', 'Launch'].filter((process) => isSuspended(group, process));
  const out = unregisteredInstances(group, arn, targets);
  const failed = failedLaunches(group).at(-1);
  return [
    ...inSteps([
      ...(suspended.length === 0 ? [] : [resumeProcesses(group, suspended, arn)]),
      ...(out.length === 0 ? [] : [registerInstances(group, out, arn)]),
    ]),
    ...(group.desired > 0 ? [] : [wantInstancesAgain(group, arn)]),
    ...(instancesHeldByHooks(group).length === 0 ? [] : [lookAtHooks(group)]),
    ...(failed === undefined ? [] : launchable(group, failed.message ?? '', arn)),
  ];
}

/** What mends the reason that AWS gives, and where to read it. */
function launchable({ name, tags }: AutoScalingGroup, message: string, arn: string): readonly Remedy[] {
  const group = resource(name);
  const mended = {
    capacity: text`let ${group} also launch other instance types, or in other zones`,
    'vCPU quota': text`raise the vCPU quota, or let ${group} launch smaller or fewer instances`,
    other: text`fix what ${group} fails on: ${verbatim(reasonIn(message))}`,
  };
  return [
    fix(mended[launchObstacleIn(message)?.lacks ?? 'other'], { verify: showHealth(arn), managedBy: managerOf(tags) }),
    look(text`see what else ${group} tried, and why it launches nothing`, showActivities(name)),
  ];
}
