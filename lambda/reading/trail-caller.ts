import type { ChangeEvent } from '../incident/evidence.ts';
import { type RecordPart, textAt } from './trail-record.ts';

export type Caller = Pick<ChangeEvent, 'who' | 'by' | 'tool'>;

/** Who made a call: a person, a role, or a service of AWS, on its own or in somebody's name. */
export function callerOf(record: RecordPart, username = 'unknown'): Caller {
  const identity = identityOf(record, username);
  const service = textAt(record, 'userIdentity', 'invokedBy');
  const tool = toolOf(record, service);
  if (service === undefined || service === 'AWS Internal') return { ...identity, tool };
  // A service-linked role is the service itself.
  const whose = identity.by === 'service' ? '' : ` for ${identity.who}`;
  return { who: `${service}${whose}`, by: 'service', tool };
}

function identityOf(record: RecordPart, username: string): Omit<Caller, 'tool'> {
  const type = textAt(record, 'userIdentity', 'type');
  switch (type) {
    case 'AssumedRole':
      return roleIdentity(record, username);
    case 'Root':
      return { who: 'root', by: 'person' };
    case 'AWSService':
      return { who: textAt(record, 'userIdentity', 'invokedBy') ?? username, by: 'service' };
    case 'AWSAccount':
      return { who: `account ${textAt(record, 'userIdentity', 'accountId') ?? 'unknown'}`, by: 'role' };
    default:
      return { who: textAt(record, 'userIdentity', 'userName') ?? username, by: 'person' };
  }
}

function roleIdentity(record: RecordPart, username: string): Omit<Caller, 'tool'> {
  const [, inArn, inSession] = /:assumed-role\/([^/]+)\/(.+)$/.exec(textAt(record, 'userIdentity', 'arn') ?? '') ?? [];
  const role = textAt(record, 'userIdentity', 'sessionContext', 'sessionIssuer', 'userName') ?? inArn;
  const session = inSession ?? username;
  if (role === undefined) return { who: session, by: 'role' };
  if (role.startsWith('AWSServiceRoleFor')) return { who: `role/${role}`, by: 'service' };
  // IAM Identity Center: the permission set, and the person as the session.
  const [, permissionSet] = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(role) ?? [];
  if (permissionSet !== undefined) return { who: `${session} (${permissionSet})`, by: 'person' };
  return { who: MADE_UP.test(session) ? `role/${role}` : `role/${role} (${session})`, by: 'role' };
}

/** Names that SDKs give a session where nobody named it: they tell nothing, and differ from hour to hour. */
const MADE_UP = /^((botocore-session|aws-go-sdk|aws-sdk-js-session|aws-sdk-java)-?)?\d+$/;

const TOOLS: readonly (readonly [pattern: RegExp, tool: string])[] = [
  [/cloudformation\.amazonaws\.com/i, 'CloudFormation'],
  [/opentofu/i, 'OpenTofu'],
  [/terraform/i, 'Terraform'],
  [/pulumi/i, 'Pulumi'],
  [/crossplane/i, 'Crossplane'],
  [/elbv2\.k8s\.aws|aws-load-balancer-controller/i, 'load balancer controller'],
];

/** What sets a resource as it is written down somewhere: there, a change made by hand does not last. */
function toolOf(record: RecordPart, service: string | undefined): string | null {
  const agent = `${service ?? ''} ${textAt(record, 'userAgent') ?? ''}`;
  return TOOLS.find(([pattern]) => pattern.test(agent))?.[1] ?? null;
}
