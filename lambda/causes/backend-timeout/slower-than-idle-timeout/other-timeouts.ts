import type { Errors } from '../../../computed/errors.ts';
import type { MetricsById, Target, TargetGroupMetric } from '../../../incident/evidence.ts';
import { code, count, inSeconds, type Text, text } from '../../../incident/text.ts';
import { internalErrorsIn } from '../../../semantics/functions/function-failures.ts';
import { timesOutOn } from '../../../semantics/network/target-paths.ts';
import { becameUnhealthyAt } from '../../../semantics/targets/health-history.ts';
import type { AnswerPace } from '../../../semantics/traffic/answer-pace.ts';
import { connectionErrorsIn, failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { COUNTED_BY } from '../../../semantics/traffic/target-traffic.ts';
import { ruledOut } from '../../cause.ts';

/** Up to this share of the 504s may be failed connections, and the rest still be slow answers. */
const FEW = 0.1;

type ByGroup = MetricsById<TargetGroupMetric> | undefined;

/** What the 504s are instead of answers that came too late. */
export function otherTimeouts({ metrics, span, ...errors }: Errors, byGroup: ByGroup) {
  const many = FEW * errors.count('504');
  const ofLambda = internalErrorsIn(byGroup?.of ?? [], span);
  const connections = connectionErrorsIn(metrics, span) ?? 0;
  const handshakes = failedHandshakes(metrics, span);
  if (ofLambda >= (1 - FEW) * errors.count('504')) {
    const failed = text`${count(ofLambda, 'invocation')} failed by ${code('LambdaInternalError')}`;
    return ruledOut(text`the ${code(504)}s come from AWS Lambda: ${failed}`, 'targetGroupMetrics');
  }
  if (connections <= many && handshakes <= many) return null;
  const failed =
    connections > many
      ? text`connections: ${count(connections, 'connection error')}`
      : text`TLS handshakes: ${count(handshakes, 'TLS negotiation error')}`;
  return ruledOut(text`the ${code(504)}s are failed ${failed} in the same minutes`, ...COUNTED_BY);
}

/** Targets that do not answer at all, not even slowly. */
export function hungInstead(
  inUse: readonly Target[],
  { slowed, slowest, reach }: AnswerPace,
  byGroup: ByGroup,
  onset: string,
): Text | null {
  const hung = inUse.filter((target) => target.port !== null && timesOutOn(target, target.port));
  if (!slowed && hung.length > 0 && hung.length === inUse.length) {
    return text`every target fails its health checks by timeout: they do not answer at all, not even slowly`;
  }
  if (slowest === null || reach !== 'far') return null;
  if (!hung.some(({ targetGroup }) => becameUnhealthyAt(onset, byGroup, targetGroup))) return null;
  return text`responses took ${inSeconds(slowest)} at most, and since the errors began ${count(hung.length, 'target')} answered no health check in time: not slow, but hung`;
}
