import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { zoneSubnets } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { enableZones } from '../../../remedies/load-balancer.ts';
import { subnetSwitch, targetCall } from '../../../semantics/changes/change-kinds.ts';
import {
  enabledZones,
  isOutsideZones,
  offOutsideZones,
  targetZonesIn,
} from '../../../semantics/targets/target-zones.ts';
import { groupName, groupsOf, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { othersSaid } from '../../kit/target-words.ts';

type Proof = 'targetHealth' | 'loadBalancer';

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
    const asked = targetHealth.filter(({ targetGroup }) => routed.has(targetGroup));
    const idle = asked.filter((target) => isOutsideZones(target, zoneOf(target), loadBalancer));
    const off = offOutsideZones(asked, zoneOf, loadBalancer);
    const enabled = andList(enabledZones(loadBalancer).map(code), 6);
    const findings = groupsOf([...idle, ...off]).map((arn): Found<Proof, Proof> => {
      const targets = targetsOf([...idle, ...off], arn);
      const left = targetsOf(targetHealth, arn).filter(isUsable).length;
      const [first, ...more] = targets;
      const isOff = targets.some((target) => off.includes(target));
      const why = first?.description ? text`, ${verbatim(first.description)}` : '';
      const zones = [...new Set(targets.flatMap((target) => zoneOf(target) ?? []))].sort();
      const unused = cite.targetHealth`${resource(first?.id ?? '')} is ${code('unused')}: ${code(first?.reason ?? 'Target.NotInUse')}${why}${othersSaid(more.length)}`;
      const has = cite.loadBalancer`the load balancer has subnets in ${enabled} only`;
      return {
        strength: left === 0 && !isOff ? 'decisive' : 'circumstantial',
        says: headline(arn, targets, left, zones),
        because: isOff ? [has, unused] : [unused, has],
        affects: scopeOf(targets),
        explains: ['503'],
        comesNext: isOff,
        fixes: enableZones(loadBalancer, zones, arn, ifSeen(seen.tags)?.[loadBalancer.arn]),
        facts: { zones, enabled: loadBalancer.zones.map(({ zone }) => zone), left },
      };
    });
    return foundOr(findings, text`no target is idle because of its zone: ${enabled} are enabled`);
  },
});

function headline(arn: string, idle: readonly Target[], left: number, zones: readonly string[]): Text {
  const where = zones.length === 0 ? text`a zone` : andList(zones.map(code));
  const which = left === 0 ? 'All targets' : count(idle.length, 'target');
  return text`${which} of ${resource(groupName(arn))} ${left > 0 && idle.length === 1 ? 'is' : 'are'} in ${where}, not enabled for the load balancer`;
}
