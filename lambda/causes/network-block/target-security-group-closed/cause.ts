import { count, text } from '../../../incident/text.ts';
import { backendRules } from '../../../remedies/kubernetes/security-group-remedies.ts';
import { securityGroupSwap, subnetSwitch } from '../../../semantics/changes/change-kinds.ts';
import { defineCause } from '../../cause.ts';
import { ENDS, SILENCES } from '../path/closed-layer.ts';
import { examineLayer } from '../path/layer-examination.ts';
import { securityGroupLayer } from '../path/security-group-layer.ts';
import { pathPortsSaid } from '../path/silent-drops.ts';

export default defineCause({
  id: 'target-security-group-closed',
  needs: [...ENDS, 'securityGroups', 'paths'],
  uses: ['prefixLists', 'errors', 'traffic', 'changes', 'takenPaths'],
  breaksHealthChecks: true,
  causes: SILENCES,
  ofSettings: true,
  madeBy: [securityGroupSwap],
  setOffBy: [subnetSwitch],
  inCluster: { mends: [backendRules] },

  examine(seen, moment) {
    const layer = securityGroupLayer('target-security-groups', seen.securityGroups, (all) => {
      const targets = count(new Set(all.map(({ target }) => target)).size, 'target');
      return text`the security groups of ${targets} allow inbound traffic from the load balancer on ${pathPortsSaid(all)}`;
    });
    return examineLayer(layer, seen, moment);
  },
});
