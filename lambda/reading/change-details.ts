import type { ChangeDetails, NetworkAclEntry, SecurityGroupRule } from '../incident/evidence.ts';
import { inTable } from '../incident/in-table.ts';
import { functionChange } from './function-changes.ts';
import { listAt, numberAt, partAt, type RecordPart, textAt, textsIn } from './trail-record.ts';

/** What a record tells of a change that can be judged, by the name of the call. */
export function detailsOf(event: string, record: RecordPart): ChangeDetails {
  const asked = partAt(record, 'requestParameters');
  if (textAt(record, 'eventSource') === 'lambda.amazonaws.com') return functionChange(event, asked);
  return inTable(BY_EVENT, event)?.(asked, record) ?? { is: 'other' };
}

type Reader = (asked: RecordPart, record: RecordPart) => ChangeDetails | undefined;

const BY_EVENT: Readonly<Record<string, Reader>> = {
  AuthorizeSecurityGroupIngress: (asked) => rules('admits', 'ingress', asked),
  AuthorizeSecurityGroupEgress: (asked) => rules('admits', 'egress', asked),
  RevokeSecurityGroupIngress: (asked, record) => rules('revokes', 'ingress', asked, record),
  RevokeSecurityGroupEgress: (asked, record) => rules('revokes', 'egress', asked, record),
  ModifySecurityGroupRules: rulesModification,
  SetSecurityGroups: (asked) => groupsOf(textAt(asked, 'loadBalancerArn'), textsIn(partAt(asked, 'securityGroups'))),
  ModifyNetworkInterfaceAttribute: (asked) => groupsOf(textAt(asked, 'networkInterfaceId'), groupSetIn(asked)),
  ModifyInstanceAttribute: (asked) => groupsOf(textAt(asked, 'instanceId'), groupSetIn(asked)),
  CreateNetworkAclEntry: (asked) => aclEntry('creates', asked),
  ReplaceNetworkAclEntry: (asked) => aclEntry('replaces', asked),
  DeleteNetworkAclEntry: (asked) => aclEntry('deletes', asked),
  CreateRoute: (asked) => route('creates', asked),
  ReplaceRoute: (asked) => route('replaces', asked),
  DeleteRoute: (asked) => route('deletes', asked),
  StartInstances: (asked) => instances('starts', asked),
  StopInstances: (asked) => instances('stops', asked),
  TerminateInstances: (asked) => instances('terminates', asked),
  RebootInstances: (asked) => instances('reboots', asked),
  RegisterTargets: (asked) => targets('registers', asked),
  DeregisterTargets: (asked) => targets('deregisters', asked),
  ModifyTargetGroup: (asked) => settings(textAt(asked, 'targetGroupArn'), asked, 'targetGroupArn'),
  ModifyTargetGroupAttributes: (asked) => attributes(textAt(asked, 'targetGroupArn'), asked),
  ModifyLoadBalancerAttributes: (asked) => attributes(textAt(asked, 'loadBalancerArn'), asked),
  ModifyListener: (asked) => routing(textAt(asked, 'listenerArn'), partAt(asked, 'defaultActions')),
  CreateRule: ruleCreation,
  ModifyRule: (asked) => routing(textAt(asked, 'ruleArn'), partAt(asked, 'actions')),
  DeleteRule: (asked) => routing(textAt(asked, 'ruleArn'), undefined),
  SetRulePriorities: (asked) => routing(textAt(listAt(asked, 'rulePriorities')[0], 'ruleArn'), undefined),
  UpdateAutoScalingGroup: (asked) => settings(textAt(asked, 'autoScalingGroupName'), asked, 'autoScalingGroupName'),
  SetDesiredCapacity: (asked) => settings(textAt(asked, 'autoScalingGroupName'), asked, 'autoScalingGroupName'),
  SuspendProcesses: (asked) => processes('suspended', asked),
  ResumeProcesses: (asked) => processes('resumed', asked),
  UpdateService: (asked) => settings(textAt(asked, 'service'), asked, 'service', 'cluster'),
};

type RuleChange = Extract<ChangeDetails, { is: 'security-group-rules' }>;

function rules(
  does: RuleChange['does'],
  way: RuleChange['way'],
  asked: RecordPart,
  record?: RecordPart,
): ChangeDetails | undefined {
  const groupId = textAt(asked, 'groupId');
  if (groupId === undefined) return undefined;
  const named = listAt(asked, 'ipPermissions').map(ruleIn);
  // Where rules are revoked by their ids, only newer records tell in the answer what they held.
  const answered = listAt(record, 'responseElements', 'revokedSecurityGroupRuleSet').map(ruleInAnswer);
  return { is: 'security-group-rules', does, way, groupId, rules: named.length > 0 ? named : answered };
}

