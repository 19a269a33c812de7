import type { RouteTable as Described, Route as DescribedRoute } from '@aws-sdk/client-ec2';
import type { Route, RouteTable, RouteTargetKind } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { filtersOf } from '../filters.ts';
import { keptTags } from '../key-values.ts';
import { describeRouteTables } from '../services/ec2.ts';

export const routeTables = defineCollector({
  key: 'routeTables',
  after: ['loadBalancer'],
  actions: [describeRouteTables.action],
  async collect(_question, { loadBalancer }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the VPC of the load balancer');
    const { vpcId } = loadBalancer.value;
    const { action } = describeRouteTables;
    const read = await aws.pages(
      describeRouteTables,
      { Filters: filtersOf({ 'vpc-id': [vpcId] }), MaxResults: 100 },
      (answer) => answer.RouteTables,
    );
    // A VPC always has a main table: none means that this account may not see them, as in a shared VPC.
    const { items, gaps } = withGapForMissing([vpcId], read, ({ VpcId = '' }) => [VpcId], action, 'route table');
    return seen(items.map(routeTableOf), gaps);
  },
});

function routeTableOf(table: Described): RouteTable {
  const { Associations = [], Routes = [] } = table;
  const inForce = Associations.filter(({ AssociationState }) => (AssociationState?.State ?? 'associated') !== 'failed');
  return {
    id: table.RouteTableId ?? '',
    vpcId: table.VpcId ?? '',
    isMain: inForce.some(({ Main }) => Main === true),
    subnetIds: inForce.flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: Routes.filter(({ State }) => State !== 'filtered').flatMap(routeOf),
    tags: keptTags(table.Tags),
  };
}

function routeOf(route: DescribedRoute): readonly Route[] {
  const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId;
  if (destination === undefined) return [];
  const state = route.State === 'blackhole' ? 'blackhole' : 'active';
  return [{ destination, target: targetOf(route), state, origin: route.Origin ?? '' }];
}

/** AWS has a field for each kind of target, and puts several kinds of gateway into one of them. */
function targetOf(route: DescribedRoute): Route['target'] {
  const by: readonly (readonly [RouteTargetKind, string | undefined])[] = [
    ['nat', route.NatGatewayId],
    ['transit-gateway', route.TransitGatewayId],
    ['peering', route.VpcPeeringConnectionId],
    ['internet-gateway', route.EgressOnlyInternetGatewayId],
    ['network-interface', route.NetworkInterfaceId],
    ['network-interface', route.InstanceId],
    ['other', route.LocalGatewayId ?? route.CarrierGatewayId ?? route.CoreNetworkArn],
    [gatewayKind(route.GatewayId ?? ''), route.GatewayId],
  ];
  for (const [kind, id] of by) if (id !== undefined) return { kind, id };
  return { kind: 'other', id: '' };
}

function gatewayKind(id: string): RouteTargetKind {
  if (id === 'local') return 'local';
  return id.startsWith('igw-') ? 'internet-gateway' : 'gateway';
}
