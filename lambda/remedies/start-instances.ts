import type { Instance } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import { andList, code, count, resource, type Text, text } from '../incident/text.ts';
import { A_CALL, ofAll } from './call-size.ts';
import { onInstances } from './host.ts';
import { stackOwner } from './owner.ts';
import { type AwsCall, aws, fix, look, type Remedy } from './remedy.ts';

export function startInstances(stopped: readonly Instance[], verify: AwsCall): Remedy {
  const all = stopped.map(({ id }) => id);
  const ids = all.slice(0, A_CALL);
  const stack = stopped.flatMap(({ tags }) => tags['aws:cloudformation:stack-name'] ?? [])[0];
  return fix(text`start ${all.length > A_CALL ? ofAll(ids, all) : count(all.length, 'stopped instance')}`, {
    run: onInstances('start', ids),
    undo: onInstances('stop', ids),
    verify,
    managedBy: stack === undefined ? undefined : stackOwner(stack),
  });
}

/** Of instances of which no more is known than that they are stopped: whoever else starts and ends them is to be looked up. */
export function startUnlessOwned(
  ids: readonly string[],
  instances: Observed<unknown>,
  verify: AwsCall,
): readonly Remedy[] {
  const denied = (instances.seen ? instances.gaps : [instances]).find(({ why }) => why === 'denied')?.action;
  const ask = denied === undefined ? text`` : text`: allow ${code(denied)}, then ask again`;
  const spotOrGroup = text`Spot or an Auto Scaling group`;
  return [
    fix(text`start ${named(ids)}, unless ${spotOrGroup} owns ${them(ids)}, which was not seen${ask}`, { verify }),
    look(text`see whether ${spotOrGroup} owns ${asked(ids)}`, showOwners(ids)),
  ];
}

/** Of instances that are known to be no Spot capacity. */
export function startUnlessInGroup(ids: readonly string[], verify: AwsCall): readonly Remedy[] {
  return [
    fix(text`start ${named(ids)}, unless an Auto Scaling group owns ${them(ids)}, which was not seen`, { verify }),
    look(
      text`see whether an Auto Scaling group owns ${asked(ids)}`,
      aws('autoscaling', 'describe-auto-scaling-instances', { instanceIds: ids.slice(0, A_CALL) }),
    ),
  ];
}

const named = (ids: readonly string[]): Text => andList(ids.map(resource), 3);
const asked = (ids: readonly string[]): Text => (ids.length > A_CALL ? ofAll(ids.slice(0, A_CALL), ids) : named(ids));
const them = (ids: readonly string[]) => (ids.length === 1 ? 'it' : 'them');

/** The lifecycle says Spot; the tag says the Auto Scaling group. */
const OWNERS =
  "Reservations[].Instances[].[InstanceId,InstanceLifecycle,Tags[?Key=='aws:autoscaling:groupName'].Value|[0]]";

const showOwners = (ids: readonly string[]): AwsCall =>
  aws('ec2', 'describe-instances', { instanceIds: ids.slice(0, A_CALL), query: OWNERS, output: 'text' });
