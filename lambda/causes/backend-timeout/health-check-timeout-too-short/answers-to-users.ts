import type { Errors } from '../../../computed/errors.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import type { MetricsById, TargetGroup, TargetGroupMetric } from '../../../incident/evidence.ts';
import { count, formatNumber, inSeconds, percent, type Text, text } from '../../../incident/text.ts';
import { meanOf, type Span, valuesIn } from '../../../semantics/time/minutes.ts';
import { type AnswerTimes, slowestAnswer } from '../../../semantics/traffic/latency.ts';
import type { TargetTraffic } from '../../../semantics/traffic/target-traffic.ts';

/** Nearly all requests are answered by targets whose health checks time out. */
const NEARLY = 0.9;
/** Users' requests are not slow: their slowest answers are at most so many times those of the hour before. */
const SLOWER = 2;

interface UserAnswers extends TargetTraffic {
  /** In seconds. */
  readonly slowest: number | null;
}

/** What users got of a group; `null` unless nearly all got an answer, and as fast as before. */
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
  return isSlower(times, span) ? null : { ...answers, slowest: slowestAnswer(times, span) };
}

function isSlower(times: AnswerTimes, { first, last }: Span): boolean {
  const p99 = times['TargetResponseTime.p99'];
  const now = meanOf(valuesIn(p99, { first, last }));
  const before = meanOf(valuesIn(p99, { first: first - 60, last: first - 1 }));
  return now !== null && before !== null && now > SLOWER * before;
}

export function answersSaid({ answered, requests, slowest }: UserAnswers): Text {
  const most = slowest === null ? '' : text`, the slowest in ${inSeconds(slowest)}`;
  return text`the same targets answered ${formatNumber(answered)} of ${count(requests, 'request')} (${percent(answered / requests)})${most}, and no connection failed`;
}
