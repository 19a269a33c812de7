import { ifSeen } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { frontendGroups } from '../../../remedies/kubernetes/security-group-remedies.ts';
import { defineCause, foundOr, notApplicable, unsure } from '../../cause.ts';
import { securityGroupSwap } from '../../kit/changes.ts';
import { ENDS, missingIn, pathsTo } from '../path/judged-paths.ts';
import { refusedBy, refusedThen } from '../path/security-group-refusals.ts';
import { errorsByDrop, portsSaid } from '../path/silent-drops.ts';

const LAYER = 'load-balancer-security-groups';

export default defineCause({
  id: 'load-balancer-security-group-closed',
  needs: [...ENDS, 'securityGroups'],
  uses: [
    'loadBalancerInterfaces',
    'targetGroupAttributes',
    'networkAcls',
    'routeTables',
    'prefixLists',
    'loadBalancerMetrics',
    'changes',
  ],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'host-firewall', 'no-registered-targets'],
  ofSettings: true,
  madeBy: [securityGroupSwap],
  inCluster: { mends: [frontendGroups] },

  examine(seen, moment) {
    const paths = pathsTo(seen);
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const drops = errorsByDrop(ifSeen(seen.loadBalancerMetrics), moment.window);
    const findings = [
      ...refusedBy(LAYER, paths, seen.securityGroups, drops),
      ...refusedThen(LAYER, paths, seen, drops, moment),
    ];
    const [missing, ...more] = missingIn(paths, LAYER, seen);
    if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
    return foundOr(
      findings,
      text`the load balancer's security groups let it out to ${portsSaid(paths)} of the targets`,
    );
  },
});
