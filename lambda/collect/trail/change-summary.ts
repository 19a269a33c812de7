import type { Attributes, ChangeDetails, NetworkAclEntry, SecurityGroupRule } from '../../incident/evidence.ts';
import { inTable } from '../../incident/in-table.ts';
import { groupName } from '../../semantics/targets/targets.ts';

/** What was done, in a line: `revoked tcp 8080 from sg-alb in sg-app`. */
export function changeSaid(event: string, details: ChangeDetails, resources: readonly string[]): string {
  switch (details.is) {
    case 'security-group-rules':
      return ruleChangeSaid(details);
    case 'security-groups':
      return `set the security groups of ${nameOf(details.of)} to ${some(details.groupIds, 'groups', 5)}`;
    case 'network-acl-entry':
      return `${DONE[details.does]} ${details.egress ? 'outbound' : 'inbound'} rule ${details.ruleNumber} of ${details.aclId}${details.entry === null ? '' : `: ${entrySaid(details.entry)}`}`;
    case 'route':
      return `${DONE[details.does]} the route to ${details.destination} in ${details.tableId}`;
    case 'instances':
      return `${DONE[details.does]} ${some(details.instanceIds, 'instances')}`;
    case 'targets':
      return `${DONE[details.does]} ${some(details.ids, 'targets')} ${details.does === 'registers' ? 'with' : 'from'} ${groupName(details.targetGroup)}`;
    case 'settings':
      return settingsSaid(details.set, nameOf(details.of));
    case 'routing':
      return routingSaid(event, details);
    case 'function':
      return functionChangeSaid(details);
    case 'other': {
      const [first] = resources;
      if (first === undefined) return `called ${event}`;
      return `${inTable(OTHERS, event) ?? `called ${event} on`} ${nameOf(first)}`;
    }
  }
}

/** What calls do that no cause judges, as far as the thing itself is what they name first. */
const OTHERS: Readonly<Record<string, string>> = {
  SetSubnets: 'changed the subnets of',
  SetIpAddressType: 'changed the IP address type of',
  StartInstanceRefresh: 'started an instance refresh of',
};

const DONE = {
  creates: 'created',
  replaces: 'replaced',
  deletes: 'deleted',
  starts: 'started',
  stops: 'stopped',
  terminates: 'terminated',
  reboots: 'rebooted',
  registers: 'registered',
  deregisters: 'deregistered',
} as const;

function routingSaid(event: string, { of, to }: Extract<ChangeDetails, { is: 'routing' }>): string {
  const groups = to.map(({ targetGroup, weight }) => `${groupName(targetGroup)} (weight ${weight})`);
  const what = event === 'CreateRule' ? `a rule of ${nameOf(of)}` : nameOf(of);
  return `${inTable(ROUTED, event) ?? event} ${what}${groups.length === 0 ? '' : `: to ${groups.join(', ')}`}`;
}

const ROUTED: Readonly<Record<string, string>> = {
  CreateRule: 'created',
  ModifyRule: 'changed',
  ModifyListener: 'changed',
  DeleteRule: 'deleted',
  SetRulePriorities: 'set the priorities of',
};

function functionChangeSaid({ does, of, name, value }: Extract<ChangeDetails, { is: 'function' }>): string {
  const alias = `alias ${name ?? ''} of ${of}`;
  switch (does) {
    case 'updates-code':
      return `updated the code of ${of}`;
    case 'configures':
      return `changed the configuration of ${of}`;
    case 'publishes':
      return `published a version of ${of}`;
    case 'sets-alias':
      return value === null ? `changed ${alias}` : `pointed ${alias} at version ${value}`;
    case 'deletes-alias':
      return `deleted ${alias}`;
    case 'admits':
      return `added permission ${name ?? ''} to ${of}`;
    case 'withdraws':
      return `removed permission ${name ?? ''} from ${of}`;
    case 'limits':
      return `set the reserved concurrency of ${of} to ${value ?? 'another value'}`;
    case 'unlimits':
      return `removed the reserved concurrency of ${of}`;
    case 'deletes':
      return `deleted ${of}`;
  }
}

function ruleChangeSaid({ does, way, groupId, rules }: Extract<ChangeDetails, { is: 'security-group-rules' }>): string {
  if (does === 'changes') return `changed rules of ${groupId}`;
  const verb = does === 'admits' ? (way === 'ingress' ? 'allowed inbound' : 'allowed outbound') : 'revoked';
  const what =
    rules.length === 0
      ? 'rules by their ids'
      : some(
          rules.map((rule) => ruleSaid(rule, way)),
          'rules',
          3,
        );
  return `${verb} ${what} in ${groupId}`;
}

/** `tcp 8080 from sg-alb` */
export function ruleSaid(rule: SecurityGroupRule, way: 'ingress' | 'egress'): string {
  const peers = [...rule.groups.map(({ groupId }) => groupId), ...rule.cidrs, ...rule.prefixListIds];
  const whom = peers.length === 0 ? '' : ` ${way === 'ingress' ? 'from' : 'to'} ${some(peers, 'peers', 3)}`;
  return `${protocolSaid(rule.protocol)}${portsSaid(rule)}${whom}`;
}

function entrySaid(entry: NetworkAclEntry): string {
  const way = entry.egress ? 'to' : 'from';
  return `${entry.action} ${protocolSaid(entry.protocol)}${portsSaid(entry)} ${way} ${entry.cidr}`;
}

const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all traffic', '1': 'icmp', '6': 'tcp', '17': 'udp' };

function protocolSaid(protocol: string): string {
  return inTable(PROTOCOLS, protocol) ?? protocol;
}

function portsSaid({ fromPort, toPort }: { readonly fromPort: number | null; readonly toPort: number | null }): string {
  if (fromPort === null || fromPort < 0) return '';
  return toPort === null || toPort === fromPort ? ` ${fromPort}` : ` ${fromPort}-${toPort}`;
}

const SETTINGS_AT_MOST = 4;

function settingsSaid(set: Attributes, of: string): string {
  const all = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  if (all.length === 0) return `changed ${of} (CloudTrail does not say what)`;
  return `set ${some(all, 'settings', SETTINGS_AT_MOST)} on ${of}`;
}

/** `i-1 and i-2`, `i-1, i-2, i-3 and 7 more` */
function some(names: readonly string[], kind: string, atMost = 3): string {
  const rest = names.length - atMost;
  const all = rest > 0 ? [...names.slice(0, atMost), `${rest} more`] : names;
  const last = all.at(-1) ?? kind;
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

/** The name within an ARN of Elastic Load Balancing, `web` or `listener of web`; what is no such ARN as it is. */
function nameOf(id: string): string {
  const [, kind, rest = ''] = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(id) ?? [];
  const parts = rest.split('/');
  if (kind === 'targetgroup') return parts[0] ?? id;
  if (kind === 'loadbalancer') return parts[1] ?? id;
  if (kind === 'listener') return `a listener of ${parts[1] ?? id}`;
  return kind === 'listener-rule' ? `a rule of ${parts[1] ?? id}` : id;
}
