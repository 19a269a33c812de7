import { ifSeen } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { settingChange } from '../../../semantics/changes/change-kinds.ts';
import { checkedApart } from '../../../semantics/targets/ports-in-use.ts';
import { getsNoAnswer, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, notApplicable } from '../../cause.ts';
import { checksFail, requestsFail } from './unanswered-ports.ts';

export default defineCause({
  id: 'health-check-port-mismatch',
  needs: ['targetHealth', 'targetGroups', 'traffic', 'paths', 'routed'],
  uses: ['tags'],
  madeBy: [settingChange(/^healthCheckPort$/)],
  breaksHealthChecks: true,
  fromHealthChecks: true,

  examine({ targetHealth, targetGroups, traffic, paths, routed, tags }, { window: { from } }) {
    const apart = targetGroups
      .filter(({ arn, targetType }) => routed.has(arn) && targetType !== 'lambda')
      .map((group) => ({ group, targets: checkedApart(targetsOf(targetHealth, group.arn), group) }))
      .filter(({ targets }) => targets.length > 0);
    if (apart.length === 0) {
      return notApplicable(text`health checks go to the port that requests go to`, 'targetHealth', 'targetGroups');
    }
    const findings = apart.flatMap(({ group, targets }) => {
      const requests = traffic.of([group.arn]);
      const silent = targets.filter(getsNoAnswer);
      if (silent.length === 0) return requestsFail(group, targets, requests, paths);
      const about = { from, tags: ifSeen(tags)?.[group.arn] };
      return [checksFail(group, targetsOf(targetHealth, group.arn), silent, requests, paths, about)];
    });
    return foundOr(findings, text`health checks have a port of their own, and both ports work`);
  },
});
