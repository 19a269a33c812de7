import type { RouteTable, Subnet } from '../../incident/evidence.ts';

/** The table of a subnet: the one that names it, else the main table of its VPC, which names nobody. */
export function routeTableOf(
  subnet: Pick<Subnet, 'id' | 'vpcId'>,
  routeTables: readonly RouteTable[],
): RouteTable | undefined {
  return (
    routeTables.find((table) => table.subnetIds.includes(subnet.id)) ??
    routeTables.find((table) => table.isMain && table.vpcId === subnet.vpcId)
  );
}