function ruleIn(permission: RecordPart): SecurityGroupRule {
  const texts = (list: string, name: string): readonly string[] =>
    listAt(permission, list).flatMap((item) => textAt(item, name) ?? []);
  return {
    protocol: textAt(permission, 'ipProtocol') ?? '-1',
    fromPort: numberAt(permission, 'fromPort') ?? null,
    toPort: numberAt(permission, 'toPort') ?? null,
    cidrs: [...texts('ipRanges', 'cidrIp'), ...texts('ipv6Ranges', 'cidrIpv6')],
    prefixListIds: texts('prefixListIds', 'prefixListId'),
    groups: listAt(permission, 'groups').flatMap((group) => {
      const groupId = textAt(group, 'groupId');
      return groupId === undefined ? [] : [{ groupId, ownerId: textAt(group, 'userId') ?? null }];
    }),
  };
}

function ruleInAnswer(rule: RecordPart): SecurityGroupRule {
  const groupId = textAt(rule, 'referencedGroupId') ?? textAt(rule, 'referencedGroupInfo', 'groupId');
  return {
    protocol: textAt(rule, 'ipProtocol') ?? '-1',
    fromPort: numberAt(rule, 'fromPort') ?? null,
    toPort: numberAt(rule, 'toPort') ?? null,
    cidrs: [textAt(rule, 'cidrIpv4'), textAt(rule, 'cidrIpv6')].filter((cidr) => cidr !== undefined),
    prefixListIds: [textAt(rule, 'prefixListId')].filter((id) => id !== undefined),
    groups: groupId === undefined ? [] : [{ groupId, ownerId: null }],
  };
}

/** Here the names are capitalised, and the request stands within itself. */
function rulesModification(asked: RecordPart): ChangeDetails | undefined {
  const request = partAt(asked, 'ModifySecurityGroupRulesRequest') ?? asked;
  const groupId = textAt(request, 'GroupId') ?? textAt(request, 'groupId');
  if (groupId === undefined) return undefined;
  return { is: 'security-group-rules', does: 'changes', way: 'ingress', groupId, rules: [] };
}

/** Other attributes are changed by the same calls. */
function groupsOf(of: string | undefined, groupIds: readonly string[]): ChangeDetails | undefined {
  return of === undefined || groupIds.length === 0 ? undefined : { is: 'security-groups', of, groupIds };
}

function groupSetIn(asked: RecordPart): readonly string[] {
  return listAt(asked, 'groupSet').flatMap((item) => textAt(item, 'groupId') ?? []);
}

type EntryChange = Extract<ChangeDetails, { is: 'network-acl-entry' }>;

function aclEntry(does: EntryChange['does'], asked: RecordPart): ChangeDetails | undefined {
  const aclId = textAt(asked, 'networkAclId');
  const ruleNumber = numberAt(asked, 'ruleNumber');
  if (aclId === undefined || ruleNumber === undefined) return undefined;
  const egress = textAt(asked, 'egress') === 'true';
  const entry: NetworkAclEntry = {
    ruleNumber,
    egress,
    action: textAt(asked, 'ruleAction') === 'allow' ? 'allow' : 'deny',
    protocol: textAt(asked, 'aclProtocol') ?? textAt(asked, 'protocol') ?? '-1',
    cidr: textAt(asked, 'cidrBlock') ?? textAt(asked, 'ipv6CidrBlock') ?? '',
    fromPort: numberAt(asked, 'portRange', 'from') ?? null,
    toPort: numberAt(asked, 'portRange', 'to') ?? null,
  };
  const told = does !== 'deletes' && entry.cidr !== '' && textAt(asked, 'ruleAction') !== undefined;
  return { is: 'network-acl-entry', does, aclId, ruleNumber, egress, entry: told ? entry : null };
}

function route(does: Extract<ChangeDetails, { is: 'route' }>['does'], asked: RecordPart): ChangeDetails | undefined {
  const tableId = textAt(asked, 'routeTableId');
  const destination =
    textAt(asked, 'destinationCidrBlock') ??
    textAt(asked, 'destinationIpv6CidrBlock') ??
    textAt(asked, 'destinationPrefixListId');
  if (tableId === undefined || destination === undefined) return undefined;
  return { is: 'route', does, tableId, destination };
}

function instances(does: Extract<ChangeDetails, { is: 'instances' }>['does'], asked: RecordPart): ChangeDetails {
  const instanceIds = listAt(asked, 'instancesSet').flatMap((item) => textAt(item, 'instanceId') ?? []);
  return { is: 'instances', does, instanceIds };
}

