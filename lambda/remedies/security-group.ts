import type { SecurityGroup } from '../incident/evidence.ts';
import { andList, code, count, resource, type Text, text } from '../incident/text.ts';
import type { RulePeer } from '../semantics/network/security-group-refusals.ts';
import type { Direction } from '../semantics/network/security-groups.ts';
import { managerOf } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, type Options, type Remedy } from './remedy.ts';

/** Of more, nobody runs a command each. */
const MOST_STEPS = 5;
/** Unless its quota was raised, a group takes 60 a direction, and has some. */
const MOST_RULES = 50;

/** Lets the load balancer in from these peers, or out to them, all of them: a rule for each, which help only together. */
export function allowOnPort(
  { id: groupId, tags }: Pick<SecurityGroup, 'id' | 'tags'>,
  direction: Direction,
  peers: readonly RulePeer[],
  port: number,
  verify: AwsCall,
): readonly Remedy[] {
  if (peers.length > MOST_STEPS) return [allowAllOnPort({ id: groupId, tags }, direction, peers, port, verify)];
  const from =
    peers.length === 1
      ? () => text`the load balancer`
      : ({ id }: RulePeer) => text`the load balancer (${resource(id)})`;
  const rules = peers.map((peer) => {
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

/** The rules of all of them in one call; of more than a group takes, what they are to be. */
function allowAllOnPort(
  { id: groupId, tags }: Pick<SecurityGroup, 'id' | 'tags'>,
  direction: Direction,
  peers: readonly RulePeer[],
  port: number,
  verify: AwsCall,
): Remedy {
  const way = direction === 'egress' ? 'out to' : 'in from';
  const does = text`let the load balancer ${way} ${numberOf(peers)} on port ${code(port)}`;
  const around = { verify, managedBy: managerOf(tags) };
  if (peers.length > MOST_RULES) {
    const ranges = text`a rule for each is more than ${resource(groupId)} may take (60 rules by default)`;
    return fix(text`${does}, by rules for the ranges that hold them: ${ranges}`, around);
  }
  const rules = { groupId, ipPermissions: permissionsOf(peers, port) };
  return fix(does, {
    run: aws('ec2', `authorize-security-group-${direction}`, rules),
    undo: aws('ec2', `revoke-security-group-${direction}`, rules),
    ...around,
  });
}

function numberOf(peers: readonly RulePeer[]): Text {
  const groups = peers.filter(({ is }) => is === 'group').length;
  const ranges = peers.length - groups;
  return andList([
    ...(groups === 0 ? [] : [count(groups, 'security group')]),
    ...(ranges === 0 ? [] : [count(ranges, 'address or range', 'addresses or ranges')]),
  ]);
}

function permissionsOf(peers: readonly RulePeer[], port: number) {
  const ids = (isOne: (peer: RulePeer) => boolean) => peers.filter(isOne).map(({ id }) => id);
  const listed = (name: string, field: string, among: readonly string[]) =>
    among.length === 0 ? {} : { [name]: `[${among.map((id) => `{${field}=${id}}`).join(',')}]` };
  return {
    ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port },
    ...listed(
      'UserIdGroupPairs',
      'GroupId',
      ids(({ is }) => is === 'group'),
    ),
    ...listed(
      'IpRanges',
      'CidrIp',
      ids(({ is, id }) => is === 'cidr' && !id.includes(':')),
    ),
    ...listed(
      'Ipv6Ranges',
      'CidrIpv6',
      ids(({ is, id }) => is === 'cidr' && id.includes(':')),
    ),
  };
}
