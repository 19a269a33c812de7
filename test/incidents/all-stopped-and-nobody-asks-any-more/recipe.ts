import {
  aSnapshot,
  change,
  groupMetrics,
  instance,
  instanceMetrics,
  metrics,
  NOW,
  status,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { counts, during, elsewhere, ofItsGroup, responseTimes, today, wandering } from '../../support/traffic.ts';

/** A 503 finds no target and is not counted as a request; from 14:18 on nobody asks. */
const requests = during(during(wandering(21, 310, 0.12), '14:02', '14:03', 34), '14:03', '14:30', null);
const none = wandering(0, 0, 0);
const resets = during(during(none, '14:01', '14:02', 121), '14:02', '14:03', 34);
const empty = during(during(none, '14:02', '14:03', 236), '14:03', '14:18', (_, minute) =>
  Math.round(40 + 230 * Math.exp(-minute / 5)),
);
const ends = counts({ requests, failed: { '502': resets, '503': empty } });
const ofAll = {
  ...ends,
  TargetConnectionErrorCount: during(during(none, '14:01', '14:02', 84), '14:02', '14:03', 34).map(
    (value) => value || null,
  ),
  ...responseTimes(22, ends.HTTPCode_Target_2XX_Count, 0.11, 0.9),
};
const stoppedBy = {
  state: 'stopped',
  stateReason: {
    code: 'Client.UserInitiatedShutdown',
    message: 'Client.UserInitiatedShutdown: User initiated shutdown',
  },
  stateSince: today('14:01', '58'),
  type: 'm5.large',
};

export const recipe = elsewhere(
  aSnapshot({
    trigger: {
      kind: 'alarm',
      at: NOW,
      alarmName: 'booking-elb-5xx',
      alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:booking-elb-5xx',
      state: 'OK',
      previousState: 'ALARM',
      previousStateAt: today('14:04', '12'),
      reason:
        'Threshold Crossed: no datapoints were received for 10 periods and 10 missing datapoints were treated as [NonBreaching].',
      metrics: ['HTTPCode_ELB_5XX_Count'],
      datapoints: [],
    },
    targetHealth: ['i-1', 'i-2'].map((id) =>
      target(id, { state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' }),
    ),
    instances: ['i-1', 'i-2'].map((id) => instance(id, stoppedBy)),
    instanceStatus: ['i-1', 'i-2'].map((id) => {
      const notApplicable = { status: 'not-applicable', impairedSince: null };
      return status(id, { system: notApplicable, instance: notApplicable, attachedEbs: null });
    }),
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        ['i-1', 'i-2'].map((id, index) => [
          id,
          {
            CPUUtilization: during(wandering(23 + index, 22, 0.3, 1), '14:03', '14:30', null),
            StatusCheckFailed: during(none, '14:03', '14:30', null),
          },
        ]),
      ),
    ),
    changes: [
      change(
        { is: 'instances', does: 'stops', instanceIds: ['i-1', 'i-2'] },
        { at: today('14:01', '10'), who: 'bob', event: 'StopInstances', resources: ['i-1', 'i-2'] },
      ),
    ],
    loadBalancerMetrics: metrics(ofAll),
    targetGroupMetrics: groupMetrics({
      [TG]: {
        ...ofItsGroup(ofAll),
        'HealthyHostCount.min': during(wandering(0, 2, 0), '14:02', '14:30', 0),
        'UnHealthyHostCount.max': during(during(none, '14:01', '14:02', 1), '14:02', '14:30', 0),
      },
    }),
  }),
  { name: 'booking', region: 'us-west-2', account: '334455667788' },
);
