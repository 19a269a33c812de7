import type { NetworkAclEntry } from '../../../lambda/incident/evidence.ts';
import {
  aclChange,
  always,
  aSnapshot,
  between,
  groupMetrics,
  lately,
  metrics,
  TG,
  unhealthy,
} from '../../support/a-snapshot.ts';

/** Meant for 10.0.1.77; the nodes of the load balancer are at 10.0.0.10 and 10.0.1.10. */
const blocked: Partial<NetworkAclEntry> = { cidr: '10.0.0.0/23', fromPort: 0, toPort: 65535 };
const entry = (ruleNumber: number, ill: Partial<NetworkAclEntry> = {}): NetworkAclEntry => ({
  ...{ ruleNumber, egress: false, action: 'deny', protocol: '-1', cidr: '0.0.0.0/0', fromPort: null, toPort: null },
  ...ill,
});

export const recipe = aSnapshot({
  networkAcls: [
    {
      id: 'acl-default',
      isDefault: true,
      subnetIds: ['subnet-public-a', 'subnet-public-b', 'subnet-app-a', 'subnet-app-b'],
      entries: [
        entry(50, { ...blocked, protocol: '6' }),
        entry(100, { action: 'allow' }),
        entry(32767),
        entry(100, { action: 'allow', egress: true }),
        entry(32767, { egress: true }),
      ],
      tags: {},
    },
  ],
  changes: [aclChange('creates', 50, blocked, { event: 'CreateNetworkAclEntry' })],
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  loadBalancerMetrics: metrics({
    HTTPCode_Target_2XX_Count: between(180, 9, 120),
    HTTPCode_ELB_5XX_Count: lately(9, 120),
    HTTPCode_ELB_504_Count: lately(9, 120),
    TargetConnectionErrorCount: lately(9, 120),
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': [...always(2).slice(8), ...Array<number>(8).fill(0)],
      'UnHealthyHostCount.max': [...always(0).slice(8), ...Array<number>(8).fill(2)],
    },
  }),
});
