import { aRuleTo, aSnapshot, instanceMetrics, LB, TG, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, changed, inGroup, partOf, pathRule, routed, step } from '../../support/afternoon.ts';
import { fleet } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const asked = wandering(661, 620, 0.1);
const onPurpose = during(partOf(asked, 1, '13:39'), '13:38', '13:39', 300);
const two = fleet(2, 'm5.2xlarge', 25);
const stop = { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' };
const counted = onPurpose.map((value) => value || null);

export const recipe = elsewhere(
  aSnapshot({
    ...two,
    ...routed(targetGroup()),
    listenerRules: [pathRule(1, '/*', { type: 'fixed-response', statusCode: '503' }), ...aRuleTo(TG)],
    instances: two.instances.map((one) => ({
      ...one,
      state: 'stopped',
      stateReason: stop,
      stateSince: today('14:04', '11'),
    })),
    instanceStatus: [],
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        two.instances.map(({ id }, index) => [
          id,
          {
            CPUUtilization: during(
              during(wandering(662 + index, 25, 0.2, 1), '13:39', '14:30', 1.1),
              '14:05',
              '14:30',
              null,
            ),
            StatusCheckFailed: step(0, '14:05', null),
          },
        ]),
      ),
    ),
    targetHealth: inGroup(two.targetHealth, TG, {
      ...{ state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' },
    }),
    changes: [
      changed(['13:38', '28'], 'jonas', 'elasticloadbalancing', 'CreateRule', [`${LB}/rule-1`, `${LB}/listener-80`], {
        ...{ is: 'routing', of: `${LB}/listener-80`, to: [] },
      }),
      changed(['14:04', '10'], 'jonas', 'ec2', 'StopInstances', ['i-1', 'i-2'], {
        ...{ is: 'instances', does: 'stops', instanceIds: ['i-1', 'i-2'] },
      }),
    ],
    ...afternoon(
      664,
      {
        [TG]: {
          asked: during(during(asked, '13:39', '14:30', null), '13:38', '13:39', 300),
          seconds: [0.05, 0.5],
          healthy: step(2, '14:05', 0),
        },
      },
      {
        HTTPCode_ELB_503_Count: counted,
        HTTPCode_ELB_5XX_Count: counted,
        HTTP_Fixed_Response_Count: counted,
      },
    ),
  }),
  { name: 'payroll', region: 'eu-central-1', account: '420000000007' },
);
