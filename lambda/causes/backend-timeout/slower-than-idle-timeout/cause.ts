import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { rollout, settingChange } from '../../../semantics/changes/change-kinds.ts';
import { defineCause, notApplicable, ruledOut } from '../../cause.ts';
import { lateAnswers } from './late-answers.ts';
import { of504s, slowGroups } from './slow-groups.ts';

export default defineCause({
  id: 'slower-than-idle-timeout',
  needs: ['errors', 'loadBalancerAttributes', 'loadBalancer', 'load'],
  uses: [
    'routed',
    'traffic',
    'targetGroups',
    'targetGroupMetrics',
    'targetHealth',
    'tags',
    'instanceMetrics',
    'changes',
    'logEndings',
  ],
  madeBy: [settingChange(/^idle_timeout\.timeout_seconds$/)],
  setOffBy: [rollout],
  inCluster: { see: ['logs'] },

  examine(seen) {
    const { errors: all5xx, routed } = seen;
    const errors = of504s(all5xx);
    if (errors.episode === null || errors.count('504') === 0) {
      return ruledOut(text`no request was answered ${code('504')}`, 'loadBalancerMetrics');
    }
    const all = routed.byRules ? routed.groups : [];
    const functions = (ifSeen(seen.targetGroups) ?? []).flatMap(({ arn, targetType }) =>
      targetType === 'lambda' ? arn : [],
    );
    const onHosts = all.filter((arn) => !functions.includes(arn));
    // A function is invoked: there is no connection that could be idle.
    if (all.length > 0 && onHosts.length === 0) {
      return notApplicable(text`only functions get requests`, 'targetGroups', 'listenerRules');
    }
    const parts = slowGroups(onHosts, seen);
    const answers = (parts ?? [{ isPart: false, groups: { all, functions, onHosts }, errors }]).map((part) =>
      lateAnswers(part, seen),
    );
    const findings = answers.flatMap((answer) => (answer.is === 'found' ? answer.findings : []));
    const [only] = answers;
    return findings.length > 0 || only === undefined ? { is: 'found', findings } : only;
  },
});
