import type { SecurityGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, text } from '../../../incident/text.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { aws, fix } from '../../../remedies/remedy.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { silenceInShort, silenceSaid } from './silence-words.ts';

export type WaySeen = SeenBy<'loadBalancer' | 'listeners' | 'routeTables', 'loadBalancerMetrics' | 'subnets' | 'tags'>;
export type WayFound = Found<
  'routeTables' | 'securityGroups',
  'loadBalancer' | 'loadBalancerMetrics' | 'routeTables' | 'securityGroups'
>;

/** Its own groups admit nobody from the internet on any port that it listens on. */
export function closedGroups(groups: readonly SecurityGroup[], seen: WaySeen): WayFound {
  const { loadBalancer, listeners } = seen;
  const ids = groups.map(({ id }) => id);
  const ports = andList([...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b).map(code));
  const silence = silenceSaid(loadBalancer, seen.loadBalancerMetrics);
  const rules = groups.some(({ ingress }) => ingress.length > 0);
  return {
    strength: silence === null ? 'circumstantial' : 'strong',
    says: text`${resource(loadBalancer.name)} is internet-facing, and its security groups allow no inbound traffic from the internet on port ${ports}${silenceInShort(silence)}`,
    because: [
      cite.securityGroups`${andList(ids.map(resource))} ${rules ? text`${ids.length === 1 ? 'has' : 'have'} no inbound rule for port ${ports} that names a public range` : text`${ids.length === 1 ? 'has' : 'have'} no inbound rule at all`}`,
      silence,
    ],
    affects: { targetGroups: [], targets: [] },
    explains: [],
    restsOn: ids,
    fromAbsence: true,
    fixes: [
      fix(
        text`allow inbound traffic from your clients on port ${ports} in ${andList(ids.map(resource))}: only you know their address ranges`,
        {
          verify: aws('ec2', 'describe-security-groups', { groupIds: ids }),
          managedBy: managerOf(groups[0]?.tags ?? ifSeen(seen.tags)?.[loadBalancer.arn]),
        },
      ),
    ],
    facts: { securityGroups: ids, ports: listeners.map(({ port }) => port) },
  };
}
