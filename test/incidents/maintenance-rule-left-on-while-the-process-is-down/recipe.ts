import { aRuleTo, aSnapshot, groupArn, LB, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  forwardTo,
  inGroup,
  partOf,
  pathRule,
  routed,
  step,
  total,
} from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const MAIN = groupArn('portal');
const REPORTS = groupArn('reports');
const main = wandering(441, 404, 0.1);
const refused = during(partOf(main, 1, '14:13'), '14:12', '14:13', 233);
const reports = wandering(442, 57, 0.3);
const onPurpose = during(partOf(reports, 1, '13:32'), '13:31', '13:32', 21);
const two = fleet(2, 't3.large', during(wandering(443, 31, 0.2, 1), '14:12', '14:30', 2.2));
const check = {
  id: 'asc-1',
  status: 'failed',
  reason: 'ConnectionRefused',
  statusCode: null,
  port: 8080,
  path: '/health',
};

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup('portal'), targetGroup('reports')),
    listenerRules: [
      ...aRuleTo(MAIN),
      pathRule(1, '/reports/*', { type: 'fixed-response', statusCode: '503' }),
      pathRule(2, '/reports/*', forwardTo(REPORTS)),
    ],
    targetHealth: inGroup(two.targetHealth, MAIN, {
      state: 'unhealthy',
      reason: 'Target.FailedHealthChecks',
      description: 'Health checks failed',
    }),
    applicationStatus: two.instances.map(({ id }) => ({
      instanceId: id,
      status: 'impaired',
      checks: [{ ...check, since: today('14:13', '40') }],
    })),
    changes: [
      changed(['13:31', '20'], 'ines', 'elasticloadbalancing', 'CreateRule', [`${LB}/rule-1`, `${LB}/listener-80`], {
        is: 'routing',
        of: `${LB}/listener-80`,
        to: [],
      }),
    ],
    ...afternoon(
      444,
      {
        [MAIN]: {
          asked: main,
          failed: { '502': refused },
          refused,
          seconds: [0.08, 0.9],
          healthy: step(2, '14:13', 0),
          unhealthy: step(0, '14:13', 2),
        },
        [REPORTS]: { asked: during(reports, '13:31', '14:30', null), healthy: step(null, '14:30', null) },
      },
      {
        HTTPCode_ELB_503_Count: onPurpose.map((value) => value || null),
        HTTPCode_ELB_5XX_Count: total([refused, onPurpose]).map((value) => value || null),
        HTTP_Fixed_Response_Count: onPurpose.map((value) => value || null),
      },
    ),
  }),
  { name: 'insurance', region: 'ca-central-1', account: '410000000005' },
);
