import type {
  ChangeDetails,
  ChangeEvent,
  NetworkAcl,
  NetworkAclEntry,
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
} from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { PathLayer } from './path.ts';
import type { PathEvidence } from './target-paths.ts';

/**
 * What filtered packets at a moment past: the state of now, with the changes since then undone. What a change does not
 * tell whole leaves that group or ACL as it is now.
 */

type RuleChange = Extract<ChangeDetails, { is: 'security-group-rules' }> & { readonly at: Time };
type EntryChange = Extract<ChangeDetails, { is: 'network-acl-entry' }> & { readonly at: Time };
type RouteChange = Extract<ChangeDetails, { is: 'route' }> & { readonly at: Time };

/** What paths are judged by, with one layer as it was; `null` where no change is known of that layer. */
export function pathEvidenceAt(
  at: Time,
  layer: PathLayer,
  now: PathEvidence,
  changes: readonly ChangeEvent[],
): PathEvidence | null {
  if (!changes.some(({ details }) => CHANGED_BY[layer].includes(details.is))) return null;
  const { networkAcls, routeTables, securityGroups, loadBalancer, instances, targetInterfaces } = now;
  if (layer === 'network-acls') return { ...now, networkAcls: networkAcls && networkAclsAt(networkAcls, changes, at) };
  if (layer === 'routes') return { ...now, routeTables: routeTables && routeTablesAt(routeTables, changes, at) };
  const idsOf = (ids: readonly string[], ...of: (string | null)[]) => groupIdsAt(ids, of, changes, at);
  return {
    ...now,
    securityGroups: securityGroups && securityGroupsAt(securityGroups, changes, at),
    loadBalancer: { ...loadBalancer, securityGroupIds: idsOf(loadBalancer.securityGroupIds, loadBalancer.arn) },
    targetInterfaces: targetInterfaces.map((one) => ({
      ...one,
      securityGroupIds: idsOf(one.securityGroupIds, one.id),
    })),
    instances: instances.map((one) => ({
      ...one,
      primarySecurityGroupIds: idsOf(one.primarySecurityGroupIds, one.id, one.interfaces[0]?.id ?? null),
    })),
  };
}

const OF_GROUPS: readonly ChangeDetails['is'][] = ['security-group-rules', 'security-groups'];
const CHANGED_BY: Readonly<Record<PathLayer, readonly ChangeDetails['is'][]>> = {
  'load-balancer-security-groups': OF_GROUPS,
  'target-security-groups': OF_GROUPS,
  'network-acls': ['network-acl-entry'],
  routes: ['route'],
};

/** The same array where nothing was changed. */
export function securityGroupsAt(
  groups: readonly SecurityGroup[],
  changes: readonly ChangeEvent[],
  at: Time,
): readonly SecurityGroup[] {
  const all = changes.flatMap(({ details, at }) => (details.is === 'security-group-rules' ? [{ ...details, at }] : []));
  if (all.length === 0) return groups;
  return groups.map((group) => {
    const own = all.filter(({ groupId }) => groupId === group.id);
    if (own.length === 0 || own.some(({ does, rules }) => does === 'changes' || rules.length === 0)) return group;
    return {
      ...group,
      ingress: rulesAt(group.ingress, ofWay(own, 'ingress'), at),
      egress: rulesAt(group.egress, ofWay(own, 'egress'), at),
    };
  });
}

/**
 * The groups of a load balancer or of an interface: each change tells all of them. A change to the groups of an instance is
 * one to those of its primary interface.
 */
function groupIdsAt(
  now: readonly string[],
  of: readonly (string | null)[],
  changes: readonly ChangeEvent[],
  at: Time,
): readonly string[] {
  const last = changes.findLast(
    (change) => change.at <= at && change.details.is === 'security-groups' && of.includes(change.details.of),
  );
  return last?.details.is === 'security-groups' ? last.details.groupIds : now;
}

function ofWay(changes: readonly RuleChange[], way: RuleChange['way']): readonly RuleChange[] {
  return changes.filter((change) => change.way === way);
}

