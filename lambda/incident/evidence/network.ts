export interface NetworkInterface {
  readonly id: string;
  readonly description: string;
  readonly subnetId: string | null;
  readonly vpcId: string | null;
  readonly zone: string | null;
  /** All private addresses, IPv4 and IPv6, the primary one first. */
  readonly addresses: readonly string[];
  /** Prefixes delegated to it (EKS prefix delegation), in CIDR notation. */
  readonly prefixes: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** `instanceId` of the instance it is attached to. */
  readonly instanceId: string | null;
  /** AWS's `InterfaceType`: `vpc_endpoint`, `nat_gateway`, …; `interface` is what anybody makes. */
  readonly type?: string;
  /** Whose service made it, e.g. `amazon-rds`. */
  readonly requesterId?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string | null;
  readonly ownerId: string | null;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
  readonly tags: Readonly<Record<string, string>>;
}

/** One permission. Any match of its peers is enough. */
export interface SecurityGroupRule {
  /** `-1` all protocols and ports; `tcp`, `udp`, … or a protocol number. */
  readonly protocol: string;
  /** `null` where the protocol has no ports or the rule admits all. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidrs: readonly string[];
  readonly prefixListIds: readonly string[];
  readonly groups: readonly { readonly groupId: string; readonly ownerId: string | null }[];
}

export interface NetworkAcl {
  readonly id: string;
  readonly isDefault: boolean;
  readonly subnetIds: readonly string[];
  readonly entries: readonly NetworkAclEntry[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NetworkAclEntry {
  /** 32767 (IPv4) and 32768 (IPv6) are the final deny, `*` in the console. */
  readonly ruleNumber: number;
  readonly egress: boolean;
  readonly action: 'allow' | 'deny';
  /** A protocol number as a string; `-1` all. */
  readonly protocol: string;
  /** IPv4 or IPv6; entries of one family never match addresses of the other. */
  readonly cidr: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly zone: string;
  readonly cidr: string;
  readonly ipv6Cidrs: readonly string[];
  readonly availableAddresses: number | null;
  /** The account that has it: in a shared VPC another one, whose interfaces nobody else sees. */
  readonly ownerId?: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** The VPC's main table: it serves every subnet that no table names. */
  readonly isMain: boolean;
  /** Of explicit associations only. */
  readonly subnetIds: readonly string[];
  readonly routes: readonly Route[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface Route {
  /** A CIDR, IPv4 or IPv6, or the id of a prefix list. */
  readonly destination: string;
  readonly target: { readonly kind: RouteTargetKind; readonly id: string };
  /** `blackhole`: what it leads to is gone. */
  readonly state: 'active' | 'blackhole';
  /** CreateRouteTable (the local route), CreateRoute, EnableVgwRoutePropagation, Advertisement. */
  readonly origin: string;
}

/** `gateway`: a virtual private gateway, or an endpoint of a gateway or firewall. */
export type RouteTargetKind =
  | 'local'
  | 'internet-gateway'
  | 'nat'
  | 'peering'
  | 'transit-gateway'
  | 'network-interface'
  | 'gateway'
  | 'other';

export interface PrefixList {
  readonly id: string;
  readonly cidrs: readonly string[];
}
