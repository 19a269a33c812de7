import { LOAD_BALANCER_METRICS } from '../../incident/evidence/metrics.ts';
import type { LoadBalancerMetrics } from '../../incident/evidence.ts';
import { type Observed, seen, type Unseen, unseen } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import { WHOLE_WINDOW } from '../../semantics/errors/survey.ts';
import { defineCollector, withGaps } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { gridBefore } from './metric-data.ts';
import { metricsOf } from './metrics.ts';
import { surveyOf } from './survey.ts';

export const loadBalancerMetrics = defineCollector({
  key: 'loadBalancerMetrics',
  worth: 'much',
  after: [],
  actions: [getMetricData.action],
  async collect(question, _earlier, aws): Promise<Observed<LoadBalancerMetrics>> {
    const { subject, at } = question;
    const dimensions = { LoadBalancer: subject.dimension };
    // Each may be read without the other.
    const minutes = await metricsOf(LOAD_BALANCER_METRICS, 'AWS/ApplicationELB', dimensions, at, aws).catch(unseenBy);
    const survey = await surveyOf(question, aws);
    if (survey === null) return minutes;
    if (!survey.seen) {
      if (isHeldBy(minutes, question)) return minutes;
      // It says what to ask for instead.
      if (!minutes.seen && minutes.why === 'not-asked' && survey.why === 'not-asked') return survey;
      const { why, detail, action } = survey;
      const gap = {
        why,
        detail: `the window was not read as a whole: ${detail}`,
        ids: [WHOLE_WINDOW],
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

/** The minutes hold all of a window that is hardly longer than what is judged of it. */
function isHeldBy(minutes: Observed<LoadBalancerMetrics>, { at, window, asked = window }: Question): boolean {
  return minutes.seen && at === asked.to && minutes.value.grid.from <= asked.from;
}

function unseenBy(error: unknown): Unseen {
  if (error instanceof CallFailed) return unseen(error.why, error.message, getMetricData.action);
  throw error;
}
