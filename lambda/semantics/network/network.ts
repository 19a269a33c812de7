import type {
  LoadBalancer,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  Subnet,
} from '../../incident/evidence.ts';

/** What was seen of the network; `undefined` for what was not. */
export interface Network {
  readonly loadBalancer: LoadBalancer;
  readonly loadBalancerInterfaces?: readonly NetworkInterface[] | undefined;
  readonly securityGroups?: readonly SecurityGroup[] | undefined;
  readonly networkAcls?: readonly NetworkAcl[] | undefined;
  readonly subnets?: readonly Subnet[] | undefined;
  readonly routeTables?: readonly RouteTable[] | undefined;
  readonly prefixLists?: readonly PrefixList[] | undefined;
}
