import { ifSeen } from '../../../incident/observed.ts';
import type { ObservedEvidence } from '../../../incident/snapshot.ts';
import { andList, code, resource, type Text, text } from '../../../incident/text.ts';
import { fix } from '../../../remedies/remedy.ts';
import { groupsThatKeepIn, subnetsWithoutWayOut } from '../../../semantics/network/internet-egress.ts';
import { cite } from '../../cite.ts';

/** The port of identity providers. */
export const HTTPS = 443;

export type ClosingEvidence = Pick<ObservedEvidence, 'loadBalancer' | 'securityGroups' | 'routeTables'>;

/** What on the load balancer's own side keeps it from an identity provider on the internet: that may be well. */
export function closedWaysTo(provider: Text, seen: ClosingEvidence) {
  const loadBalancer = ifSeen(seen.loadBalancer);
  const groups = loadBalancer ? groupsThatKeepIn(loadBalancer, seen.securityGroups).map(({ id }) => id) : [];
  const subnets = loadBalancer ? subnetsWithoutWayOut(loadBalancer, seen.routeTables) : [];
  const [theGroups, theSubnets] = [andList(groups.map(resource)), andList(subnets.map(resource))];
  const allows = groups.length === 1 ? 'allows' : 'allow';
  const [isKeptIn, hasNoRoute] = [groups.length > 0, subnets.length > 0];
  const noWay = hasNoRoute ? text`: no route leads to it` : text` at the load balancer`;
  return {
    ...{ groups, subnets },
    /** To follow that the login fails. */
    said: isKeptIn ? text`: ${theGroups} ${allows} no outbound traffic to it` : noWay,
    shows: [
      isKeptIn &&
        cite.securityGroups`${theGroups} of the load balancer ${allows} no outbound traffic to the internet on TCP ${code(HTTPS)}`,
      hasNoRoute &&
        cite.routeTables`no route leads from ${theSubnets} to the internet, and the load balancer is internal`,
    ],
    fixes: [
      isKeptIn && fix(text`allow outbound TCP ${code(HTTPS)} to the addresses of ${provider} in ${theGroups}`),
      hasNoRoute && fix(text`give ${theSubnets} a route to a NAT gateway`),
    ],
  };
}
