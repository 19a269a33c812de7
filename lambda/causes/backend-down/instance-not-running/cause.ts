import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, partOf, resource, type Text, text } from '../../../incident/text.ts';
import { instanceCall } from '../../../semantics/changes/change-kinds.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { isGone } from '../../../semantics/targets/instance-states.ts';
import { makingErrors } from '../../../semantics/targets/loss-end.ts';
import { groupsOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { replacedInstances } from './replaced-instances.ts';
import { stoppedInstances } from './stopped-instances.ts';

export default defineCause({
  id: 'instance-not-running',
  needs: ['targetHealth'],
  uses: ['instances', 'autoScalingInstances', 'autoScalingGroups', 'changes', 'errors', 'targetGroupMetrics', 'load'],
  causes: ['no-registered-targets', 'unresponsive-backend', 'nothing-listening'],
  madeBy: [instanceCall('stops', 'terminates')],

  examine(seen, { at }) {
    const ofInstances = seen.targetHealth.filter(({ id }) => id.startsWith('i-'));
    if (ofInstances.length === 0) return notApplicable(text`no target is an instance`);
    const gone = new Set((ifSeen(seen.instances) ?? []).filter(isGone).map(({ id }) => id));
    const down = ofInstances.filter(({ id, reason }) => reason === 'Target.InvalidState' || gone.has(id));
    // Groups that lost the same instances tell of one fault.
    const byInstances = groupBy(
      groupsOf(down).map((arn) => targetsOf(down, arn)),
      (targets) => targets.map(({ id }) => id).join(' '),
    );
    const found = byInstances.map((groups) => stoppedInstances(groups.flat(), seen, at));
    const making = makingErrors(found, seen.errors);
    if (making.length < found.length && making.length === 0) return ruledOut(stoppedBefore(down));
    return foundOr(
      down.length > 0 ? making : replacedInstances(seen),
      text`${partOf(ofInstances.length, ofInstances.length, 'instance target')} ${ofInstances.length === 1 ? 'is' : 'are'} running`,
    );
  },
});

function stoppedBefore(down: readonly Target[]): Text {
  const ids = [...new Set(down.map(({ id }) => id))];
  return text`${andList(ids.map(resource), 3)} stopped before the errors began: ${ids.length === 1 ? 'it gets' : 'they get'} no requests`;
}
