import type { Values } from '../../../lambda/incident/evidence.ts';
import { aRuleTo, aSnapshot, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, forwardTo, inGroup, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { aFunction, FUNCTION, lambdaMetrics, lambdaTarget } from '../../support/lambda.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const API = groupArn('api-tls');
const HOOKS = groupArn('hooks');
const api = wandering(451, 705, 0.07);
const failed = during(partOf(api, 1, '13:56'), '13:55', '13:56', 320);
const hooks = wandering(452, 130, 0.2);
const notInvoked = during(partOf(hooks, 1, '14:17'), '14:16', '14:17', 52);
const three = fleet(3, 'm5.large', during(wandering(453, 26, 0.2, 1), '13:55', '14:30', 6.5));
const before = (values: Values) => during(values, '11:30', '13:55', null);

export const recipe = elsewhere(
  aSnapshot({
    ...three,
    ...routed(
      targetGroup('api-tls', {
        protocol: 'HTTPS',
        healthCheck: { ...targetGroup().healthCheck, protocol: 'HTTPS' },
      }),
      targetGroup('hooks', { targetType: 'lambda', protocol: null, protocolVersion: null, port: null }),
    ),
    listenerRules: [...aRuleTo(API), pathRule(3, '/hooks/*', forwardTo(HOOKS))],
    targetHealth: [
      ...inGroup(three.targetHealth, API, {
        state: 'unhealthy',
        reason: 'Target.FailedHealthChecks',
        description: 'Health checks failed',
      }),
      lambdaTarget(FUNCTION, HOOKS),
    ],
    lambdaFunctions: [aFunction({ policy: [] })],
    lambdaMetrics: lambdaMetrics({
      Invocations: during(hooks, '14:17', '14:30', null),
      Errors: during(step(0, '14:30', 0), '14:17', '14:30', null),
      Throttles: during(step(0, '14:30', 0), '14:17', '14:30', null),
      'Duration.max': during(wandering(454, 420, 0.5), '14:17', '14:30', null),
      'ConcurrentExecutions.max': during(wandering(455, 3, 0.4), '14:17', '14:30', null),
    }),
    changes: [
      changed(
        ['13:54', '48'],
        'role/cdk-deploy (api)',
        'elasticloadbalancing',
        'ModifyListener',
        [`${LB}/listener-80`, API],
        {
          is: 'routing',
          of: `${LB}/listener-80`,
          to: [{ targetGroup: API, weight: 1 }],
        },
      ),
      changed(['14:16', '31'], 'role/cdk-deploy (hooks)', 'lambda', 'RemovePermission20150331v2', [FUNCTION, HOOKS], {
        is: 'function',
        does: 'withdraws',
        of: FUNCTION,
        name: 'elb',
        value: null,
      }),
    ],
    ...afternoon(456, {
      [API]: {
        asked: api,
        failed: { '502': failed },
        handshakes: failed,
        seconds: [0.05, 0.4],
        healthy: before(step(0, '14:30', 0)),
        unhealthy: before(step(3, '14:30', 3)),
      },
      [HOOKS]: { asked: hooks, failed: { '502': notInvoked }, seconds: [0.1, 0.5] },
    }),
  }),
  { name: 'ledgerworks', region: 'us-east-2', account: '410000000006' },
);
