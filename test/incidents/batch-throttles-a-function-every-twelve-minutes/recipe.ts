import { aSnapshot, groupMetrics, metrics, TG, targetGroup } from '../../support/a-snapshot.ts';
import { aFunction, behindLambda, lambdaMetrics } from '../../support/lambda.ts';
import {
  counts,
  elsewhere,
  inMinutes,
  ofItsGroup,
  recurring,
  responseTimes,
  wandering,
} from '../../support/traffic.ts';

/** Two minutes each, from 12:42 to 14:19; the next is due now. */
const first = recurring('12:42', '14:30', 12);
const second = recurring('12:43', '14:30', 12);
const of = (atFirst: (index: number) => number, atSecond: (index: number) => number) =>
  inMinutes(
    Object.fromEntries([
      ...first.map((clock, index): [string, number] => [clock, atFirst(index)]),
      ...second.map((clock, index): [string, number] => [clock, atSecond(index)]),
    ]),
    0,
  );

const requests = wandering(61, 430, 0.09);
const throttled = of(
  (index) => 148 + ((index * 11) % 23),
  (index) => 96 + ((index * 5) % 19),
);
const ends = counts({ requests, failed: { '502': throttled } });
const ofAll = { ...ends, ...responseTimes(62, ends.HTTPCode_Target_2XX_Count, 0.09, 0.8) };
const batch = of(
  () => 2600,
  () => 1400,
);

export const recipe = elsewhere(
  aSnapshot(
    behindLambda({
      targetGroups: [targetGroup('web', { targetType: 'lambda', protocol: null, protocolVersion: null, port: null })],
      lambdaFunctions: [aFunction({ reservedConcurrency: 20 })],
      instanceMetrics: { grid: { from: '2026-03-10T11:30:00Z', minutes: 180 }, of: [] },
      loadBalancerMetrics: metrics(ofAll),
      targetGroupMetrics: groupMetrics({
        [TG]: { ...ofItsGroup(ofAll), LambdaUserError: ends.HTTPCode_ELB_502_Count ?? [] },
      }),
      lambdaMetrics: lambdaMetrics({
        Invocations: requests.map((value, index) => (value ?? 0) - (throttled[index] ?? 0) + (batch[index] ?? 0)),
        Errors: wandering(0, 0, 0),
        // The batch is retried by its queue: it adds throttles that no client sees.
        Throttles: throttled.map((value) => (value ?? 0) * 3),
        'Duration.max': wandering(63, 910, 0.3),
        'ConcurrentExecutions.max': throttled.map((value, index) => (value ? 20 : (wandering(64, 4, 0.5)[index] ?? 4))),
      }),
    }),
  ),
  { name: 'search', region: 'us-east-2', account: '778899001122' },
);
