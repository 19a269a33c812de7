import type { AutoScalingMembership, Instance, NetworkInterface, Target } from '../incident/evidence.ts';
import type { Fix } from '../incident/finding.ts';
import { ifSeen, type Observed } from '../incident/observed.ts';
import { listed, resource, type Text, text } from '../incident/text.ts';
import { showHealth } from '../semantics/commands.ts';
import { serviceNamed } from '../semantics/load.ts';
import { autoScalingGroupOf } from '../semantics/ownership.ts';
import { groupName, groupsOf } from '../semantics/targets.ts';

/** What the rules about overload share: how to give targets company. */

export interface CapacityEvidence {
  readonly instances: Observed<readonly Instance[]>;
  readonly autoScalingInstances: Observed<readonly AutoScalingMembership[]>;
  readonly targetInterfaces: Observed<readonly NetworkInterface[]>;
}

/** Looks first: how many there are to be is written where nobody here can see it. */
export function moreTargets(targets: readonly Target[], evidence: CapacityEvidence): readonly Fix<Text>[] {
  const ids = new Set(targets.map(({ id }) => id));
  const scaling = namesOf(
    (ifSeen(evidence.instances) ?? [])
      .filter(({ id }) => ids.has(id))
      .map((instance) => autoScalingGroupOf(instance, evidence.autoScalingInstances)),
  );
  const services = namesOf(
    (ifSeen(evidence.targetInterfaces) ?? [])
      .filter(({ addresses }) => addresses.some((address) => ids.has(address)))
      .map(({ tags }) => serviceNamed(tags)),
  );
  const look = { changes: false, undo: null, verify: null };
  const owners = [
    ...scaling.map((name) => `Auto Scaling group ${name}`),
    ...services.map((name) => `ECS service ${name}`),
  ];
  const groups = groupsOf(targets);
  return [
    ...(scaling.length === 0
      ? []
      : [
          {
            does: text`see how far ${listed(scaling.map((name) => resource(name)))} may grow`,
            run: ['aws', 'autoscaling', 'describe-auto-scaling-groups', '--auto-scaling-group-names', ...scaling],
            ...look,
          },
        ]),
    ...services.slice(0, 2).map((name) => {
      const [cluster = '', service = ''] = name.split('/');
      const run = ['aws', 'ecs', 'describe-services', '--cluster', cluster, '--services', service];
      return { does: text`see how many tasks ${resource(service)} is to run`, run, ...look };
    }),
    {
      does: text`add targets to ${listed(groups.map((arn) => resource(groupName(arn))))}${owners.length === 0 ? '' : text`: raise the desired number of ${listed(owners)}`}`,
      run: null,
      changes: true,
      undo: null,
      verify: showHealth(groups[0] ?? ''),
      ...(owners[0] === undefined ? {} : { managedBy: owners.join(', ') }),
    },
  ];
}

function namesOf(names: readonly (string | null | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))].sort();
}
