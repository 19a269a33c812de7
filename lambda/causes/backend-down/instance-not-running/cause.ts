import { ifSeen } from '../../../incident/observed.ts';
import { count, text } from '../../../incident/text.ts';
import { instanceCall } from '../../../semantics/changes/change-kinds.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { isGone } from '../../../semantics/targets/instance-states.ts';
import { groupsOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, notApplicable } from '../../cause.ts';
import { replacedInstances } from './replaced-instances.ts';
import { stoppedInstances } from './stopped-instances.ts';

export default defineCause({
  id: 'instance-not-running',
  needs: ['targetHealth'],
  uses: ['instances', 'autoScalingInstances', 'autoScalingGroups', 'changes', 'errors', 'targetGroupMetrics'],
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
    return foundOr(
      down.length > 0
        ? byInstances.map((groups) => stoppedInstances(groups.flat(), seen, at))
        : replacedInstances(seen),
      text`every one of ${count(ofInstances.length, 'instance target')} is running`,
    );
  },
});
