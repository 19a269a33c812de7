import { aSnapshot, instanceMetrics, TG, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, inGroup, partOf, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(671, 880, 0.08);
const withoutTarget = during(partOf(asked, 1, '14:06'), '14:05', '14:06', 420);
const three = fleet(3, 'c5.xlarge', 36);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const entry = (
  ruleNumber: number,
  egress: boolean,
  action: 'allow' | 'deny',
  from: number | null = null,
  to = from,
) => ({
  ...{ ruleNumber, egress, action, cidr: '0.0.0.0/0', protocol: from === null ? '-1' : '6' },
  ...{ fromPort: from, toPort: to },
});
const final = [entry(32767, false, 'deny'), entry(32767, true, 'deny')];
const acl = (id: string, subnetIds: string[], ...entries: ReturnType<typeof entry>[]) => ({
  ...{ id, isDefault: false, subnetIds, entries: [...entries, ...final], tags: {} },
});

export const recipe = elsewhere(
  aSnapshot({
    ...three,
    ...routed(targetGroup()),
    instances: three.instances.map((one) => ({
      ...one,
      state: 'stopped',
      stateReason: stop,
      stateSince: today('14:05', '30'),
    })),
    instanceStatus: [],
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        three.instances.map(({ id }, index) => [
          id,
          {
            CPUUtilization: during(wandering(672 + index, 36, 0.2, 1), '14:06', '14:30', null),
            StatusCheckFailed: step(0, '14:06', null),
          },
        ]),
      ),
    ),
    targetHealth: inGroup(three.targetHealth, TG, {
      ...{ state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' },
    }),
    networkAcls: [
      acl('acl-public', ['subnet-public-a', 'subnet-public-b'], entry(100, false, 'allow'), entry(100, true, 'allow')),
      acl(
        'acl-narrow',
        ['subnet-app-a', 'subnet-app-b'],
        entry(100, false, 'allow'),
        entry(100, true, 'allow', 1024, 5000),
        entry(110, true, 'allow', 443),
      ),
    ],
    changes: [
      changed(['14:05', '29'], 'yuki', 'ec2', 'StopInstances', ['i-1', 'i-2', 'i-3'], {
        ...{ is: 'instances', does: 'stops', instanceIds: ['i-1', 'i-2', 'i-3'] },
      }),
      changed(['14:13', '02'], 'role/network-hardening', 'ec2', 'ReplaceNetworkAclAssociation', [
        'acl-narrow',
        'subnet-app-a',
      ]),
      changed(['14:13', '03'], 'role/network-hardening', 'ec2', 'ReplaceNetworkAclAssociation', [
        'acl-narrow',
        'subnet-app-b',
      ]),
    ],
    ...afternoon(675, {
      [TG]: { asked, failed: { '503': withoutTarget }, seconds: [0.04, 0.3], healthy: step(3, '14:06', 0) },
    }),
  }),
  { name: 'streaming', region: 'ap-northeast-2', account: '420000000008' },
);
