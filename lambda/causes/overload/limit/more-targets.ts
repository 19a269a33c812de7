import type {
  AutoScalingGroup,
  AutoScalingMembership,
  Instance,
  NetworkInterface,
  Target,
} from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { count, listed, resource, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { serviceInTags } from '../../../semantics/ecs/service-of-target.ts';
import { autoScalingGroupOf } from '../../../semantics/scaling/membership.ts';
import { groupName, groupsOf } from '../../../semantics/targets/targets.ts';

/** What the rules about overload share: how to give targets company. */

export interface CapacityEvidence {
  readonly instances: Observed<readonly Instance[]>;
  readonly autoScalingInstances: Observed<readonly AutoScalingMembership[]>;
  readonly targetInterfaces: Observed<readonly NetworkInterface[]>;
  readonly autoScalingGroups: Observed<readonly AutoScalingGroup[]>;
}

/** Looks first where nobody here can see how many there are to be. */
export function moreTargets(targets: readonly Target[], evidence: CapacityEvidence): readonly Remedy[] {
  const ids = new Set(targets.map(({ id }) => id));
  const scaling = namesOf(
    (ifSeen(evidence.instances) ?? [])
      .filter(({ id }) => ids.has(id))
      .map((instance) => autoScalingGroupOf(instance, evidence.autoScalingInstances)),
  );
  const services = namesOf(
    (ifSeen(evidence.targetInterfaces) ?? [])
      .filter(({ addresses }) => addresses.some((address) => ids.has(address)))
      .map(({ tags }) => serviceInTags(tags)),
  );
  const known = (ifSeen(evidence.autoScalingGroups) ?? []).filter(({ name }) => scaling.includes(name));
  const unknown = scaling.filter((name) => known.every((group) => group.name !== name));
  const look = { changes: false, undo: null, verify: null };
  const owners = [
    ...unknown.map((name): Owner => ({ kind: 'Auto Scaling group', name })),
    ...services.map((name): Owner => ({ kind: 'ECS service', name })),
  ];
  const groups = groupsOf(targets);
  return [
    ...known.slice(0, 2).map((group) => grown(group, groups[0] ?? '')),
    ...(unknown.length === 0
      ? []
      : [
          {
            does: text`see how far ${listed(unknown.map((name) => resource(name)))} may grow`,
            run: ['aws', 'autoscaling', 'describe-auto-scaling-groups', '--auto-scaling-group-names', ...unknown],
            ...look,
          },
        ]),
    ...services.slice(0, 2).map((name) => {
      const [cluster = '', service = ''] = name.split('/');
      const run = ['aws', 'ecs', 'describe-services', '--cluster', cluster, '--services', service];
      return { does: text`see how many tasks ${resource(service)} is to run`, run, ...look };
    }),
    ...(known.length > 0 && owners.length === 0 ? [] : [added(groups, owners)]),
  ];
}

/** Half as many again: enough to tell whether it helps. */
const MORE = 1.5;

function grown({ name, max, desired, tags }: AutoScalingGroup, targetGroup: string): Remedy {
  const wanted = Math.max(desired + 1, Math.ceil(MORE * desired));
  const sized = (size: { readonly max: number; readonly desired: number }) => [
    ...['aws', 'autoscaling', 'update-auto-scaling-group', '--auto-scaling-group-name', name],
    ...['--max-size', String(size.max), '--desired-capacity', String(size.desired)],
  ];
  const bound = wanted > max ? text`, beyond its maximum of ${max}` : text``;
  return {
    does: text`have ${resource(name)} run ${count(wanted, 'instance')} instead of ${desired}${bound}`,
    run: sized({ max: Math.max(max, wanted), desired: wanted }),
    changes: true,
    undo: sized({ max, desired }),
    verify: showHealth(targetGroup),
    ...managedByField(tags),
  };
}

interface Owner {
  readonly kind: 'Auto Scaling group' | 'ECS service';
  readonly name: string;
}

function added(groups: readonly string[], owners: readonly Owner[]): Remedy {
  return {
    does: text`add targets to ${listed(groups.map((arn) => resource(groupName(arn))))}${owners.length === 0 ? '' : text`: raise the desired number of ${listed(owners.map(({ kind, name }) => text`${kind} ${resource(name)}`))}`}`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(groups[0] ?? ''),
    ...(owners[0] === undefined ? {} : { managedBy: owners.map(({ kind, name }) => `${kind} ${name}`).join(', ') }),
  };
}

function namesOf(names: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))].sort();
}
