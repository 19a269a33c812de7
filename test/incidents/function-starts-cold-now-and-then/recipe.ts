import { aSnapshot, groupMetrics, metrics, TG } from '../../support/a-snapshot.ts';
import { aFunction, behindLambda, lambdaMetrics } from '../../support/lambda.ts';
import { counts, elsewhere, inMinutes, ofItsGroup, responseTimes, wandering } from '../../support/traffic.ts';

/** Cold starts of up to seven of ten seconds; one invocation in the last half hour ended in an error. */
const requests = wandering(321, 290, 0.15);
const single = inMinutes({ '11:47': 1, '13:05': 1, '14:14': 1 });
const ends = counts({ requests, failed: { '502': single }, target: { '4XX': wandering(322, 6, 0.7) } });
const duration = wandering(323, 4300, 0.6);
const p99 = duration.map((value) => Number(((value ?? 0) / 1700).toFixed(3)));
const ofAll = {
  ...ends,
  ...responseTimes(324, ends.HTTPCode_Target_2XX_Count, 0.08, p99),
  'TargetResponseTime.max': duration.map((value) => Number(((value ?? 0) / 1000 + 0.06).toFixed(3))),
};

export const recipe = elsewhere(
  aSnapshot(
    behindLambda({
      lambdaFunctions: [aFunction()],
      instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
      loadBalancerMetrics: metrics(ofAll),
      targetGroupMetrics: groupMetrics({ [TG]: { ...ofItsGroup(ofAll), LambdaUserError: single } }),
      lambdaMetrics: lambdaMetrics({
        Invocations: requests,
        Errors: single.map((value) => value ?? 0),
        Throttles: wandering(0, 0, 0),
        'Duration.max': duration,
        'ConcurrentExecutions.max': wandering(325, 7, 0.4),
      }),
    }),
  ),
  { name: 'thumbnails', region: 'us-west-1', account: '151515151515' },
);
