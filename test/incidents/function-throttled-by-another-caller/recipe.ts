import { aSnapshot, instanceMetrics, TG } from '../../support/a-snapshot.ts';
import { afternoon, step, total } from '../../support/afternoon.ts';
import { aFunction, behindLambda, lambdaMetrics } from '../../support/lambda.ts';
import { elsewhere, inMinutes, recurring, wandering } from '../../support/traffic.ts';

const asked = wandering(941, 85, 0.2);
const bursts = recurring('13:40', '14:30', 5);
const throttled = inMinutes(Object.fromEntries(bursts.map((clock, index) => [clock, 140 + ((index * 37) % 90)])), 0);

export const recipe = elsewhere(
  aSnapshot({
    ...behindLambda({ instanceMetrics: instanceMetrics({}) }),
    lambdaFunctions: [aFunction({ reservedConcurrency: 40 })],
    lambdaMetrics: lambdaMetrics({
      Invocations: total([asked, throttled.map((value) => (value ?? 0) * 2)]),
      Errors: step(0, '14:30', 0),
      Throttles: throttled,
      'Duration.max': wandering(942, 1300, 0.4),
      'ConcurrentExecutions.max': throttled.map((value) => (value ? 40 : 5)),
    }),
    ...afternoon(943, { [TG]: { asked, target: { '4XX': wandering(944, 2, 0.9) }, seconds: [0.09, 0.9] } }),
  }),
  { name: 'invoices', region: 'eu-west-3', account: '430000000015' },
);
