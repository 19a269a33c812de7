import { aRuleTo, aSnapshot, groupArn, route, routeTable, target, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, forwardTo, noInstances, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { aFunction, FUNCTION, lambdaMetrics, lambdaTarget, permission } from '../../support/lambda.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const STOCK = groupArn('stock');
const PRICES = groupArn('prices');
const stock = wandering(531, 270, 0.1);
const silent = during(partOf(stock, 1, '14:09'), '14:08', '14:09', 133);
const prices = wandering(532, 205, 0.12);
const shapeless = during(partOf(prices, 1, '13:54'), '13:53', '13:54', 96);
const REMOTE = ['172.20.4.15', '172.20.5.16'];
const peering = route('172.20.0.0/16', { kind: 'peering', id: 'pcx-0d17' }, 'blackhole');

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...routed(
      targetGroup('stock', { targetType: 'ip' }),
      targetGroup('prices', { targetType: 'lambda', protocol: null, protocolVersion: null, port: null }),
    ),
    listenerRules: [...aRuleTo(STOCK), pathRule(2, '/prices/*', forwardTo(PRICES))],
    targetHealth: [
      ...REMOTE.map((address) =>
        target(address, {
          ...{ targetGroup: STOCK, zone: 'all', state: 'unhealthy', reason: 'Target.Timeout' },
          description: 'Request timed out',
        }),
      ),
      lambdaTarget(FUNCTION, PRICES),
    ],
    routeTables: [
      routeTable(
        'rtb-public',
        ['subnet-public-a', 'subnet-public-b'],
        [route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' }), peering],
      ),
      routeTable('rtb-main', []),
    ],
    lambdaFunctions: [
      aFunction(
        { policy: [permission({ conditions: [{ operator: 'ArnLike', key: 'AWS:SourceArn', values: [PRICES] }] })] },
        { modifiedAt: today('13:53', '20') },
      ),
    ],
    lambdaMetrics: lambdaMetrics({
      Invocations: prices,
      Errors: step(0, '14:30', 0),
      Throttles: step(0, '14:30', 0),
      'Duration.max': wandering(533, 260, 0.5),
      'ConcurrentExecutions.max': wandering(534, 4, 0.4),
    }),
    changes: [
      changed(
        ['13:53', '18'],
        'role/release (prices-72)',
        'lambda',
        'UpdateFunctionCode20150331v2',
        [FUNCTION, PRICES],
        {
          ...{ is: 'function', does: 'updates-code', of: FUNCTION, name: null, value: null },
        },
      ),
    ],
    ...afternoon(535, {
      [STOCK]: {
        asked: stock,
        failed: { '504': silent },
        refused: silent,
        seconds: [0.02, 0.2],
        healthy: step(2, '14:09', 0),
        unhealthy: step(0, '14:09', 2),
      },
      [PRICES]: {
        asked: prices,
        failed: { '502': shapeless },
        seconds: [0.05, 0.3],
        more: { LambdaUserError: shapeless },
      },
    }),
  }),
  { name: 'wholesale', region: 'eu-south-2', account: '410000000014' },
);
