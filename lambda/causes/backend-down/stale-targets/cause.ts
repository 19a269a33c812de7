import type { Missing } from '../../../incident/diagnosis.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { formatNumber, text } from '../../../incident/text.ts';
import { targetCall } from '../../../semantics/changes/change-kinds.ts';
import { clusterIn } from '../../../semantics/kubernetes/controller-tags.ts';
import { blockOf } from '../../../semantics/network/addresses.ts';
import { interfaceLookup } from '../../../semantics/network/interface-lookup.ts';
import { staleAddressesIn } from '../../../semantics/network/stale-addresses.ts';
import { failsChecks, getsNoAnswer, groupsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { perhapsLeft } from './perhaps-left.ts';
import { staleGroup } from './stale-group.ts';

export default defineCause({
  id: 'stale-targets',
  needs: ['targetHealth', 'loadBalancer', 'routed'],
  // Which addresses nobody holds is a gap in the interfaces: it is what this is about, and weakens nothing.
  uses: [
    ...(['targetInterfaces', 'subnets', 'routeTables', 'ecsServices', 'ecsTasks', 'tags'] as const),
    ...(['errors', 'targetGroupMetrics', 'failedCalls', 'changes', 'targetGroups'] as const),
  ],
  breaksHealthChecks: true,
  causes: [
    'target-security-group-closed',
    'load-balancer-security-group-closed',
    'network-acl-blocks',
    'route-missing',
    'host-firewall',
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'wrong-target-port',
    'health-check-code-mismatch',
  ],
  madeBy: [targetCall('registers')],

  examine(seen, moment) {
    const { targetHealth, loadBalancer, routed } = seen;
    const asked = targetHealth.filter((one) => routed.has(one.targetGroup) && blockOf(one.id) !== undefined);
    if (asked.length === 0) return notApplicable(text`no target is registered by its address`, 'targetHealth');
    const failing = asked.filter(failsChecks);
    if (failing.length === 0) return ruledOut(text`no target that is registered by its address fails`, 'targetHealth');

    const tags = ifSeen(seen.tags) ?? {};
    const services = ifSeen(seen.ecsServices) ?? [];
    const isKept = (arn: string) =>
      clusterIn(tags[arn] ?? {}) !== null ||
      services.some(({ targetGroups }) => targetGroups.some((bound) => bound.arn === arn));
    const [, , , , accountId = ''] = loadBalancer.arn.split(':');
    const stale = staleAddressesIn({ ...seen, targetHealth: asked, accountId, vpcId: loadBalancer.vpcId, isKept });
    const groups = groupsOf(stale.map(({ target }) => target));
    const findings = [
      ...groups.map((arn) => staleGroup(arn, stale, asked, seen)),
      ...groupsOf(failing).flatMap((arn) =>
        groups.includes(arn) ? [] : (perhapsLeft(arn, asked, seen, moment) ?? []),
      ),
    ];
    if (findings.length > 0) return { is: 'found', findings };

    const silent = failing.filter(getsNoAnswer);
    const ids = silent.map(({ id }) => id);
    const [missing] = unreadOf(seen.targetInterfaces, ids);
    if (missing !== undefined) return unsure(missing);
    const holderOf = interfaceLookup(ifSeen(seen.targetInterfaces) ?? []);
    if (silent.some(({ id, zone }) => zone === 'all' || holderOf(blockOf(id), loadBalancer.vpcId) === undefined)) {
      const detail = 'the network interfaces that hold the failing addresses were not among those read';
      return unsure({ evidence: 'targetInterfaces', why: 'partial', detail, ids });
    }
    return ruledOut(
      silent.length === 0
        ? text`what holds the failing addresses answers their health checks`
        : silent.length === 1
          ? text`a network interface holds the address that fails, and nothing shows that it belongs to something else`
          : text`network interfaces hold the ${formatNumber(silent.length)} addresses that fail, and nothing shows that they belong to something else`,
      'targetHealth',
    );
  },
});

/** What is not known of who holds these. */
function unreadOf(interfaces: Observed<unknown>, ids: readonly string[]): readonly Missing[] {
  if (ids.length === 0) return [];
  if (!interfaces.seen) return notRead('targetInterfaces', interfaces);
  const gaps = interfaces.gaps.filter((gap) => gap.ids === undefined || gap.ids.some((id) => ids.includes(id)));
  return notRead('targetInterfaces', { ...interfaces, gaps });
}
