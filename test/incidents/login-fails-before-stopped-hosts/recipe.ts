import {
  aRuleTo,
  aSnapshot,
  ingress,
  instanceMetrics,
  ruleChange,
  securityGroup,
  TG,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, inGroup, partOf, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(681, 92, 0.25);
const unauthenticated = during(
  partOf(asked, 1, '13:39'),
  '13:33',
  '13:39',
  (_, minute) => [21, 40, 52, 66, 71, 84][minute] ?? 0,
);
const login = { type: 'other' as const, name: 'authenticate-oidc', hosts: ['sso.example.com'] };
const egress = ingress('tcp', 8080, 8080, { cidr: '10.0.0.0/16' });
const two = fleet(2, 't3.large', 12);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const baseline = { who: 'role/egress-baseline', by: 'role', way: 'egress' } as const;

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup()),
    listenerRules: aRuleTo(TG).map((rule) => ({ ...rule, actions: [login, ...rule.actions] })),
    instances: two.instances.map((one) => ({
      ...one,
      state: 'stopped',
      stateReason: stop,
      stateSince: today('14:10', '08'),
    })),
    instanceStatus: [],
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        two.instances.map(({ id }, index) => [
          id,
          {
            CPUUtilization: during(wandering(682 + index, 12, 0.3, 1), '14:11', '14:30', null),
            StatusCheckFailed: step(0, '14:11', null),
          },
        ]),
      ),
    ),
    targetHealth: inGroup(two.targetHealth, TG, {
      ...{ state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' },
    }),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })], [egress]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
    ],
    changes: [
      ruleChange('admits', 'sg-alb', [egress], { at: today('13:32', '50'), ...baseline }),
      ruleChange('revokes', 'sg-alb', [ingress('-1', null, null, { cidr: '0.0.0.0/0' })], {
        at: today('13:32', '52'),
        ...baseline,
      }),
      changed(['14:10', '07'], 'role/nightly-savings', 'ec2', 'StopInstances', ['i-1', 'i-2'], {
        ...{ is: 'instances', does: 'stops', instanceIds: ['i-1', 'i-2'] },
      }),
    ],
    ...afternoon(
      684,
      { [TG]: { asked, failed: { '500': unauthenticated }, seconds: [0.1, 0.9], healthy: step(2, '14:11', 0) } },
      { ELBAuthError: unauthenticated.map((value) => value || null) },
    ),
  }),
  { name: 'backoffice', region: 'eu-west-3', account: '420000000009' },
);
