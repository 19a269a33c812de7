import type { ChangeDetails, ChangeEvent, SecurityGroupRule } from '../incident/evidence.ts';
import { inTable } from '../incident/in-table.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { code, text, time, verbatim } from '../incident/text.ts';
import { managerOf, type Tags } from '../remedies/owner.ts';
import { type AwsCall, aws, type Call, fix, type Option, type Remedy } from '../remedies/remedy.ts';
import { forwardAsBefore, type Undo } from './undo-routing.ts';

type Details<Is extends ChangeDetails['is']> = Extract<ChangeDetails, { is: Is }>;

/**
 * Takes back what somebody changed, as far as CloudTrail's record, or an earlier one of the same thing, tells what there was
 * before. What a service of AWS did it did for a reason of its own, which would make it do so again.
 */
export function undoOfChange(change: ChangeEvent, evidence: ObservedEvidence, verify: Call | null): Remedy | null {
  if (change.by === 'service' && change.tool === null) return null;
  const undone = undoOf(change, evidence);
  if (undone === null) return null;
  const { inferred, ...calls } = undone;
  const what = inferred ?? verbatim(change.what);
  const does = text`undo what ${code(change.who)} did at ${time(change.at)}: ${what}`;
  return fix(does, { ...calls, verify, managedBy: managerOf(tagsOfChanged(change, evidence)) });
}

function tagsOfChanged(
  { details }: ChangeEvent,
  { securityGroups, networkAcls, tags, loadBalancer }: ObservedEvidence,
): Tags {
  switch (details.is) {
    case 'security-group-rules':
      return ifSeen(securityGroups)?.find(({ id }) => id === details.groupId)?.tags;
    case 'network-acl-entry':
      return ifSeen(networkAcls)?.find(({ id }) => id === details.aclId)?.tags;
    case 'targets':
      return ifSeen(tags)?.[details.targetGroup];
    case 'settings':
      return ifSeen(tags)?.[details.of];
    default:
      return ifSeen(tags)?.[ifSeen(loadBalancer)?.arn ?? ''];
  }
}

function undoOf(change: ChangeEvent, evidence: ObservedEvidence): Undo | null {
  const { details } = change;
  switch (details.is) {
    case 'security-group-rules':
      return details.does === 'revokes' ? admitAgain(details) : null;
    case 'network-acl-entry':
      return withoutEntry(details, evidence);
    case 'targets':
      return details.does === 'deregisters' ? registerAgain(details, evidence) : null;
    case 'settings':
      return setAsBefore(change, details, evidence);
    case 'routing':
      return forwardAsBefore(change, details, evidence);
    default:
      return null;
  }
}

const OPEN_TO_ALL = ['0.0.0.0/0', '::/0'];

/** Nothing is opened to everybody, even if it was. */
function admitAgain({ groupId, way, rules }: Details<'security-group-rules'>): Undo | null {
  const admitted = rules
    .map((rule) => ({ ...rule, cidrs: rule.cidrs.filter((cidr) => !OPEN_TO_ALL.includes(cidr)) }))
    .filter(({ cidrs, prefixListIds, groups }) => cidrs.length + prefixListIds.length + groups.length > 0);
  if (admitted.length === 0) return null;
  const asked = { groupId, ...permissionsOf(admitted) };
  return {
    run: aws('ec2', `authorize-security-group-${way}`, asked),
    undo: aws('ec2', `revoke-security-group-${way}`, asked),
  };
}

/** In the short form of the command line where that can say it. */
function permissionsOf(rules: readonly SecurityGroupRule[]): Record<string, Option> {
  const [rule, ...others] = rules;
  if (rule !== undefined && others.length === 0) {
    const { protocol, fromPort, toPort, cidrs, prefixListIds, groups } = rule;
    const ports = fromPort === toPort ? fromPort : `${fromPort}-${toPort}`;
    const peers = [
      ...cidrs.filter((one) => !one.includes(':')).map((cidr) => ({ cidr })),
      ...groups.map(({ groupId: sourceGroup }) => ({ sourceGroup })),
    ];
    const [peer] = peers;
    const isAlone = cidrs.length + prefixListIds.length + groups.length === 1;
    if (isAlone && peer !== undefined && ports !== null && ['tcp', 'udp'].includes(protocol)) {
      return { protocol, port: ports, ...peer };
    }
  }
  return { ipPermissions: rules.map(permissionOf) };
}

