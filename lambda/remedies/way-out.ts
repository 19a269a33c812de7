import type { RouteTable } from '../incident/evidence.ts';
import { andList, code, resource, text } from '../incident/text.ts';
import { ANYWHERE, type MissingWayOut, natGatewayBeside } from '../semantics/network/internet-egress.ts';
import { managerOf } from './owner.ts';
import { aws, fix, type Remedy } from './remedy.ts';

/** Gives subnets a way to the internet: by the NAT gateway that its neighbours use, where there is one. */
export function giveWayOut({ table, subnetIds, blackhole }: MissingWayOut, routeTables: readonly RouteTable[]): Remedy {
  const natGatewayId = natGatewayBeside(table, routeTables);
  const managedBy = managerOf(table.tags);
  const whose = text`${andList(subnetIds.map(resource))} a way out: in ${resource(table.id)} a route ${code(ANYWHERE)}`;
  if (natGatewayId === undefined) {
    return fix(text`give ${whose} to a NAT gateway (or endpoints for all that its hosts load as they start)`, {
      managedBy,
    });
  }
  const own = { routeTableId: table.id, destinationCidrBlock: ANYWHERE };
  const isNew = blackhole?.destination !== ANYWHERE;
  return fix(text`give ${whose} to ${resource(natGatewayId)}, as other subnets of the VPC have it`, {
    run: aws('ec2', isNew ? 'create-route' : 'replace-route', { ...own, natGatewayId }),
    // What a blackhole led to is gone: there is no way back to it.
    undo: isNew ? aws('ec2', 'delete-route', own) : null,
    verify: aws('ec2', 'describe-route-tables', { routeTableIds: table.id }),
    managedBy,
  });
}
