import { aSnapshot, denied, instanceMetrics, TG } from '../../support/a-snapshot.ts';
import { afternoon, partOf } from '../../support/afternoon.ts';
import { behindLambda } from '../../support/lambda.ts';
import { elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(1001, 330, 0.1);
const failed = partOf(asked, 0.14, '14:13');

export const recipe = elsewhere(
  aSnapshot({
    ...behindLambda({ instanceMetrics: instanceMetrics({}) }),
    lambdaFunctions: denied('lambda:GetFunctionConfiguration'),
    lambdaMetrics: denied('cloudwatch:GetMetricData'),
    ...afternoon(1002, {
      [TG]: { asked, failed: { '502': failed }, seconds: [0.08, 0.7], more: { LambdaUserError: failed } },
    }),
  }),
  { name: 'weather', region: 'us-east-1', account: '430000000021' },
);
