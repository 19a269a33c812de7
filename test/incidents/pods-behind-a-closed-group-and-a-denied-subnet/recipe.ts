import {
  aclChange,
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  LB,
  ruleChange,
  securityGroup,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, partOf, routed, step } from '../../support/afternoon.ts';
import { addressTarget, fleet, nodeInterface } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('k8s-wiki-web');
const PODS = ['10.0.10.91', '10.0.11.92', '10.0.10.93'];
const asked = wandering(541, 430, 0.1);
const silent = during(partOf(asked, 1, '14:03'), '14:02', '14:03', 150);
const entry = (ruleNumber: number, egress: boolean, action: 'allow' | 'deny', port: number | null = null) => ({
  ...{ ruleNumber, egress, action, cidr: '0.0.0.0/0', protocol: port === null ? '-1' : '6' },
  ...{ fromPort: port, toPort: port },
});
const usual = [false, true].flatMap((egress) => [entry(100, egress, 'allow'), entry(32767, egress, 'deny')]);
const denial = entry(50, false, 'deny', 8080);
const acl = (id: string, subnetIds: string[], entries: ReturnType<typeof entry>[]) => ({
  id,
  isDefault: false,
  subnetIds,
  entries,
  tags: {},
});
const nodes = fleet(2, 'm6i.xlarge', 27);

export const recipe = elsewhere(
  aSnapshot({
    ...nodes,
    ...routed(targetGroup('k8s-wiki-web', { targetType: 'ip' })),
    tags: {
      [LB]: {},
      [GROUP]: {
        'elbv2.k8s.aws/cluster': 'prod',
        'ingress.k8s.aws/stack': 'wiki/web',
        'ingress.k8s.aws/resource': 'wiki/web:8080',
      },
    },
    listenerRules: aRuleTo(GROUP),
    targetHealth: PODS.map((address) =>
      addressTarget(address, {
        ...{ targetGroup: GROUP, state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' },
      }),
    ),
    targetInterfaces: [nodeInterface('i-1', '10.0.10.91', '10.0.10.93'), nodeInterface('i-2', '10.0.11.92')],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('-1', null, null, { group: 'sg-app' })]),
    ],
    networkAcls: [
      acl('acl-public', ['subnet-public-a', 'subnet-public-b'], usual),
      acl('acl-nodes', ['subnet-app-a', 'subnet-app-b'], [denial, ...usual]),
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
        ...{ at: today('14:02', '15'), who: 'role/hardening (sprint-12)', by: 'role' },
      }),
      aclChange('creates', 50, denial, {
        ...{ at: today('14:03', '09'), who: 'role/hardening (sprint-12)', by: 'role', resources: ['acl-nodes'] },
        event: 'CreateNetworkAclEntry',
        details: {
          is: 'network-acl-entry',
          does: 'creates',
          aclId: 'acl-nodes',
          ruleNumber: 50,
          egress: false,
          entry: denial,
        },
        what: 'created inbound rule 50 of acl-nodes: deny tcp 8080 from 0.0.0.0/0',
      }),
    ],
    ...afternoon(542, {
      [GROUP]: {
        asked,
        failed: { '504': silent },
        refused: silent,
        seconds: [0.05, 0.4],
        healthy: step(3, '14:03', 0),
        unhealthy: step(0, '14:03', 3),
      },
    }),
  }),
  { name: 'k8s-wiki-web-31c0', region: 'eu-central-2', account: '410000000015' },
);
