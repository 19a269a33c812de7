import { inTable } from '../../../incident/in-table.ts';
import type { MaskKind } from './mask-counts.ts';

/** What a field of a snapshot holds: AWS's own word, somebody's sentence, or what refers to something by name or id. */
export type FieldContent =
  | 'own-word'
  | 'sentence'
  | 'free-text'
  | 'console-line'
  | 'caller'
  | 'description'
  | 'tag-value'
  | 'set-value'
  | { readonly refersTo: MaskKind };

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** States, codes, numbers and times, as AWS or this program writes them. */
const OWN_WORDS = list(`
  action actions at by code collectedAt controller createdAt does effect endedAt errorCode event every from
  healthCheckTypes healthStatus impairedSince ipAddressType is key kind lastUpdateStatus launchedAt lifecycleState
  matcher metrics mode modifiedAt notAfter notBefore operator origin override partition port previousState
  previousStateAt protocol protocolVersion region rolloutState schemaVersion scheme since source sslPolicy startedAt state
  stateSince status statusCode stopCode stoppedAt stoppingAt suspendedProcesses targetType to tool type updatedAt version
  way why zone alarmedAt
  classification classificationReason ending first format lacks last log method off said shapes streamError verified
`);

const REFERENCES: Readonly<Record<string, MaskKind>> = {
  accountId: 'name',
  address: 'name',
  accountName: 'name',
  aclId: 'id',
  addresses: 'name',
  alarmArn: 'alarm',
  alarmName: 'alarm',
  arn: 'name',
  attributes: 'name',
  cidr: 'name',
  cidrs: 'name',
  cluster: 'cluster',
  container: 'container',
  contributor: 'name',
  destination: 'name',
  dimension: 'load balancer',
  dnsName: 'host name',
  group: 'Auto Scaling group',
  groupId: 'id',
  groupIds: 'id',
  hosts: 'host name',
  id: 'name',
  instanceId: 'id',
  instanceIds: 'id',
  ipv6Cidrs: 'name',
  listenerArn: 'name',
  loadBalancerArns: 'name',
  logGroup: 'name',
  made: 'name',
  name: 'name',
  node: 'name',
  of: 'name',
  ownerId: 'name',
  place: 'name',
  places: 'name',
  prefixes: 'name',
  prefixListIds: 'id',
  primaryAddress: 'name',
  primarySecurityGroupIds: 'id',
  principals: 'caller',
  requesterId: 'name',
  resources: 'name',
  rule: 'name',
  securityGroupIds: 'id',
  service: 'name',
  startedBy: 'name',
  subnetId: 'id',
  subnetIds: 'id',
  tableId: 'id',
  targetGroup: 'target group',
  targetGroupName: 'target group',
  targetGroups: 'target group',
  taskDefinition: 'name',
  values: 'name',
  vpcId: 'id',
};

/** Whose name it is, by the part of the snapshot in which it stands. */
const NAMES: Readonly<Record<string, MaskKind>> = {
  subject: 'load balancer',
  loadBalancer: 'load balancer',
  targetGroups: 'target group',
  idleTargetGroups: 'target group',
  ecsServices: 'service',
  autoScalingGroups: 'Auto Scaling group',
  securityGroups: 'security group name',
  webAcl: 'web ACL',
};

/** A field, by its name, the names of those around it, and the part of the snapshot in which it stands. */
interface Place {
  readonly name: string;
  readonly within: ReadonlySet<string>;
  readonly part: string;
}

/** What means something else where it stands; the first that fits decides. */
const SPECIAL: readonly (readonly [fits: (place: Place) => boolean, content: FieldContent])[] = [
  [({ part, within }) => part === 'version' || within.has('source') || within.has('tool'), 'own-word'],
  [({ within }) => within.has('tags'), 'tag-value'],
  [({ name }) => name === 'who', 'caller'],
  [({ part, name }) => part === 'consoleOutput' && name === 'lines', 'console-line'],
  [({ within }) => within.has('set'), 'set-value'],
  [({ within, name }) => isOfContributor(within) && /^(?:since|AvailabilityZone)$/.test(name), 'own-word'],
  [({ within }) => isOfContributor(within), { refersTo: 'name' }],
  [({ within, name }) => within.has('gaps') || name === 'detail', 'sentence'],
  [({ name, within }) => name === 'description' && within.has('mutedBy'), 'free-text'],
  [({ name }) => name === 'alarmDescription' || name === 'body', 'free-text'],
  [({ name, within }) => name === 'description' && INTERFACES.some((each) => within.has(each)), 'description'],
  [({ part, name }) => ATTRIBUTES.test(part) && /bucket|prefix|cookie_name/.test(name), { refersTo: 'name' }],
  [({ part }) => ATTRIBUTES.test(part), 'own-word'],
  [
    ({ part, name }) => (part === 'zoneMetrics' && name === 'id') || (part === 'listenerRules' && name === 'name'),
    'own-word',
  ],
  [({ part, name }) => name === 'reason' && CODED.has(part), 'own-word'],
  [({ name, within }) => name === 'name' && within.has('containers'), { refersTo: 'container' }],
];

const INTERFACES = ['interfaces', 'loadBalancerInterfaces', 'targetInterfaces'];
/** Whose reasons are codes. */
const CODED = list('targetHealth idleTargetGroups applicationStatus accessLog healthCheckLog');
const ATTRIBUTES = /^(?:loadBalancer|targetGroup)Attributes$/;

function isOfContributor(within: ReadonlySet<string>): boolean {
  return within.has('contributor') || within.has('contributors');
}

/** `path`: the names of the fields down to this one, without the places in lists. */
export function contentAt(path: readonly string[]): FieldContent {
  const place = { name: path.at(-1) ?? '', within: new Set(path), part: path[1] ?? '' };
  const [, special] = SPECIAL.find(([fits]) => fits(place)) ?? [];
  if (special !== undefined) return special;
  if (OWN_WORDS.has(place.name)) return 'own-word';
  const kind = place.name === 'name' ? (inTable(NAMES, place.part) ?? 'name') : inTable(REFERENCES, place.name);
  return kind === undefined ? 'sentence' : { refersTo: kind };
}

/** Of what a call set, what is a number, a choice or a path is judged. */
export function isChoice(name: string, value: string): boolean {
  return (
    /^-?[\d.,-]*$|^(?:true|false|on|off|all processes)$/.test(value) ||
    /protocol|suspended|resumed|mode|type|version|algorithm|matcher|strategy/i.test(name)
  );
}
