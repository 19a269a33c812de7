import { LOAD_BALANCER_METRICS } from '../../incident/evidence/metrics.ts';
import type { LoadBalancerMetrics } from '../../incident/evidence.ts';
import { type Observed, seen } from '../../incident/observed.ts';
import { defineCollector, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { gridBefore } from './metric-data.ts';
import { metricsOf } from './metrics.ts';
import { surveyOf } from './survey.ts';

export const loadBalancerMetrics = defineCollector({
  key: 'loadBalancerMetrics',
  after: [],
  actions: [getMetricData.action],
  async collect(question, _earlier, aws): Promise<Observed<LoadBalancerMetrics>> {
    const { subject, at } = question;
    const dimensions = { LoadBalancer: subject.dimension };
    const minutes = await metricsOf(LOAD_BALANCER_METRICS, 'AWS/ApplicationELB', dimensions, at, aws);
    const survey = await surveyOf(question, aws);
    if (survey === null) return minutes;
    if (!survey.seen) {
      const { why, detail, action } = survey;
      const gap = {
        why,
        detail: `the window was not read as a whole: ${detail}`,
        ...(action === undefined ? {} : { action }),
      };
      return withGaps(minutes, [gap]);
    }
    if (minutes.seen) return { ...minutes, value: { ...minutes.value, survey: survey.value } };
    const { why, detail, action } = minutes;
    const gap = { why, detail, ids: Object.keys(LOAD_BALANCER_METRICS), ...(action === undefined ? {} : { action }) };
    return seen({ grid: gridBefore(at), values: {}, survey: survey.value }, [gap]);
  },
});
