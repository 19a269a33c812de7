import type { NetworkInterface } from '../../incident/evidence.ts';

/** What has an interface, as its type, its description and whoever asked for it tell. */
export interface InterfaceOwner {
  readonly kind:
    | 'database'
    | 'cache'
    | 'file-system'
    | 'nat-gateway'
    | 'transit-gateway'
    | 'function'
    | 'endpoint'
    | 'load-balancer';
  /** What AWS calls it in the description, where that holds a name. */
  readonly name: string | null;
}

type Mark = readonly [
  kind: InterfaceOwner['kind'],
  description: RegExp,
  types?: readonly string[],
  requesterId?: string,
];

/** The name, where there is one, is the first group of the pattern. */
const MARKS: readonly Mark[] = [
  ['database', /^(?:RDS|Redshift)NetworkInterface$/, [], 'amazon-rds'],
  ['cache', /^ElastiCache (\S+)/, [], 'amazon-elasticache'],
  ['file-system', /^EFS mount target for (fs-\w+)/],
  ['nat-gateway', /^Interface for NAT Gateway (nat-\w+)/, ['nat_gateway', 'natGateway']],
  ['transit-gateway', /^Network Interface for Transit Gateway Attachment (tgw-\w+)/, ['transit_gateway']],
  ['function', /^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}-[0-9a-f-]+)?$/, ['lambda']],
  ['endpoint', /^VPC Endpoint Interface (vpce-\w+)/, ['vpc_endpoint', 'gateway_load_balancer_endpoint']],
  [
    'load-balancer',
    /^ELB (?:(?:app|net|gwy)\/)?([^/\s]+)/,
    ['load_balancer', 'network_load_balancer', 'gateway_load_balancer'],
    'amazon-elb',
  ],
];

/** `null`: an instance, a task or a pod, or what this does not know. */
export function ownerOfInterface({ description, type, requesterId }: NetworkInterface): InterfaceOwner | null {
  for (const [kind, pattern, types = [], requester] of MARKS) {
    const named = pattern.exec(description);
    const isOfType = type !== undefined && types.includes(type);
    if (named !== null || isOfType || (requester !== undefined && requesterId === requester)) {
      return { kind, name: named?.[1] ?? null };
    }
  }
  return null;
}

/** These may well be meant as targets: a private API behind its endpoint, a load balancer before another one. */
export function mayServeHttp({ kind }: InterfaceOwner): boolean {
  return kind === 'endpoint' || kind === 'load-balancer';
}
