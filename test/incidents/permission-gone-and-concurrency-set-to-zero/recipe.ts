import { aSnapshot, instanceMetrics, TG } from '../../support/a-snapshot.ts';
import { afternoon, changed, partOf, step } from '../../support/afternoon.ts';
import { aFunction, behindLambda, FUNCTION, lambdaMetrics } from '../../support/lambda.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(651, 410, 0.1);
const failed = during(partOf(asked, 1, '13:52'), '13:51', '13:52', 175);
const until = (values: ReturnType<typeof step>) => during(values, '13:52', '14:30', null);

export const recipe = elsewhere(
  aSnapshot({
    ...behindLambda({ instanceMetrics: instanceMetrics({}) }),
    lambdaFunctions: [aFunction({ policy: [], reservedConcurrency: 0 })],
    lambdaMetrics: lambdaMetrics({
      Invocations: until(asked),
      Errors: until(step(0, '14:30', 0)),
      Throttles: until(step(0, '14:30', 0)),
      'Duration.max': until(wandering(652, 780, 0.4)),
      'ConcurrentExecutions.max': until(wandering(653, 5, 0.4)),
    }),
    changes: [
      changed(['13:51', '33'], 'role/least-privilege', 'lambda', 'RemovePermission20150331v2', [FUNCTION, TG], {
        ...{ is: 'function', does: 'withdraws', of: FUNCTION, name: 'elb', value: null },
      }),
      changed(['14:07', '10'], 'ruth', 'lambda', 'PutFunctionConcurrency20171031', [FUNCTION, TG], {
        ...{ is: 'function', does: 'limits', of: FUNCTION, name: null, value: '0' },
      }),
    ],
    ...afternoon(654, { [TG]: { asked, failed: { '502': failed }, seconds: [0.07, 0.5] } }),
  }),
  { name: 'loyalty', region: 'us-west-2', account: '420000000006' },
);
