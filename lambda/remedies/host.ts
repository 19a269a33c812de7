import type { AutoScalingMembership, Instance, Target } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import { resource, type Text, text } from '../incident/text.ts';
import { autoScalingGroupOf } from '../semantics/scaling/membership.ts';
import { managerOf, type Owner, scalingGroup } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, look, type PlainCall, type Remedy } from './remedy.ts';

interface Around {
  readonly verify: AwsCall;
  readonly managedBy: Owner | undefined;
}

/** Who takes an instance's place, or may revert what is done to it; `undefined` where nobody, or nobody knows. */
export function ownerOfInstance(
  instance: Instance,
  memberships: Observed<readonly AutoScalingMembership[]>,
): Owner | undefined {
  const group = autoScalingGroupOf(instance, memberships);
  return typeof group === 'string' ? scalingGroup(group) : managerOf(instance.tags);
}

/** Mends the operating system, and leaves the instance where it is. */
export function rebootInstance(id: string, around: Around): Remedy {
  return fix(text`reboot ${resource(id)}`, { run: onInstances('reboot', [id]), ...around });
}

/** Only a stop and a start move an instance off a host that fails. */
export function moveToAnotherHost(id: string, around: Around): readonly Remedy[] {
  const does = text`move ${resource(id)} to another host, which a reboot does not do: stop it`;
  return inSteps([
    fix(does, { run: onInstances('stop', [id]), ...around }),
    fix(text`start it once it has stopped`, { run: onInstances('start', [id]), ...around }),
  ]);
}

export function onInstances(verb: 'start' | 'stop' | 'reboot', instanceIds: readonly string[]): AwsCall {
  return aws('ec2', `${verb}-instances`, { instanceIds });
}

/** What the system wrote, where there is one; `latest`: of now, where the instance can tell, and not of its last boot. */
export function lookAtConsole(instanceId: string | undefined, does: Text, latest?: true): Remedy {
  return look(
    does,
    instanceId === undefined ? null : aws('ec2', 'get-console-output', { instanceId, latest, output: 'text' }),
  );
}

/** By a session on the first instance among these targets, and what to type in it; without one, in the words alone. */
export function lookOnHost(targets: readonly Target[], does: Text, inSession?: PlainCall): Remedy {
  const instance = targets.find(({ id }) => id.startsWith('i-'));
  if (instance === undefined) return look(does);
  return { ...look(does, aws('ssm', 'start-session', { target: instance.id })), inSession };
}
