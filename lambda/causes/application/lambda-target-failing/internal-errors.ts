import type { RoutedFunction } from '../../../computed/functions.ts';
import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { code, count, resource, text, time } from '../../../incident/text.ts';
import { look } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { MOST } from '../../../semantics/functions/function-fault.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';

/** Invocations that fail within AWS Lambda, before the function runs: nothing of it shows in the function's own metrics. */
export function failedByLambda(
  functions: readonly RoutedFunction[],
  metrics: MetricsById<TargetGroupMetric> | undefined,
  errors: number,
  episode: EpisodeSpan,
): readonly Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'targetGroupMetrics'>[] {
  return functions.flatMap(({ arn, group, target }) => {
    const values = metrics?.of.find(({ id }) => id === group.arn)?.values.LambdaInternalError ?? [];
    const rise = riseOf(values, episode);
    if (rise === null) return [];
    const { since, count: internalErrors } = rise;
    const does = text`check the AWS Health Dashboard for AWS Lambda in this Region: the fault is on AWS's side; until it ends, forward requests to another target group if there is one`;
    return {
      strength: internalErrors >= MOST * errors ? 'strong' : 'circumstantial',
      says: text`AWS Lambda itself fails to run ${resource(arn.name)} behind ${resource(group.name)}`,
      since,
      because: [
        citeAt(episode.onset)
          .loadBalancerMetrics`${count(errors, 'request')} answered ${code(502)} or ${code(504)} since ${time(episode.onset)}`,
        citeAt(since)
          .targetGroupMetrics`${count(internalErrors, 'error')} (${code('LambdaInternalError')}) of ${resource(group.name)} since ${time(since)}; the function's own errors would be ${code('LambdaUserError')}`,
      ],
      affects: scopeOf([target]),
      explains: ['502', '504'],
      restsOn: [group.arn],
      fixes: [look(does)],
      facts: { function: arn.name, failure: 'internal', internalErrors, errors },
    };
  });
}
