import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, text } from '../../../incident/text.ts';
import { routeChange, ruleRemoval, securityGroupSwap, subnetSwitch } from '../../../semantics/changes/change-kinds.ts';
import { cutOffSubnets, groupsThatKeepOut } from '../../../semantics/network/internet-ingress.ts';
import { isAskedLately } from '../../../semantics/traffic/silence.ts';
import { defineCause, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { closedGroups } from './closed-groups.ts';
import { cutOff } from './cut-off.ts';

/** Whoever got to it within so many minutes had a way in. */
const LATELY = 5;

export default defineCause({
  id: 'no-way-in',
  needs: ['loadBalancer', 'listeners', 'routeTables', 'securityGroups'],
  uses: ['loadBalancerMetrics', 'subnets', 'tags'],
  ofSettings: true,
  madeBy: [routeChange, ruleRemoval('ingress'), securityGroupSwap, subnetSwitch],

  examine(seen) {
    const { loadBalancer, listeners, routeTables, securityGroups } = seen;
    if (loadBalancer.scheme !== 'internet-facing') {
      return notApplicable(text`the load balancer is internal: it has no clients on the internet`, 'loadBalancer');
    }
    const cut = cutOffSubnets(loadBalancer, routeTables);
    const closed = groupsThatKeepOut(loadBalancer, listeners, securityGroups);
    const metrics = ifSeen(seen.loadBalancerMetrics);
    const isWhole = (closed ?? []).length > 0 || cut?.length === loadBalancer.zones.length;
    if (isWhole && metrics !== undefined && isAskedLately(metrics, LATELY)) {
      return ruledOut(text`requests arrive, whatever its routes and security groups say`);
    }
    const findings = [
      ...(closed === null || closed.length === 0 ? [] : [closedGroups(closed, seen)]),
      ...(cut === null || cut.length === 0 ? [] : [cutOff(cut, seen)]),
    ];
    if (findings.length > 0) return { is: 'found', findings };
    if (cut === null) {
      const detail = 'the route table of one of its subnets was not among those read';
      return unsure({ evidence: 'routeTables', why: 'partial', detail });
    }
    if (closed === null) {
      const detail = 'not all of its security groups were among those read';
      return unsure({ evidence: 'securityGroups', why: 'partial', detail });
    }
    return ruledOut(
      text`its subnets may lead to an internet gateway, and its security groups allow clients${
        listeners.length === 0 ? '' : text` on port ${andList(listeners.map(({ port }) => code(port)))}`
      }`,
    );
  },
});
