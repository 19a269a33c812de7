import type { LoadBalancer, RouteTable, Subnet } from '../incident/evidence.ts';
import { andList, code, resource, text } from '../incident/text.ts';
import { type CutOffSubnet, isToInternetGateway, publicSubnetsIn } from '../semantics/network/internet-ingress.ts';
import { showLoadBalancer } from './load-balancer.ts';
import { managerOf, type Tags } from './owner.ts';
import { aws, fix, inSteps, look, type Remedy } from './remedy.ts';

const EVERYWHERE = '0.0.0.0/0';

interface Around {
  readonly loadBalancer: LoadBalancer;
  readonly routeTables: readonly RouteTable[];
  readonly subnets: readonly Subnet[];
  /** Of the load balancer. */
  readonly tags: Tags;
}

/**
 * A table without a default route lost it, or never had one: it gets one. One that leads elsewhere serves private subnets,
 * whose hosts would be cut off: the load balancer moves.
 */
export function wayToInternet(cut: readonly CutOffSubnet[], around: Around): readonly Remedy[] {
  const { loadBalancer, routeTables } = around;
  const gateways = new Set(
    routeTables.flatMap(({ vpcId, routes }) =>
      vpcId === loadBalancer.vpcId ? routes.filter(isToInternetGateway).map(({ target }) => target.id) : [],
    ),
  );
  const [gateway] = gateways;
  const tables = [...new Map(cut.map(({ table, instead }) => [table.id, { table, instead }])).values()];
  if (gateway !== undefined && gateways.size === 1 && tables.every(({ instead }) => instead === null)) {
    return inSteps(tables.map(({ table }) => defaultRoute(table, gateway)));
  }
  return [moved(cut, around), seeRoutes(loadBalancer)];
}

function defaultRoute({ id: routeTableId, tags }: RouteTable, gatewayId: string): Remedy {
  const own = { routeTableId, destinationCidrBlock: EVERYWHERE };
  return fix(text`add a route for ${resource(EVERYWHERE)} to ${resource(gatewayId)} in ${resource(routeTableId)}`, {
    run: aws('ec2', 'create-route', { ...own, gatewayId }),
    undo: aws('ec2', 'delete-route', own),
    verify: aws('ec2', 'describe-route-tables', { routeTableIds: routeTableId }),
    managedBy: managerOf(tags),
  });
}

function moved(cut: readonly CutOffSubnet[], { loadBalancer, routeTables, subnets, tags }: Around): Remedy {
  const { arn: loadBalancerArn, zones, vpcId } = loadBalancer;
  const own = zones.map(({ subnetId }) => subnetId);
  const set = (ids: readonly string[]) => aws('elbv2', 'set-subnets', { loadBalancerArn, subnets: ids });
  const around = { verify: showLoadBalancer(loadBalancerArn), managedBy: managerOf(tags) };
  const there = subnets.filter((one) => one.vpcId === vpcId);
  const found = publicSubnetsIn(
    cut.map(({ zone }) => zone),
    there,
    routeTables,
  );
  if (found === null) {
    return fix(
      text`move the load balancer to subnets with a route to an internet gateway (${code('aws elbv2 set-subnets')}), or give ${andList(cut.map(({ subnetId }) => resource(subnetId)))} such a route`,
      around,
    );
  }
  const left = own.filter((id) => !cut.some(({ subnetId }) => subnetId === id));
  const does = text`move the load balancer to ${andList(found.map(resource))}, subnets of the same zones with a route to the internet gateway`;
  return fix(does, { ...around, run: set([...left, ...found]), undo: set(own) });
}

function seeRoutes({ vpcId }: LoadBalancer): Remedy {
  const run = aws('ec2', 'describe-route-tables', { filters: { Name: 'vpc-id', Values: vpcId } });
  return look(text`see which subnets of ${resource(vpcId)} have a route to an internet gateway`, run);
}
