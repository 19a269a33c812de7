import type { SecurityGroup } from '../incident/evidence.ts';
import { code, resource, text } from '../incident/text.ts';
import type { RulePeer } from '../semantics/network/security-group-refusals.ts';
import type { Direction } from '../semantics/network/security-groups.ts';
import { managerOf } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, type Options, type Remedy } from './remedy.ts';

const MOST_RULES = 5;

/** Lets the load balancer in from these peers, or out to them: a rule for each, which help only together. */
export function allowOnPort(
  { id: groupId, tags }: Pick<SecurityGroup, 'id' | 'tags'>,
  direction: Direction,
  peers: readonly RulePeer[],
  port: number,
  verify: AwsCall,
): readonly Remedy[] {
  const from =
    peers.length === 1
      ? () => text`the load balancer`
      : ({ id }: RulePeer) => text`the load balancer (${resource(id)})`;
  const rules = peers.slice(0, MOST_RULES).map((peer) => {
    const rule = { groupId, ...permissionOf(peer, port) };
    const way =
      direction === 'egress'
        ? text`outbound traffic from the load balancer to ${resource(peer.id)}`
        : text`inbound traffic from ${from(peer)}`;
    return fix(text`allow ${way} on port ${code(port)}`, {
      run: aws('ec2', `authorize-security-group-${direction}`, rule),
      undo: aws('ec2', `revoke-security-group-${direction}`, rule),
      ...{ verify, managedBy: managerOf(tags) },
    });
  });
  return inSteps(rules);
}

/** The short form of the command line knows no IPv6. */
function permissionOf({ is, id }: RulePeer, port: number): Options {
  if (is === 'group') return { protocol: 'tcp', port, sourceGroup: id };
  if (!id.includes(':')) return { protocol: 'tcp', port, cidr: id };
  return { ipPermissions: { IpProtocol: 'tcp', FromPort: port, ToPort: port, Ipv6Ranges: `[{CidrIpv6=${id}}]` } };
}
