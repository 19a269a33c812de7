import type { AutoScalingGroup, ScalingActivity, Target } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import {
  code,
  count,
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
import { managedByField } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import {
  failedLaunches,
  instancesHeldByHooks,
  lastCapacityCut,
  reasonIn,
  unregisteredInstances,
} from '../../../semantics/scaling/auto-scaling-groups.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { failedLaunchesSaid } from '../../kit/scaling-words.ts';

/** Why Auto Scaling leaves a target group without targets, and how to get it to fill the group again. */

interface Told {
  readonly shows: Text;
  readonly at?: Time;
}

/** What it wants, what it may not do, and what it could not. */
export function whyUnfilled(
  group: AutoScalingGroup,
  arn: string,
  targets: readonly Target[],
): readonly Citation<Text, 'autoScalingGroups'>[] {
  const name = text`Auto Scaling group ${resource(group.name)}`;
  const out = unregisteredInstances(group, arn, targets);
  const failed = failedLaunchesSaid(group);
  const told: readonly Told[] = [
    ...wantsNone(group, name),
    ...(group.suspendedProcesses.includes('AddToLoadBalancer')
      ? [
          {
            shows: text`${name} registers no new instance: ${code('AddToLoadBalancer')} is suspended${out.length === 0 ? '' : text`, and ${inService(out)} not registered`}`,
          },
        ]
      : out.length === 0
        ? []
        : [{ shows: text`${inService(out)} of ${name} not registered in ${resource(groupName(arn))}` }]),
    ...(group.suspendedProcesses.includes('Launch')
      ? [{ shows: text`${name} launches none: ${code('Launch')} is suspended` }]
      : []),
    ...instancesHeldByHooks(group)
      .filter(({ state }) => state.startsWith('Pending'))
      .map(({ ids, since }) => ({
        shows: text`a lifecycle hook of ${name} holds ${listed(ids.map(resource))} back from service${since === null ? '' : text` since ${time(since)}`}`,
      })),
    ...(failed === null ? [] : [failed]),
    ...takenBack(group, name),
  ];
  return told.map((one) => ({ from: 'autoScalingGroups', ...one }));
}

/** The same in a few words, for a headline: the first that holds. */
export function inShort(group: AutoScalingGroup, arn: string, targets: readonly Target[]): Text | null {
  const name = resource(group.name);
  const suspended = (process: string): boolean => group.suspendedProcesses.includes(process);
  if (group.desired === 0) return text`${name} wants none`;
  if (suspended('AddToLoadBalancer')) return text`${name} may not register any`;
  if (suspended('Launch')) return text`${name} may not launch any`;
  const failed = failedLaunches(group).at(-1);
  if (failed !== undefined) {
    const lack = missingCapacityIn(failed.message ?? '');
    return text`${name} cannot launch any${lack === null ? '' : text`, as ${lack}`}`;
  }
  if (instancesHeldByHooks(group).some(({ state }) => state.startsWith('Pending')))
    return text`a hook of ${name} holds them back`;
  return unregisteredInstances(group, arn, targets).length > 0 ? text`those of ${name} are not registered` : null;
}

/** What AWS lacks or refuses, of the reasons that people meet most: in the middle of a sentence. */
function missingCapacityIn(message: string): Text | null {
  const [, type, zone] =
    /sufficient (\S+) capacity in the Availability Zone you requested \((\S+?)\)/.exec(message) ?? [];
  if (type !== undefined && zone !== undefined) return text`AWS has no ${code(type)} capacity in ${code(zone)}`;
  return /vCPU limit/.test(message) ? text`the vCPU quota is used up` : null;
}

function inService(ids: readonly string[]): Text {
  return text`${listed(ids.map(resource))} in service ${ids.length === 1 ? 'is' : 'are'}`;
}

function wantsNone(group: AutoScalingGroup, name: Text): readonly Told[] {
  if (group.desired > 0) return [];
  const shrunk = lastCapacityCut(group);
  return [
    { shows: text`${name} wants no instance: its desired capacity is ${code(0)}` },
    ...(shrunk === null ? [] : [{ shows: text`at ${time(shrunk.at)} ${verbatim(shrunk.cause)}`, at: shrunk.at }]),
  ];
}

function takenBack({ activities }: AutoScalingGroup, name: Text): readonly Told[] {
  const gone = activities.filter(isTakenBack);
  const [first] = gone;
  const ids = [...new Set(gone.flatMap(({ description }) => description.match(/\bi-\w+/g) ?? []))];
  if (first === undefined || ids.length === 0) return [];
  return [
    {
      shows: text`AWS took Spot capacity back from ${name} at ${time(first.at)}: ${listed(ids.map(resource))}`,
      at: first.at,
    },
  ];
}

function isTakenBack({ cause, description }: ScalingActivity): boolean {
  return /^Terminating/.test(description) && /spot.*interrupt|interrupt.*spot|rebalance recommendation/i.test(cause);
}

/** In the order in which they help. */
export function fillsAgain(group: AutoScalingGroup, arn: string, targets: readonly Target[]): readonly Remedy[] {
  const rest = { verify: showHealth(arn), ...managedByField(group.tags) };
  const held = ['AddToLoadBalancer', 'Launch'].filter((process) => group.suspendedProcesses.includes(process));
  const out = unregisteredInstances(group, arn, targets);
  return [
    ...inSteps([
      ...(held.length === 0 ? [] : [resumed(group, held, rest)]),
      ...(out.length === 0 ? [] : [registered(out, arn, rest)]),
    ]),
    ...wantedAgain(group, rest),
    ...(instancesHeldByHooks(group).length === 0 ? [] : [lookAtHooks(group)]),
    ...launchable(group, rest),
  ];
}

type Rest = Pick<Remedy, 'verify' | 'managedBy'>;

function resumed({ name }: AutoScalingGroup, processes: readonly string[], rest: Rest): Remedy {
  const command = (verb: string) => [
    ...['aws', 'autoscaling', `${verb}-processes`, '--auto-scaling-group-name', name],
    ...['--scaling-processes', ...processes],
  ];
  return {
    does: text`let ${resource(name)} ${processes.includes('AddToLoadBalancer') ? 'register' : 'launch'} instances again`,
    run: command('resume'),
    changes: true,
    undo: command('suspend'),
    ...rest,
  };
}

/** What was launched while it was suspended is not registered later: that takes a hand. */
function registered(ids: readonly string[], arn: string, rest: Rest): Remedy {
  const command = (verb: string) => [
    ...['aws', 'elbv2', `${verb}-targets`, '--target-group-arn', arn],
    ...['--targets', ...ids.map((id) => `Id=${id}`)],
  ];
  return {
    does: text`register ${ids.length === 1 ? 'the instance' : text`the ${ids.length} instances`} in service: Auto Scaling does not make up for it`,
    run: command('register'),
    changes: true,
    undo: command('deregister'),
    ...rest,
  };
}

function wantedAgain(group: AutoScalingGroup, rest: Rest): readonly Remedy[] {
  const shrunk = lastCapacityCut(group);
  if (group.desired > 0 || shrunk === null) return [];
  const { name, min, max, desired } = group;
  const sized = (size: { readonly max: number; readonly desired: number }) => [
    ...['aws', 'autoscaling', 'update-auto-scaling-group', '--auto-scaling-group-name', name],
    ...['--min-size', String(min), '--max-size', String(size.max), '--desired-capacity', String(size.desired)],
  ];
  return [
    {
      does: text`have ${count(shrunk.from, 'instance')} again, as before ${time(shrunk.at)}`,
      run: sized({ max: Math.max(max, shrunk.from), desired: shrunk.from }),
      changes: true,
      undo: sized({ max, desired }),
      ...rest,
    },
  ];
}

function lookAtHooks({ name }: AutoScalingGroup): Remedy {
  return {
    does: text`see which hook of ${resource(name)} holds its instances, and what should have completed it`,
    run: ['aws', 'autoscaling', 'describe-lifecycle-hooks', '--auto-scaling-group-name', name],
    ...{ changes: false, undo: null, verify: null },
  };
}

/** What mends the reason that AWS gives, and where to read it. */
function launchable(group: AutoScalingGroup, rest: Rest): readonly Remedy[] {
  const failed = failedLaunches(group).at(-1);
  if (failed === undefined) return [];
  const name = resource(group.name);
  return [
    { does: mendedBy(failed.message ?? '', name), run: null, changes: true, undo: null, ...rest },
    {
      does: text`read what else ${name} tried, and why it launches nothing`,
      run: showActivities(group.name),
      ...{ changes: false, undo: null, verify: null },
    },
  ];
}

function mendedBy(message: string, name: Part): Text {
  if (/sufficient \S+ capacity/.test(message))
    return text`let ${name} launch other instance types, or in other zones, too: capacity comes back when AWS has some`;
  if (/vCPU limit/.test(message)) return text`raise the vCPU quota, or let ${name} launch smaller or fewer instances`;
  return text`mend what ${name} fails on: ${verbatim(reasonIn(message))}`;
}