function permissionOf({ protocol, fromPort, toPort, cidrs, prefixListIds, groups }: SecurityGroupRule) {
  const list = (name: string, field: string, values: readonly string[]) =>
    values.length === 0 ? {} : { [name]: `[${values.map((value) => `{${field}=${value}}`).join(',')}]` };
  const isV6 = (cidr: string) => cidr.includes(':');
  return {
    IpProtocol: protocol,
    ...(fromPort === null ? {} : { FromPort: fromPort }),
    ...(toPort === null ? {} : { ToPort: toPort }),
    ...list(
      'IpRanges',
      'CidrIp',
      cidrs.filter((cidr) => !isV6(cidr)),
    ),
    ...list('Ipv6Ranges', 'CidrIpv6', cidrs.filter(isV6)),
    ...list('PrefixListIds', 'PrefixListId', prefixListIds),
    ...list(
      'UserIdGroupPairs',
      'GroupId',
      groups.map(({ groupId }) => groupId),
    ),
  };
}

/** A rule that denies, and still is there. */
function withoutEntry(
  { does, aclId, ruleNumber, egress, entry }: Details<'network-acl-entry'>,
  { networkAcls }: ObservedEvidence,
): Undo | null {
  const acl = ifSeen(networkAcls)?.find(({ id }) => id === aclId);
  const now = acl?.entries.find((one) => one.ruleNumber === ruleNumber && one.egress === egress);
  if (does !== 'creates' || entry?.action !== 'deny' || now?.action !== 'deny') return null;
  const named = { networkAclId: aclId, ruleNumber, [egress ? 'egress' : 'ingress']: true as const };
  const addresses = entry.cidr.includes(':') ? { ipv6CidrBlock: entry.cidr } : { cidrBlock: entry.cidr };
  const { fromPort: From, toPort: To } = entry;
  const ports = From === null || To === null ? {} : { portRange: { From, To } };
  return {
    run: aws('ec2', 'delete-network-acl-entry', named),
    undo: aws('ec2', 'create-network-acl-entry', {
      ...{ ...named, protocol: entry.protocol, ...ports },
      ...{ ...addresses, ruleAction: 'deny' },
    }),
  };
}

/** Those that are not registered again by now, and are not known to be gone. */
function registerAgain(
  { targetGroup, ids, ports = [] }: Details<'targets'>,
  { targetHealth, instances }: ObservedEvidence,
): Undo | null {
  const there = ifSeen(targetHealth)?.filter((one) => one.targetGroup === targetGroup && one.state !== 'draining');
  const known = ifSeen(instances);
  const targets = ids.flatMap((Id, index) => {
    const port = ports[index] ?? null;
    const isThere = there?.some(({ id, port: own }) => id === Id && (port === null || own === port));
    const instance = known?.find(({ id }) => id === Id);
    const isGone = instance !== undefined && instance.state !== 'running';
    return isThere || isGone ? [] : [{ Id, ...(port === null ? {} : { Port: port }) }];
  });
  if (targets.length === 0) return null;
  const call = (does: string) => aws('elbv2', `${does}-targets`, { targetGroupArn: targetGroup, targets });
  return { run: call('register'), undo: call('deregister') };
}

/** Of a matcher nothing is put back: what it accepts then nobody knows. */
const HEALTH_CHECK = /^healthCheck(Path|Port|Protocol|IntervalSeconds|TimeoutSeconds)$/;

/** By the last record of the same setting: none tells what it was before itself. */
function setAsBefore(
  change: ChangeEvent,
  { of, set }: Details<'settings'>,
  { changes }: ObservedEvidence,
): Undo | null {
  const earlier = (ifSeen(changes) ?? []).flatMap(({ at, details }) =>
    at < change.at && details.is === 'settings' && details.of === of ? [details.set] : [],
  );
  const before = Object.entries(set).flatMap(([name, now]) => {
    const was = earlier.findLast((one) => one[name] !== undefined)?.[name];
    return was === undefined || was === now ? [] : [{ name, was, now }];
  });
  const call = inTable(SETTERS, change.event);
  if (call === undefined || before.length === 0 || before.length < Object.keys(set).length) return null;
  const run = call(
    of,
    before.map(({ name, was }) => [name, was]),
  );
  const undo = call(
    of,
    before.map(({ name, now }) => [name, now]),
  );
  return run === null ? null : { run, undo };
}

type Setter = (of: string, values: readonly (readonly [string, string])[]) => AwsCall | null;

const attributesOf = (values: readonly (readonly [string, string])[]) => values.map(([Key, Value]) => ({ Key, Value }));

const SETTERS: Readonly<Record<string, Setter>> = {
  ModifyLoadBalancerAttributes: (loadBalancerArn, values) =>
    aws('elbv2', 'modify-load-balancer-attributes', { loadBalancerArn, attributes: attributesOf(values) }),
  ModifyTargetGroupAttributes: (targetGroupArn, values) =>
    aws('elbv2', 'modify-target-group-attributes', { targetGroupArn, attributes: attributesOf(values) }),
  ModifyTargetGroup: (targetGroupArn, values) =>
    values.every(([name]) => HEALTH_CHECK.test(name))
      ? aws('elbv2', 'modify-target-group', { targetGroupArn, ...Object.fromEntries(values) })
      : null,
};
