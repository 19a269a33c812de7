import { LAMBDA_METRICS } from '../../incident/evidence/metrics.ts';
import { functionIn } from '../../semantics/functions/function-arn.ts';
import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { lambdaTargets } from '../functions/lambda-functions.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById } from './metrics.ts';

export const lambdaMetrics = defineCollector({
  key: 'lambdaMetrics',
  after: ['targetHealth'],
  actions: [getMetricData.action],
  async collect({ at }, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const functions = lambdaTargets(targetHealth.value).flatMap((arn) => functionIn(arn) ?? []);
    const measured = new Map(
      functions.map(({ unqualified, name }) => [unqualified, { id: unqualified, dimensions: { FunctionName: name } }]),
    );
    return withGaps(
      await metricsById(LAMBDA_METRICS, 'AWS/Lambda', [...measured.values()], at, aws),
      targetHealth.gaps,
    );
  },
});
