import { aRuleTo, aSnapshot, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, inGroup, partOf, routed } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const CHECKOUT = groupArn('checkout');
const asked = wandering(521, 5400, 0.05);
const broken = partOf(asked, 0.45, '13:43');
const rejected = during(partOf(asked, 0.07, '14:18'), '14:17', '14:18', 120);
const six = fleet(6, 'c6i.xlarge', 52);

export const recipe = elsewhere(
  aSnapshot({
    ...six,
    ...routed(targetGroup('checkout')),
    listenerRules: aRuleTo(CHECKOUT),
    loadBalancer: {
      arn: LB,
      name: 'web',
      dnsName: 'web-1234567890.us-east-1.elb.amazonaws.com',
      scheme: 'internet-facing',
      ipAddressType: 'ipv4',
      vpcId: 'vpc-1',
      state: { code: 'active_impaired', reason: 'The load balancer does not have the resources it needs to scale.' },
      securityGroupIds: ['sg-alb'],
      zones: [
        { zone: 'us-east-1a', subnetId: 'subnet-public-a' },
        { zone: 'us-east-1b', subnetId: 'subnet-public-b' },
      ],
      createdAt: '2026-02-08T14:30:00Z',
    },
    targetHealth: inGroup(six.targetHealth, CHECKOUT),
    ...afternoon(
      522,
      {
        [CHECKOUT]: {
          asked,
          failed: { '503': rejected },
          target: { '5XX': broken, '4XX': wandering(523, 140, 0.3) },
          seconds: [0.08, 0.7],
          healthy: 6,
        },
      },
      {
        RejectedConnectionCount: rejected.map((value) => (value ? value * 2 : null)),
        CapacityUtilization: during(wandering(524, 46, 0.1, 1), '14:17', '14:30', 100),
        ActiveConnectionCount: wandering(525, 21000, 0.06),
        NewConnectionCount: wandering(526, 3300, 0.08),
      },
    ),
  }),
  { name: 'sneakers', region: 'ap-northeast-1', account: '410000000013' },
);
