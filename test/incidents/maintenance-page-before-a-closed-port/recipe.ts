import {
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  LB,
  ruleChange,
  securityGroup,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { addressTarget, fleet, nodeInterface } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('k8s-chat-web');
const PODS = ['10.0.10.61', '10.0.11.62'];
const asked = wandering(701, 1340, 0.07);
const onPurpose = during(partOf(asked, 1, '13:48'), '13:47', '13:48', 720);
const counted = onPurpose.map((value) => value || null);
const nodes = fleet(2, 'm6i.large', during(wandering(702, 39, 0.2, 1), '13:48', '14:30', 7.2));

export const recipe = elsewhere(
  aSnapshot({
    ...nodes,
    ...routed(targetGroup('k8s-chat-web', { targetType: 'ip' })),
    tags: {
      [LB]: {},
      [GROUP]: {
        'elbv2.k8s.aws/cluster': 'prod',
        'ingress.k8s.aws/stack': 'chat/web',
        'ingress.k8s.aws/resource': 'chat/web:8080',
      },
    },
    listenerRules: [pathRule(1, '/*', { type: 'fixed-response', statusCode: '503' }), ...aRuleTo(GROUP)],
    targetHealth: PODS.map((address) =>
      addressTarget(address, {
        targetGroup: GROUP,
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'Request timed out',
      }),
    ),
    targetInterfaces: [nodeInterface('i-1', '10.0.10.61'), nodeInterface('i-2', '10.0.11.62')],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('-1', null, null, { group: 'sg-app' })]),
    ],
    changes: [
      changed(
        ['13:47', '25'],
        'role/deploy (edge-19)',
        'elasticloadbalancing',
        'CreateRule',
        [`${LB}/rule-1`, `${LB}/listener-80`],
        {
          ...{ is: 'routing', of: `${LB}/listener-80`, to: [] },
        },
      ),
      ruleChange('revokes', 'sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
        ...{ at: today('14:15', '12'), who: 'role/deploy (nodes-4)', by: 'role' },
      }),
    ],
    ...afternoon(
      703,
      {
        [GROUP]: {
          asked: during(during(asked, '13:48', '14:30', null), '13:47', '13:48', 610),
          seconds: [0.04, 0.4],
          healthy: step(2, '14:16', 0),
          unhealthy: step(0, '14:16', 2),
        },
      },
      {
        HTTPCode_ELB_503_Count: counted,
        HTTPCode_ELB_5XX_Count: counted,
        HTTP_Fixed_Response_Count: counted,
      },
    ),
  }),
  { name: 'k8s-chat-web-90fe', region: 'us-east-2', account: '420000000011' },
);
