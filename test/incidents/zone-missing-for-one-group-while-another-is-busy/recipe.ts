import { aRuleTo, aSnapshot, groupArn, instance, LB, status, target, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, forwardTo, inGroup, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const SEARCH = groupArn('search');
const MAPS = groupArn('maps');
const search = wandering(501, 640, 0.1);
const late = during(partOf(search, 0.21, '14:07'), '14:06', '14:07', 48);
const maps = wandering(502, 190, 0.15);
const withoutZone = during(partOf(maps, 1, '13:46'), '13:45', '13:46', 120);
const three = fleet(
  3,
  'c6g.large',
  during(wandering(503, 48, 0.15, 1), '14:03', '14:30', (_, minute) => 98.4 + ((minute * 3) % 5) / 4),
);
const inC = ['i-8', 'i-9'].map((id, index) =>
  instance(id, {
    ...{ type: 'c6g.large', zone: 'us-east-1c', subnetId: 'subnet-app-c', primaryAddress: `10.0.12.${18 + index}` },
    interfaces: [],
  }),
);
const subnets = [
  ['subnet-public-a', 'us-east-1a', '10.0.0.0/24'],
  ['subnet-public-b', 'us-east-1b', '10.0.1.0/24'],
  ['subnet-app-a', 'us-east-1a', '10.0.10.0/24'],
  ['subnet-app-b', 'us-east-1b', '10.0.11.0/24'],
  ['subnet-app-c', 'us-east-1c', '10.0.12.0/24'],
] as const;

export const recipe = elsewhere(
  aSnapshot({
    ...three,
    instances: [...three.instances, ...inC],
    instanceStatus: [...three.instanceStatus, status('i-8'), status('i-9')],
    subnets: subnets.map(([id, zone, cidr]) => ({
      id,
      vpcId: 'vpc-1',
      zone,
      cidr,
      ipv6Cidrs: [],
      availableAddresses: 201,
    })),
    ...routed(targetGroup('search'), targetGroup('maps')),
    listenerRules: [...aRuleTo(SEARCH), pathRule(8, '/maps/*', forwardTo(MAPS))],
    targetHealth: [
      ...inGroup(three.targetHealth, SEARCH),
      ...['i-8', 'i-9'].map((id) =>
        target(id, {
          ...{ targetGroup: MAPS, zone: 'us-east-1c', state: 'unused', reason: 'Target.NotInUse' },
          description: 'Target is in an Availability Zone that is not enabled for the load balancer',
        }),
      ),
    ],
    changes: [changed(['13:45', '17'], 'role/network-stack', 'elasticloadbalancing', 'SetSubnets', [LB])],
    ...afternoon(504, {
      [SEARCH]: {
        asked: search,
        failed: { '504': late },
        seconds: [0.3, during(wandering(505, 1.5, 0.3, 2), '14:04', '14:30', (_, minute) => 39 + ((minute * 11) % 19))],
        healthy: 3,
      },
      [MAPS]: {
        asked: maps,
        failed: { '503': withoutZone },
        seconds: [0.1, 0.7],
        healthy: step(2, '13:46', 0),
      },
    }),
  }),
  { name: 'realestate', region: 'us-west-1', account: '410000000011' },
);
