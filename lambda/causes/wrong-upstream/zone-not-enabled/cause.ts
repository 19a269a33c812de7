import type { LoadBalancer, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { zoneSubnets } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { enableZones } from '../../../remedies/load-balancer.ts';
import { subnetSwitch, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { targetZonesIn } from '../../../semantics/targets/target-zones.ts';
import { groupName, groupsOf, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, ruledOut } from '../../cause.ts';
import { cite } from '../../cite.ts';

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
      (target) => routed.has(target.targetGroup) && isOutside(target, zoneOf(target), loadBalancer),
    );
    if (idle.length === 0) {
      return ruledOut(text`no target is idle because of its zone: ${zonesSaid(loadBalancer)} are enabled`);
    }
    const findings = groupsOf(idle).map((arn): Found<'targetHealth', 'loadBalancer'> => {
      const targets = targetsOf(idle, arn);
      const left = targetsOf(targetHealth, arn).filter(isUsable).length;
      const zones = [...new Set(targets.flatMap((target) => zoneOf(target) ?? []))].sort();
      return {
        strength: left === 0 ? 'decisive' : 'circumstantial',
        says: headline(arn, targets, left, zones),
        because: [
          { from: 'targetHealth', shows: healthSays(targets) },
          cite.loadBalancer`the load balancer has subnets in ${zonesSaid(loadBalancer)} only`,
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

/** AWS tells by the description whether the zone is meant, or the group, which no rule forwards to. */
function isOutside(target: Target, zone: string | null, loadBalancer: LoadBalancer): boolean {
  if (target.reason !== 'Target.NotInUse') return false;
  if (/availability zone/i.test(target.description ?? '')) return true;
  if (target.description !== null || zone === null || zone === 'all') return false;
  return loadBalancer.zones.every((enabled) => enabled.zone !== zone);
}

function headline(arn: string, idle: readonly Target[], left: number, zones: readonly string[]): Text {
  const where = zones.length === 0 ? text`a zone` : listed(zones.map(code));
  const which = left === 0 ? 'All targets' : count(idle.length, 'target');
  return text`${which} of ${resource(groupName(arn))} ${left > 0 && idle.length === 1 ? 'is' : 'are'} in ${where}, not enabled for the load balancer`;
}

function zonesSaid({ zones }: LoadBalancer): Text {
  return listed([...new Set(zones.map(({ zone }) => zone))].sort().map(code), 6);
}

function healthSays([first, ...more]: readonly Target[]): Text {
  const description = first?.description ? text`, ${verbatim(first.description)}` : text``;
  const others = more.length > 0 ? text` (and ${count(more.length, 'more', 'more')})` : text``;
  return text`${resource(first?.id ?? '')} is ${code('unused')}: ${code('Target.NotInUse')}${description}${others}`;
}
