import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, asQuoted, code, count, resource, type Text, text } from '../../../incident/text.ts';
import { zoneSubnets } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { enableZones } from '../../../remedies/load-balancer.ts';
import { subnetSwitch, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { servedBefore } from '../../../semantics/targets/idle-before.ts';
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
  uses: ['instances', 'targetInterfaces', 'subnets', 'tags', 'targetGroupMetrics', 'errors', 'churn'],
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
    const findings = groupsOf([...idle, ...off]).flatMap((arn): readonly Found<Proof, Proof>[] => {
      const targets = targetsOf([...idle, ...off], arn);
      const others = targetsOf(targetHealth, arn).filter((one) => !targets.includes(one));
      const left = others.filter(isUsable).length;
      const [first, ...more] = targets;
      const isOff = targets.some((target) => off.includes(target));
      const served = isOff || servedBefore(arn, others, seen);
      // Idle while others served: those are what is missed.
      if (served === false) return [];
      const areMissed = !isOff && (served ?? others.every(({ state }) => state === 'draining'));
      const why = first?.description ? text`, ${asQuoted(first.description)}` : '';
      const zones = [...new Set(targets.flatMap((target) => zoneOf(target) ?? []))].sort();
      const unused = cite.targetHealth`${resource(first?.id ?? '')} is ${code('unused')}: ${code(first?.reason ?? 'Target.NotInUse')}${why}${othersSaid(more.length)}`;
      const has = cite.loadBalancer`the load balancer has subnets only in ${enabled}`;
      return [
        {
          strength: left === 0 && areMissed ? 'decisive' : 'circumstantial',
          says: headline(arn, targets, others.length, zones),
          because: isOff ? [has, unused] : [unused, has],
          affects: scopeOf(targets),
          explains: ['503'],
          comesNext: isOff,
          fixes: enableZones(loadBalancer, zones, arn, ifSeen(seen.tags)?.[loadBalancer.arn]),
          facts: { zones, enabled: loadBalancer.zones.map(({ zone }) => zone), left },
        },
      ];
    });
    return foundOr(findings, whyNone(idle, enabled));
  },
});

function whyNone([first, ...others]: readonly Target[], enabled: Text): Text {
  return first === undefined
    ? text`no target is ${code('unused')} because of its zone; enabled: ${enabled}`
    : text`targets that are ${code('unused')} because of their zone were so before the errors, while others served: ${andList([resource(first.id), ...others.map(({ id }) => resource(id))])}`;
}

function headline(arn: string, idle: readonly Target[], others: number, zones: readonly string[]): Text {
  const where = zones.length === 0 ? text`a zone` : andList(zones.map(code));
  const which = others === 0 ? (idle.length === 1 ? 'The only target' : 'All targets') : count(idle.length, 'target');
  return text`${which} of ${resource(groupName(arn))} ${idle.length === 1 ? 'is' : 'are'} in ${where}, which is not enabled for the load balancer`;
}
