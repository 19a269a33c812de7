import { aSnapshot, between, change, metrics, routeTable } from '../../support/a-snapshot.ts';

export const recipe = aSnapshot({
  routeTables: [
    routeTable('rtb-public', ['subnet-public-a', 'subnet-public-b']),
    // Of a subnet that is none of the load balancer's.
    routeTable(
      'rtb-bastion',
      ['subnet-bastion'],
      [
        {
          destination: '0.0.0.0/0',
          target: { kind: 'internet-gateway', id: 'igw-1' },
          state: 'active',
          origin: 'CreateRoute',
        },
      ],
    ),
    routeTable('rtb-main', []),
  ],
  changes: [
    change(
      { is: 'route', does: 'deletes', tableId: 'rtb-public', destination: '0.0.0.0/0' },
      { event: 'DeleteRoute', at: '2026-03-10T14:07:40Z', resources: ['rtb-public'] },
    ),
  ],
  loadBalancerMetrics: metrics({
    RequestCount: between(180, 22, 120),
    HTTPCode_Target_2XX_Count: between(180, 22, 120),
  }),
});
