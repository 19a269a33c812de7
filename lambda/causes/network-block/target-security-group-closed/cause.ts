import { ifSeen } from '../../../incident/observed.ts';
import { count, text } from '../../../incident/text.ts';
import { backendRules } from '../../../remedies/kubernetes/security-group-remedies.ts';
import { defineCause, foundOr, notApplicable, unsure } from '../../cause.ts';
import { securityGroupSwap, subnetSwitch } from '../../kit/changes.ts';
import { ENDS, missingIn, pathsTo } from '../path/judged-paths.ts';
import { refusedBy, refusedThen } from '../path/security-group-refusals.ts';
import { errorsByDrop, portsSaid } from '../path/silent-drops.ts';

const LAYER = 'target-security-groups';

export default defineCause({
  id: 'target-security-group-closed',
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
  setOffBy: [subnetSwitch],
  inCluster: { mends: [backendRules] },

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
    const targets = new Set(paths.map(({ target }) => target)).size;
    return foundOr(
      findings,
      text`the security groups of ${count(targets, 'target')} admit the load balancer on ${portsSaid(paths)}`,
    );
  },
});
