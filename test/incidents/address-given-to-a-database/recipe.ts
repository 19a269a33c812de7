import {
  always,
  aSnapshot,
  between,
  groupMetrics,
  ingress,
  lately,
  metrics,
  securityGroup,
  TG,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';

export const recipe = aSnapshot({
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [unhealthy('10.0.10.42', 'Target.Timeout', { zone: 'us-east-1a' })],
  securityGroups: [
    securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
    securityGroup('sg-db', [ingress('tcp', 5432, 5432, { group: 'sg-app' })]),
  ],
  targetInterfaces: [
    {
      id: 'eni-rds',
      description: 'RDSNetworkInterface',
      subnetId: 'subnet-app-a',
      vpcId: 'vpc-1',
      zone: 'us-east-1a',
      addresses: ['10.0.10.42'],
      prefixes: [],
      securityGroupIds: ['sg-db'],
      instanceId: null,
      type: 'interface',
      requesterId: 'amazon-rds',
      tags: {},
    },
  ],
  loadBalancerMetrics: metrics({
    HTTPCode_Target_2XX_Count: between(180, 14, 120),
    HTTPCode_ELB_5XX_Count: lately(14, 120),
    HTTPCode_ELB_504_Count: lately(14, 120),
    TargetConnectionErrorCount: lately(14, 120),
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': [...always(1).slice(13), ...Array<number>(13).fill(0)],
      'UnHealthyHostCount.max': [...always(0).slice(13), ...Array<number>(13).fill(1)],
    },
  }),
});