function rulesAt(now: readonly SecurityGroupRule[], changes: readonly RuleChange[], at: Time) {
  const present = new Map(now.flatMap(eachPeer).map((rule) => [keyOf(rule), rule]));
  const touched = new Map(changes.flatMap(({ rules }) => rules.flatMap(eachPeer)).map((rule) => [keyOf(rule), rule]));
  return [...new Map([...present, ...touched])].flatMap(([key, rule]) => {
    const own = changes.filter(({ rules }) => rules.flatMap(eachPeer).some((one) => keyOf(one) === key));
    const last = own.filter((change) => change.at <= at).at(-1);
    const next = own.find((change) => change.at > at);
    // AWS refuses to add what is there, and to take away what is not: each change tells what was before it.
    const was = last ? last.does === 'admits' : next ? next.does === 'revokes' : present.has(key);
    return was ? [rule] : [];
  });
}

/** A rule admits each of its peers, and each is added and taken away by itself. */
function eachPeer(rule: SecurityGroupRule): readonly SecurityGroupRule[] {
  const alone = { ...rule, cidrs: [], prefixListIds: [], groups: [] };
  return [
    ...rule.cidrs.map((cidr) => ({ ...alone, cidrs: [cidr] })),
    ...rule.prefixListIds.map((id) => ({ ...alone, prefixListIds: [id] })),
    ...rule.groups.map((group) => ({ ...alone, groups: [group] })),
  ];
}

function keyOf({ protocol, fromPort, toPort, cidrs, prefixListIds, groups }: SecurityGroupRule): string {
  const ports = protocol === '-1' ? [] : [fromPort, toPort];
  const name = protocol === '6' ? 'tcp' : protocol;
  return JSON.stringify([name, ports, cidrs, prefixListIds, groups.map(({ groupId }) => groupId)]);
}

/** The same array where nothing was changed. */
export function networkAclsAt(
  acls: readonly NetworkAcl[],
  changes: readonly ChangeEvent[],
  at: Time,
): readonly NetworkAcl[] {
  const all = changes.flatMap(({ details, at }) => (details.is === 'network-acl-entry' ? [{ ...details, at }] : []));
  if (all.length === 0) return acls;
  return acls.map((acl) => {
    const own = all.filter(({ aclId }) => aclId === acl.id);
    const entries = own.length === 0 ? acl.entries : entriesAt(acl.entries, own, at);
    return entries === undefined ? acl : { ...acl, entries };
  });
}

function entriesAt(now: readonly NetworkAclEntry[], changes: readonly EntryChange[], at: Time) {
  const entries = new Map(now.map((entry) => [numberOf(entry), entry]));
  for (const key of new Set(changes.map(numberOf))) {
    const own = changes.filter((change) => numberOf(change) === key);
    const last = own.filter((change) => change.at <= at).at(-1);
    const next = own.find((change) => change.at > at);
    if (last === undefined && next?.does === 'creates') entries.delete(key);
    else if (last?.does === 'deletes') entries.delete(key);
    else if (last?.entry) entries.set(key, last.entry);
    // It was another before, and nothing tells which.
    else return undefined;
  }
  return [...entries.values()].sort((a, b) => a.ruleNumber - b.ruleNumber);
}

function numberOf({ egress, ruleNumber }: { readonly egress: boolean; readonly ruleNumber: number }): string {
  return `${egress} ${ruleNumber}`;
}

/** Without the routes that were not there; where one led that was there then and is not now, no record tells. */
export function routeTablesAt(
  tables: readonly RouteTable[],
  changes: readonly ChangeEvent[],
  at: Time,
): readonly RouteTable[] {
  const all = changes.flatMap(({ details, at }) => (details.is === 'route' ? [{ ...details, at }] : []));
  if (all.length === 0) return tables;
  return tables.map((table) => {
    const own = all.filter(({ tableId }) => tableId === table.id);
    return own.length === 0 ? table : { ...table, routes: table.routes.filter((route) => wasThere(route, own, at)) };
  });
}

function wasThere({ destination }: Route, changes: readonly RouteChange[], at: Time): boolean {
  const own = changes.filter((change) => change.destination === destination);
  const last = own.filter((change) => change.at <= at).at(-1);
  const next = own.find((change) => change.at > at);
  return last ? last.does !== 'deletes' : next?.does !== 'creates';
}
