import type { Errors } from '../../../computed/errors.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { MetricsById, TargetGroup, TargetGroupMetric } from '../../../incident/evidence.ts';
import { count, formatNumber, inSeconds, percent, type Text, text } from '../../../incident/text.ts';
import { levelIn, meanOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import type { TargetTraffic } from '../../../semantics/traffic/target-traffic.ts';

/** Nearly all requests are answered by targets whose health checks time out. */
const NEARLY = 0.9;
/** Users' requests are not slow: their slowest answers are at most so many times those of the hour before. */
const SLOWER = 2;

interface UserAnswers extends TargetTraffic {
  /** In seconds. */
  readonly slowest: number | null;
  /** What the slowest answers of a minute took on average: one slow request shows no pace. */
  readonly usuallySlowest: number | null;
  /** Whether anybody saw how long answers took before. */
  readonly beforeSeen: boolean;
}

/** What users got of a group; `null` unless nearly all got an answer, and no slower than before, as far as that was seen. */
export function goodAnswersOf(
  { arn }: TargetGroup,
  traffic: TrafficByGroups,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  { metrics, span }: Errors,
): UserAnswers | null {
  const answers = traffic.of([arn]);
  if (answers === null || answers.answered < NEARLY * answers.requests || answers.failedConnections > 0) return null;
  const own = byGroup?.of.find(({ id }) => id === arn)?.values;
  const times = own?.['TargetResponseTime.p99'] === undefined ? metrics.values : own;
  const p99 = times['TargetResponseTime.p99'];
  const now = meanOf(valuesIn(p99, span));
  const before = levelIn(p99, { first: span.first - 60, last: span.first - 1 });
  if (now !== null && before !== null && now > SLOWER * before) return null;
  return {
    ...answers,
    slowest: slowestAnswer(times, span),
    usuallySlowest: now ?? meanOf(valuesIn(times['TargetResponseTime.max'], span)),
    beforeSeen: now !== null && before !== null,
  };
}

export function answersSaid({ answered, requests, slowest }: UserAnswers): Text {
  const most = slowest === null ? '' : text`, the slowest in ${inSeconds(slowest)}`;
  return text`the same targets answered ${formatNumber(answered)} of ${count(requests, 'request')} (${percent(answered / requests)})${most}, and no connection failed`;
}
