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
import {
  afternoon,
  changed,
  forwardTo,
  noInstances,
  onFargate,
  partOf,
  pathRule,
  routed,
  step,
} from '../../support/afternoon.ts';
import { addressTarget } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const MAIN = groupArn('main');
const QUOTES = groupArn('quotes');
const all = wandering(611, 860, 0.1);
const quotes = partOf(all, 0.2, '14:08');
const main = all.map((value, index) => (value ?? 0) - (quotes[index] ?? 0));
const silent = during(partOf(main, 1, '14:04'), '14:03', '14:04', 300);
const ADDRESSES = ['10.0.10.131', '10.0.11.132'];
const admitted = ingress('tcp', 8000, 9999, { group: 'sg-alb' });
const timedOut = { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } as const;
const tasks = onFargate('main', MAIN, ADDRESSES, { port: 9000, target: timedOut });

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...tasks,
    ...routed(targetGroup('main', { targetType: 'ip', port: 9000 }), targetGroup('quotes', { targetType: 'ip' })),
    listenerRules: [...aRuleTo(MAIN), pathRule(10, '/quotes/*', forwardTo(QUOTES))],
    targetHealth: [
      ...tasks.targetHealth,
      ...ADDRESSES.map((address) => addressTarget(address, { targetGroup: QUOTES, ...timedOut })),
    ],
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 9000, 9000, { group: 'sg-jobs' })]),
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [admitted], { at: today('14:03', '19'), who: 'feliks' }),
      changed(
        ['14:07', '20'],
        'role/provision (quotes)',
        'elasticloadbalancing',
        'RegisterTargets',
        [QUOTES, ...ADDRESSES],
        {
          ...{ is: 'targets', does: 'registers', targetGroup: QUOTES, ids: ADDRESSES },
        },
      ),
      changed(
        ['14:08', '02'],
        'role/provision (quotes)',
        'elasticloadbalancing',
        'CreateRule',
        [`${LB}/rule-10`, `${LB}/listener-80`, QUOTES],
        {
          ...{ is: 'routing', of: `${LB}/listener-80`, to: [{ targetGroup: QUOTES, weight: 1 }] },
        },
      ),
    ],
    ...afternoon(613, {
      [MAIN]: {
        asked: main,
        failed: { '504': silent },
        refused: silent,
        target: { '4XX': wandering(614, 14, 0.5).map((value, index) => ((silent[index] ?? 0) > 0 ? 0 : value)) },
        seconds: [0.05, 0.5],
        healthy: step(2, '14:04', 0),
        unhealthy: step(0, '14:04', 2),
      },
      [QUOTES]: {
        asked: quotes,
        failed: { '504': quotes },
        refused: quotes,
        healthy: step(null, '14:08', 0),
        unhealthy: step(null, '14:08', 2),
      },
    }),
  }),
  { name: 'leasing', region: 'us-east-1', account: '420000000002' },
);
