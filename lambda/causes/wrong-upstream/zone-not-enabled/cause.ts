import type { LoadBalancer, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { zoneSubnets } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { targetZonesIn } from '../../../semantics/targets/target-zones.ts';
import { groupName, groupsOf, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { groupsInUse } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { subnetSwitch, targetCall } from '../../kit/changes.ts';

export default defineCause({
  id: 'zone-not-enabled',
  needs: ['targetHealth', 'loadBalancer', 'targetGroups'],
  uses: ['listenerRules', 'instances', 'targetInterfaces', 'subnets', 'tags'],
  causes: ['no-registered-targets'],
  ofSettings: true,
  madeBy: [subnetSwitch, targetCall('registers')],
  inCluster: { mends: [zoneSubnets] },

  examine(seen) {
    const { targetHealth, loadBalancer } = seen;
    const inUse = groupsInUse(seen);
    const zoneOf = targetZonesIn(seen);
    const idle = targetHealth.filter(
      (target) => inUse.includes(target.targetGroup) && isOutside(target, zoneOf(target), loadBalancer),
    );
    if (idle.length === 0) {
      return ruledOut(text`no target is idle because of its zone: ${zonesSaid(loadBalancer)} are enabled`);
    }

    return foundOr(
      groupsOf(idle).map((arn): Found<'targetHealth', 'loadBalancer'> => {
        const targets = targetsOf(idle, arn);
        const left = targetsOf(targetHealth, arn).filter(isUsable).length;
        const zones = [...new Set(targets.flatMap((target) => zoneOf(target) ?? []))].sort();
        const where = zones.length === 0 ? text`a zone` : listed(zones.map(code));
        return {
          strength: left === 0 ? 'decisive' : 'circumstantial',
          says: text`${left === 0 ? 'All targets' : count(targets.length, 'target')} of ${resource(groupName(arn))} ${left > 0 && targets.length === 1 ? 'is' : 'are'} in ${where}, not enabled for the load balancer`,
          because: [
            { from: 'targetHealth', shows: healthSays(targets) },
            { from: 'loadBalancer', shows: text`the load balancer has subnets in ${zonesSaid(loadBalancer)} only` },
          ],
          affects: scopeOf(targets),
          explains: ['503'],
          fixes: fixesFor(loadBalancer, arn, zones, ifSeen(seen.tags)?.[loadBalancer.arn] ?? {}),
          facts: { zones, enabled: loadBalancer.zones.map(({ zone }) => zone), left },
        };
      }),
      text``,
    );
  },
});

/** AWS tells by the description whether the zone is meant, or the group, which no rule forwards to. */
function isOutside(target: Target, zone: string | null, loadBalancer: LoadBalancer): boolean {
  if (target.reason !== 'Target.NotInUse') return false;
  if (/availability zone/i.test(target.description ?? '')) return true;
  if (target.description !== null || zone === null || zone === 'all') return false;
  return loadBalancer.zones.every((enabled) => enabled.zone !== zone);
}

function zonesSaid({ zones }: LoadBalancer): Text {
  return listed([...new Set(zones.map(({ zone }) => zone))].sort().map(code), 6);
}

function healthSays(targets: readonly Target[]): Text {
  const [first] = targets;
  const description = first?.description ? text`, ${verbatim(first.description)}` : text``;
  const others = targets.length > 1 ? text` (and ${count(targets.length - 1, 'more', 'more')})` : text``;
  return text`${resource(first?.id ?? '')} is ${code('unused')}: ${code('Target.NotInUse')}${description}${others}`;
}

/** Which subnet is right is not in what was read: public for the internet, with free addresses. */
function fixesFor(
  { arn, vpcId, zones: enabled }: LoadBalancer,
  group: string,
  zones: readonly string[],
  tags: Readonly<Record<string, string>>,
): Remedy[] {
  const filters = [`Name=vpc-id,Values=${vpcId}`, `Name=availability-zone,Values=${zones.join(',')}`];
  const look: Remedy = {
    does: text`see which subnets there are in ${listed(zones.map(code))}`,
    run: ['aws', 'ec2', 'describe-subnets', '--filters', ...filters],
    changes: false,
    undo: null,
    verify: null,
  };
  const current = ['aws', 'elbv2', 'set-subnets', '--load-balancer-arn', arn, '--subnets'];
  const enable: Remedy = {
    does: text`enable the zone: name its subnet beside ${listed(
      enabled.map(({ subnetId }) => resource(subnetId)),
      6,
    )} in ${code(current.slice(0, 3).join(' '))}; or register targets in the enabled zones`,
    run: null,
    changes: true,
    undo: [...current, ...enabled.map(({ subnetId }) => subnetId)],
    verify: showHealth(group),
    ...managedByField(tags),
  };
  return zones.length === 0 ? [enable] : [look, enable];
}
