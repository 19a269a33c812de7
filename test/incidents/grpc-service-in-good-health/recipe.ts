import { aRuleTo, aSnapshot, groupArn, ingress, LB, securityGroup, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, noInstances, onFargate, routed } from '../../support/afternoon.ts';
import { elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('telemetry-grpc');
const asked = wandering(821, 3300, 0.05);
const ADDRESSES = ['10.0.10.17', '10.0.11.18'];
const tasks = onFargate('telemetry', GROUP, ADDRESSES, { port: 50051, interfaces: { securityGroupIds: ['sg-grpc'] } });

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...tasks,
    listeners: [
      { arn: `${LB}/listener-80`, port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
    ],
    ...routed(
      targetGroup('telemetry-grpc', {
        ...{ targetType: 'ip', protocolVersion: 'GRPC', port: 50051 },
        healthCheck: { ...targetGroup().healthCheck, path: '/grpc.health.v1.Health/Check', matcher: '0' },
      }),
    ),
    listenerRules: aRuleTo(GROUP),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 443, 443, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-grpc', [ingress('tcp', 50051, 50051, { group: 'sg-alb' })]),
    ],
    ...afternoon(
      822,
      { [GROUP]: { asked, seconds: [0.008, 0.06], healthy: 2 } },
      { HTTPCode_ELB_4XX_Count: inMinutes({ '12:08': 3, '13:02': 4, '13:58': 2, '14:20': 3 }) },
    ),
  }),
  { name: 'telemetry', region: 'us-west-2', account: '430000000003' },
);
