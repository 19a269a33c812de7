import type { Target } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, resource, type Text, text } from '../../incident/text.ts';
import { targetsWithoutInterface } from '../../semantics/network/targets-without-interface.ts';
import { groupName, groupsOf } from '../../semantics/targets/targets.ts';
import { nodeCircumstances } from '../kubernetes/local-traffic-policy.ts';

/** What is gone behind a target, and what fails for ever. */
export function podCircumstances(snapshot: Snapshot): readonly Citation<Text>[] {
  return [...targetsGone(snapshot), ...nodeCircumstances(snapshot)];
}

const ADDRESSES_AT_MOST = 4;

/** Requests to such an address are dropped, as if a firewall did it. */
function targetsGone({ evidence }: Snapshot): readonly Citation<Text>[] {
  const gone = targetsWithoutInterface(
    ifSeen(evidence.targetHealth) ?? [],
    evidence.targetInterfaces,
    evidence.ecsTasks,
  );
  return groupsOf([...gone]).map((arn) => {
    const own = [...gone].filter(({ targetGroup }) => targetGroup === arn);
    return { from: 'targetInterfaces', shows: goneSaid(arn, own) };
  });
}

function goneSaid(arn: string, targets: readonly Target[]): Text {
  const addresses = andList(
    targets.map(({ id }) => resource(id)),
    ADDRESSES_AT_MOST,
  );
  const are = targets.length === 1 ? 'a target' : 'targets';
  return text`No network interface holds ${addresses}, ${are} of ${resource(groupName(arn))}: what answered there is gone, and still registered`;
}
