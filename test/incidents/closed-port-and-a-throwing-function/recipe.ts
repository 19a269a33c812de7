import {
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  ruleChange,
  securityGroup,
  targetGroup,
} from '../../support/a-snapshot.ts';
import { afternoon, changed, forwardTo, inGroup, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { aFunction, FUNCTION, lambdaMetrics, lambdaTarget, permission } from '../../support/lambda.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const SHOP = groupArn('shop');
const RECOMMEND = groupArn('recommend');
const shop = wandering(401, 1450, 0.08);
const silent = during(partOf(shop, 1, '14:04'), '14:03', '14:04', 610);
const recommend = wandering(402, 240, 0.12);
const thrown = partOf(recommend, 0.33, '13:48');
const three = fleet(3, 'm6i.large', 34);
const admitted = ingress('tcp', 8080, 8080, { group: 'sg-alb' });

export const recipe = elsewhere(
  aSnapshot({
    ...three,
    ...routed(
      targetGroup('shop'),
      targetGroup('recommend', { targetType: 'lambda', protocol: null, protocolVersion: null, port: null }),
    ),
    listenerRules: [...aRuleTo(SHOP), pathRule(10, '/recommend/*', forwardTo(RECOMMEND))],
    targetHealth: [
      ...inGroup(three.targetHealth, SHOP, {
        state: 'unhealthy',
        reason: 'Target.Timeout',
        description: 'Request timed out',
      }),
      lambdaTarget(`${FUNCTION}:live`, RECOMMEND),
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })]),
    ],
    lambdaFunctions: [
      aFunction(
        {
          arn: `${FUNCTION}:live`,
          policy: [
            permission({
              resources: [`${FUNCTION}:live`],
              conditions: [{ operator: 'ArnLike', key: 'AWS:SourceArn', values: [RECOMMEND] }],
            }),
          ],
        },
        { modifiedAt: today('13:46', '51') },
      ),
    ],
    lambdaMetrics: lambdaMetrics({
      Invocations: recommend,
      Errors: thrown,
      Throttles: step(0, '14:30', 0),
      'Duration.max': wandering(403, 1900, 0.4),
      'ConcurrentExecutions.max': wandering(404, 6, 0.5),
    }),
    changes: [
      changed(['13:47', '12'], 'role/release (recommend-311)', 'lambda', 'UpdateAlias', [FUNCTION, RECOMMEND], {
        is: 'function',
        does: 'sets-alias',
        of: FUNCTION,
        name: 'live',
        value: '58',
      }),
      ruleChange('revokes', 'sg-app', [admitted], { at: today('14:03', '22'), who: 'marek' }),
    ],
    ...afternoon(405, {
      [SHOP]: {
        asked: shop,
        failed: { '504': silent },
        refused: silent,
        target: { '4XX': wandering(406, 31, 0.4) },
        seconds: [0.06, 0.7],
        healthy: step(3, '14:04', 0),
        unhealthy: step(0, '14:04', 3),
      },
      [RECOMMEND]: {
        asked: recommend,
        failed: { '502': thrown },
        seconds: [0.12, 1.4],
        more: { LambdaUserError: thrown },
      },
    }),
  }),
  { name: 'fashion', region: 'eu-north-1', account: '410000000001' },
);