function targets(
  does: Extract<ChangeDetails, { is: 'targets' }>['does'],
  asked: RecordPart,
): ChangeDetails | undefined {
  const targetGroup = textAt(asked, 'targetGroupArn');
  if (targetGroup === undefined) return undefined;
  const named = listAt(asked, 'targets').filter((item) => textAt(item, 'id') !== undefined);
  const ids = named.flatMap((item) => textAt(item, 'id') ?? []);
  const ports = named.map((item) => numberAt(item, 'port') ?? null);
  return { is: 'targets', does, targetGroup, ids, ...(ports.some((port) => port !== null) ? { ports } : {}) };
}

/** What was set, by name; lists and the like are left out, but for the codes of a health check's matcher. */
function settings(of: string | undefined, asked: RecordPart, ...except: readonly string[]): ChangeDetails | undefined {
  if (of === undefined || typeof asked !== 'object' || asked === null) return undefined;
  const set = Object.keys(asked).flatMap((name) => {
    const value = name === 'matcher' ? matcherIn(asked) : textAt(asked, name);
    return except.includes(name) || value === undefined ? [] : [[name, value] as const];
  });
  return { is: 'settings', of, set: Object.fromEntries(set) };
}

/** Without a list, all that the group does. */
function processes(done: 'suspended' | 'resumed', asked: RecordPart): ChangeDetails | undefined {
  const of = textAt(asked, 'autoScalingGroupName');
  if (of === undefined) return undefined;
  const named = textsIn(partAt(asked, 'scalingProcesses'));
  return { is: 'settings', of, set: { [done]: named.length === 0 ? 'all processes' : named.join(', ') } };
}

function matcherIn(asked: RecordPart): string | undefined {
  return textAt(asked, 'matcher', 'httpCode') ?? textAt(asked, 'matcher', 'grpcCode');
}

function attributes(of: string | undefined, asked: RecordPart): ChangeDetails | undefined {
  if (of === undefined) return undefined;
  const set = listAt(asked, 'attributes').flatMap((item) => {
    const key = textAt(item, 'key');
    return key === undefined ? [] : [[key, textAt(item, 'value') ?? ''] as const];
  });
  return { is: 'settings', of, set: Object.fromEntries(set) };
}

function routing(of: string | undefined, actions: RecordPart): ChangeDetails | undefined {
  if (of === undefined) return undefined;
  const to = listAt(actions).flatMap((action) => {
    const groups = listAt(action, 'forwardConfig', 'targetGroups').flatMap((group) => {
      const targetGroup = textAt(group, 'targetGroupArn');
      return targetGroup === undefined ? [] : [{ targetGroup, weight: numberAt(group, 'weight') ?? 1 }];
    });
    const alone = textAt(action, 'targetGroupArn');
    return groups.length > 0 || alone === undefined ? groups : [{ targetGroup: alone, weight: 1 }];
  });
  const [only, ...others] = listAt(actions);
  const isAlone = to.length > 0 && others.length === 0 && textAt(only, 'type') === 'forward';
  return { is: 'routing', of, to, ...(isAlone ? { alone: true } : {}) };
}

/** The answer names the rule. */
function ruleCreation(asked: RecordPart, record: RecordPart): ChangeDetails | undefined {
  const made = textAt(listAt(record, 'responseElements', 'rules')[0], 'ruleArn');
  const created = routing(textAt(asked, 'listenerArn'), partAt(asked, 'actions'));
  if (created?.is !== 'routing' || made === undefined) return created;
  const priority = numberAt(asked, 'priority');
  const conditions = conditionsIn(asked);
  return {
    ...{ ...created, made },
    ...(priority === undefined ? {} : { priority }),
    ...(conditions === undefined ? {} : { conditions }),
  };
}

const CONFIGS: Readonly<Record<string, string>> = {
  'path-pattern': 'pathPatternConfig',
  'host-header': 'hostHeaderConfig',
};

/** All of them, by path and host; `undefined` where one is by something else: without it the rule would be another one. */
function conditionsIn(asked: RecordPart): Conditions | undefined {
  const all = listAt(asked, 'conditions').map((one) => {
    const field = textAt(one, 'field') ?? '';
    const values = textsIn(partAt(one, 'values'));
    const config = inTable(CONFIGS, field);
    return {
      field,
      values: values.length > 0 || config === undefined ? values : textsIn(partAt(one, config, 'values')),
    };
  });
  const areKnown = all.every(({ field, values }) => inTable(CONFIGS, field) !== undefined && values.length > 0);
  return areKnown && all.length > 0 ? all : undefined;
}

type Conditions = NonNullable<Extract<ChangeDetails, { is: 'routing' }>['conditions']>;
