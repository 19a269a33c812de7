import type { Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { andList, code, count, resource, text } from '../incident/text.ts';
import type { Relief } from '../semantics/load/group-overload.ts';
import { failsChecks } from '../semantics/targets/targets.ts';
import { lookOnHost, ownerOfInstance } from './host.ts';
import { showHealth } from './look.ts';
import { jointOwner } from './owner.ts';
import { fix, type Remedy } from './remedy.ts';
import { deregister } from './target-group.ts';

type Evidence = Pick<ObservedEvidence, 'instances' | 'autoScalingInstances'>;

/** Some targets at the limit of their CPU among others that are not: something runs there that does not run on those. */
export function relieved(
  hot: readonly Target[],
  { others, isRoomLeft }: Relief,
  evidence: Evidence,
): readonly Remedy[] {
  const [first] = hot;
  if (first === undefined) return [];
  const ids = new Set(hot.map(({ id }) => id));
  const hosts = (ifSeen(evidence.instances) ?? []).filter(({ id }) => ids.has(id));
  const owner = jointOwner(hosts.flatMap((host) => ownerOfInstance(host, evidence.autoScalingInstances) ?? []));
  const names = andList([...ids].map(resource));
  const one = hot.length === 1;
  const away = text`stop sending requests to ${names} until ${one ? 'it has' : 'they have'} CPU left: the other ${count(others, 'target')} had enough CPU left throughout to take ${one ? 'its' : 'their'} share`;
  return [
    // Those that fail their checks get none as it is.
    ...(isRoomLeft && !hot.some(failsChecks) ? [deregister(first.targetGroup, hot, owner, away)] : []),
    fix(
      text`stop what uses the CPU of ${names} but does not run on the others (a job, a loop, a backup: ${code('top')} names it), or restart the application there`,
      { verify: showHealth(first.targetGroup) },
    ),
    lookOnHost(hot, text`see what uses the CPU there: ${code('top -b -n 1 | head -20')}`),
  ];
}
