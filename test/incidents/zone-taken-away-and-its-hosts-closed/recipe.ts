import {
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  instance,
  instanceMetrics,
  LB,
  securityGroup,
  status,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, partOf, routed, step } from '../../support/afternoon.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('booking');
const asked = wandering(641, 330, 0.12);
const withoutZone = during(partOf(asked, 1, '14:00'), '13:59', '14:00', 140);
const inC = ['i-5', 'i-6'].map((id, index) => {
  const address = `10.0.12.${25 + index}`;
  const place = { zone: 'us-east-1c', subnetId: 'subnet-app-c' };
  const [face] = instance(id).interfaces;
  return instance(id, {
    ...{ type: 'm6g.large', ...place, primaryAddress: address, primarySecurityGroupIds: ['sg-office'] },
    interfaces:
      face === undefined ? [] : [{ ...face, ...place, addresses: [address], securityGroupIds: ['sg-office'] }],
  });
});
const subnets = [
  ['subnet-public-a', 'us-east-1a', '10.0.0.0/24'],
  ['subnet-public-b', 'us-east-1b', '10.0.1.0/24'],
  ['subnet-app-c', 'us-east-1c', '10.0.12.0/24'],
] as const;

export const recipe = elsewhere(
  aSnapshot({
    instances: inC,
    instanceStatus: inC.map(({ id }) => status(id)),
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        inC.map(({ id }, index) => [
          id,
          { CPUUtilization: wandering(642 + index, 17, 0.3, 1), StatusCheckFailed: step(0, '14:30', 0) },
        ]),
      ),
    ),
    subnets: subnets.map(([id, zone, cidr]) => ({
      id,
      vpcId: 'vpc-1',
      zone,
      cidr,
      ipv6Cidrs: [],
      availableAddresses: 180,
    })),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-office', [ingress('tcp', 8080, 8080, { cidr: '192.0.2.0/24' })]),
    ],
    ...routed(targetGroup('booking')),
    listenerRules: aRuleTo(GROUP),
    targetHealth: inC.map(({ id }) =>
      target(id, {
        ...{ targetGroup: GROUP, zone: 'us-east-1c', state: 'unused', reason: 'Target.NotInUse' },
        description: 'Target is in an Availability Zone that is not enabled for the load balancer',
      }),
    ),
    changes: [
      changed(['13:59', '24'], 'role/network-stack', 'elasticloadbalancing', 'SetSubnets', [LB]),
      ...['i-5', 'i-6'].map((id, index) =>
        changed(['14:05', `1${index}`], 'andreas', 'ec2', 'ModifyInstanceAttribute', [id], {
          ...{ is: 'security-groups', of: id, groupIds: ['sg-office'] },
        }),
      ),
    ],
    ...afternoon(644, {
      [GROUP]: { asked, failed: { '503': withoutZone }, seconds: [0.08, 0.7], healthy: step(2, '14:00', 0) },
    }),
  }),
  { name: 'hotel', region: 'ca-west-1', account: '420000000005' },
);
