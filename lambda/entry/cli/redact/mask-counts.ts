import { inTable } from '../../../incident/in-table.ts';

/** What a word that is masked names. */
export type MaskKind =
  | 'account id'
  | 'address'
  | 'host name'
  | 'e-mail address'
  | 'id'
  | 'load balancer'
  | 'target group'
  | 'cluster'
  | 'service'
  | 'container'
  | 'function'
  | 'Auto Scaling group'
  | 'security group name'
  | 'alarm'
  | 'web ACL'
  | 'caller'
  | 'tag value'
  | 'name'
  | 'text';

/** How many words of a kind were masked, by what each is in words of its owner: `subnet id`, `tag value`. */
export type MaskCounts = ReadonlyMap<string, number>;

const OF_PREFIX: Readonly<Record<string, string>> = {
  i: 'instance id',
  sg: 'security group id',
  sgr: 'security group rule id',
  subnet: 'subnet id',
  vpc: 'VPC id',
  eni: 'network interface id',
  acl: 'network ACL id',
  rtb: 'route table id',
  igw: 'internet gateway id',
  eigw: 'egress-only internet gateway id',
  nat: 'NAT gateway id',
  pcx: 'VPC peering connection id',
  tgw: 'transit gateway id',
  'tgw-attach': 'transit gateway attachment id',
  'tgw-rtb': 'transit gateway route table id',
  vgw: 'virtual private gateway id',
  vpce: 'VPC endpoint id',
  pl: 'prefix list id',
  lt: 'launch template id',
  ami: 'AMI id',
  vol: 'volume id',
  snap: 'snapshot id',
  asc: 'application status check id',
  fs: 'file system id',
  eipalloc: 'Elastic IP address id',
  eipassoc: 'Elastic IP address id',
};

const OF_KIND: Partial<Record<MaskKind, string>> = {
  address: 'IP address or CIDR block',
  cluster: 'cluster name',
  service: 'service name',
  container: 'container name',
  function: 'function name',
  'load balancer': 'load balancer name',
  'target group': 'target group name',
  'Auto Scaling group': 'Auto Scaling group name',
  alarm: 'alarm name',
  'web ACL': 'web ACL name',
  caller: 'user or role name',
  id: 'other id',
  name: 'other name',
  text: 'free text',
};

/** `where`: what it is by the place where it stood, which an id without a prefix does not say of itself. */
export function spokenKind(kind: MaskKind, prefix: string | undefined, where: string | undefined): string {
  const own = kind === 'id' && prefix !== undefined ? inTable(OF_PREFIX, prefix) : undefined;
  if (own !== undefined) return own;
  const isSaidByPlace = kind === 'id' || kind === 'text';
  return (isSaidByPlace ? where : undefined) ?? OF_KIND[kind] ?? kind;
}

/** `1 account id, 2 IP addresses or CIDR blocks`; `nothing` */
export function countsSaid(counts: MaskCounts): string {
  const said = [...counts].map(
    ([kind, count]) => `${count} ${count === 1 ? kind : (inTable(PLURALS, kind) ?? `${kind}s`)}`,
  );
  return said.length === 0 ? 'nothing' : said.join(', ');
}

const PLURALS: Readonly<Record<string, string>> = {
  'IP address or CIDR block': 'IP addresses or CIDR blocks',
  'e-mail address': 'e-mail addresses',
  'fixed-response body': 'fixed-response bodies',
};
