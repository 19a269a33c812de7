import type { RoutedFunction } from '../../../computed/functions.ts';
import type { LambdaMetric, MetricsById } from '../../../incident/evidence.ts';
import { resource, text, time } from '../../../incident/text.ts';
import { allowMoreConcurrency } from '../../../remedies/function.ts';
import { functionCall } from '../../../semantics/changes/change-kinds.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { uncalledSince } from '../../../semantics/functions/function-failures.ts';
import { isShutOut } from '../../../semantics/functions/invocability.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** Functions that may not run, and that nothing calls while something else answers for them or shuts the load balancer out. */
export function switchedOff(
  functions: readonly RoutedFunction[],
  metrics: MetricsById<LambdaMetric>,
  episode: EpisodeSpan,
  errors502: number,
): readonly Found<'lambdaMetrics', 'lambdaMetrics' | 'lambdaFunctions'>[] {
  return functions.flatMap(({ arn, group, target, found, invocability }) => {
    const since = uncalledSince(metrics.of.find(({ id }) => id === arn.unqualified)?.values ?? {}, episode);
    if (found?.reservedConcurrency !== 0 || since === null || (errors502 > 0 && !isShutOut(invocability))) return [];
    const name = resource(arn.name);
    return {
      strength: 'circumstantial',
      says: text`The function ${name} behind target group ${resource(group.name)} is switched off: its reserved concurrency is 0`,
      because: [
        citeAt(since).lambdaMetrics`no invocation and no throttle of ${name} has been counted since ${time(since)}`,
        cite.lambdaFunctions`its reserved concurrency is 0: every invocation would be throttled`,
      ],
      affects: scopeOf([target]),
      explains: ['502'],
      ...{ comesNext: true, asSet: true },
      restsOn: [arn.unqualified],
      madeBy: [functionCall('limits')],
      fixes: [allowMoreConcurrency({ arn, group, found })],
      facts: { function: arn.name, failure: 'switched-off' },
    };
  });
}
