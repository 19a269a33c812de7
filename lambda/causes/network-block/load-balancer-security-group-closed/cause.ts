import { text } from '../../../incident/text.ts';
import { frontendGroups } from '../../../remedies/kubernetes/security-group-remedies.ts';
import { securityGroupSwap } from '../../../semantics/changes/change-kinds.ts';
import { defineCause } from '../../cause.ts';
import { ENDS, SILENCES } from '../path/closed-layer.ts';
import { examineLayer } from '../path/layer-examination.ts';
import { securityGroupLayer } from '../path/security-group-layer.ts';
import { pathPortsSaid } from '../path/silent-drops.ts';

export default defineCause({
  id: 'load-balancer-security-group-closed',
  needs: [...ENDS, 'securityGroups', 'paths'],
  uses: ['prefixLists', 'errors', 'traffic', 'changes', 'takenPaths'],
  breaksHealthChecks: true,
  causes: SILENCES,
  ofSettings: true,
  madeBy: [securityGroupSwap],
  inCluster: { mends: [frontendGroups] },

  examine(seen, moment) {
    const layer = securityGroupLayer(
      'load-balancer-security-groups',
      seen.securityGroups,
      (all) => text`the load balancer's security groups allow outbound traffic to ${pathPortsSaid(all)} of the targets`,
    );
    return examineLayer(layer, seen, moment);
  },
});
