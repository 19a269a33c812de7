import {
  aRuleTo,
  aSnapshot,
  groupArn,
  instance,
  instanceMetrics,
  LB,
  target,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, partOf, routed, step } from '../../support/afternoon.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('claims');
const asked = wandering(691, 260, 0.12);
const withoutTarget = during(partOf(asked, 1, '14:03'), '14:02', '14:03', 88);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const inC = ['i-3', 'i-4'].map((id, index) => {
  const address = `10.0.12.${35 + index}`;
  const place = { zone: 'us-east-1c', subnetId: 'subnet-app-c' };
  const [face] = instance(id).interfaces;
  return instance(id, {
    ...{
      type: 'r5.large',
      ...place,
      primaryAddress: address,
      state: 'stopped',
      stateReason: stop,
      stateSince: today('14:02', '16'),
    },
    interfaces: face === undefined ? [] : [{ ...face, ...place, addresses: [address] }],
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
    instanceStatus: [],
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        inC.map(({ id }, index) => [
          id,
          {
            CPUUtilization: during(wandering(692 + index, 19, 0.3, 1), '14:03', '14:30', null),
            StatusCheckFailed: step(0, '14:03', null),
          },
        ]),
      ),
    ),
    subnets: subnets.map(([id, zone, cidr]) => ({
      id,
      vpcId: 'vpc-1',
      zone,
      cidr,
      ipv6Cidrs: [],
      availableAddresses: 160,
    })),
    ...routed(targetGroup('claims')),
    listenerRules: aRuleTo(GROUP),
    targetHealth: inC.map(({ id }) =>
      target(id, {
        ...{ targetGroup: GROUP, zone: 'us-east-1c', state: 'unused', reason: 'Target.InvalidState' },
        description: 'Target is in the stopped state',
      }),
    ),
    changes: [
      changed(['14:02', '15'], 'bernd', 'ec2', 'StopInstances', ['i-3', 'i-4'], {
        ...{ is: 'instances', does: 'stops', instanceIds: ['i-3', 'i-4'] },
      }),
      changed(['14:09', '37'], 'role/cloudformation (edge-stack)', 'elasticloadbalancing', 'SetSubnets', [LB]),
    ],
    ...afternoon(694, {
      [GROUP]: { asked, failed: { '503': withoutTarget }, seconds: [0.1, 0.8], healthy: step(2, '14:03', 0) },
    }),
  }),
  { name: 'claims', region: 'eu-central-1', account: '420000000010' },
);
