import { ifSeen } from '../../../incident/observed.ts';
import { rollout, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { errorsOfGroups } from '../../../semantics/errors/errors-of-groups.ts';
import { beginningTogether } from '../../../semantics/errors/groups-answering-5xx.ts';
import { defineCause } from '../../cause.ts';
import { ownAnswers } from './own-answers.ts';

export default defineCause({
  id: 'target-returns-5xx',
  needs: ['errors'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  setOffBy: [rollout, routingTo],
  inCluster: { see: ['logs'] },

  examine({ errors: all5xx, targetGroupMetrics }) {
    const byGroup = ifSeen(targetGroupMetrics);
    const answers = beginningTogether(all5xx, byGroup).map((groups) => {
      // Where other groups fail, or what comes before any, it is told from its own beginning on.
      const errors = errorsOfGroups(all5xx, groups, groups.length === 0 ? undefined : byGroup);
      return ownAnswers(groups, errors, all5xx);
    });
    const findings = answers.flatMap((answer) => (answer.is === 'found' ? answer.findings : []));
    const [only] = answers;
    return findings.length > 0 || only === undefined ? { is: 'found', findings } : only;
  },
});
