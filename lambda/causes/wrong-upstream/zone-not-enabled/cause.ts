import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { zoneSubnets } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { enableZones } from '../../../remedies/load-balancer.ts';
import { subnetSwitch, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { enabledZones, isOutsideZones, targetZonesIn } from '../../../semantics/targets/target-zones.ts';
import { groupName, groupsOf, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, ruledOut } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { othersSaid } from '../../kit/target-words.ts';

export default defineCause({
  id: 'zone-not-enabled',
  needs: ['targetHealth', 'loadBalancer', 'targetGroups', 'routed'],
  uses: ['instances', 'targetInterfaces', 'subnets', 'tags'],
  causes: ['no-registered-targets'],
  ofSettings: true,
  madeBy: [subnetSwitch, targetCall('registers')],
  inCluster: { mends: [zoneSubnets] },

  examine(seen) {
    const { targetHealth, loadBalancer, routed } = seen;
    const zoneOf = targetZonesIn(seen);
    const idle = targetHealth.filter(
      (target) => routed.has(target.targetGroup) && isOutsideZones(target, zoneOf(target), loadBalancer),
    );
    const enabled = andList(enabledZones(loadBalancer).map(code), 6);
    if (idle.length === 0) return ruledOut(text`no target is idle because of its zone: ${enabled} are enabled`);
    const findings = groupsOf(idle).map((arn): Found<'targetHealth', 'loadBalancer'> => {
      const targets = targetsOf(idle, arn);
      const left = targetsOf(targetHealth, arn).filter(isUsable).length;
      const [first, ...more] = targets;
      const why = first?.description ? text`, ${verbatim(first.description)}` : '';
      const zones = [...new Set(targets.flatMap((target) => zoneOf(target) ?? []))].sort();
      return {
        strength: left === 0 ? 'decisive' : 'circumstantial',
        says: headline(arn, targets, left, zones),
        because: [
          cite.targetHealth`${resource(first?.id ?? '')} is ${code('unused')}: ${code('Target.NotInUse')}${why}${othersSaid(more.length)}`,
          cite.loadBalancer`the load balancer has subnets in ${enabled} only`,
        ],
        affects: scopeOf(targets),
        explains: ['503'],
        fixes: enableZones(loadBalancer, zones, arn, ifSeen(seen.tags)?.[loadBalancer.arn]),
        facts: { zones, enabled: loadBalancer.zones.map(({ zone }) => zone), left },
      };
    });
    return { is: 'found', findings };
  },
});

function headline(arn: string, idle: readonly Target[], left: number, zones: readonly string[]): Text {
  const where = zones.length === 0 ? text`a zone` : andList(zones.map(code));
  const which = left === 0 ? 'All targets' : count(idle.length, 'target');
  return text`${which} of ${resource(groupName(arn))} ${left > 0 && idle.length === 1 ? 'is' : 'are'} in ${where}, not enabled for the load balancer`;
}
