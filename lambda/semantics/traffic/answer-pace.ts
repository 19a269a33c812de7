import type { MetricsById, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Errors } from '../errors/errors.ts';
import { maxOf, type Span } from '../time/minutes.ts';
import { DEFAULT_IDLE_TIMEOUT } from './idle-timeout.ts';
import { slowestAnswer } from './latency.ts';

/** Slowest answers from here on are near the idle timeout: those beyond it never show in TargetResponseTime. */
const NEAR = 0.75;

/** How long answers took, from some minutes before the errors on. */
export interface AnswerPace {
  /** In seconds, of all that hosts answered. */
  readonly slowest: number | null;
  readonly isNear: boolean;
  /** They came near the timeout with the errors, and were not before. */
  readonly slowed: boolean;
  /** The groups whose slowest answers are near it. */
  readonly nearIn: readonly string[];
}

/** The groups that get requests: a function is invoked, and takes its time without any connection that could be idle. */
export interface RoutedKinds {
  readonly all: readonly string[];
  readonly functions: readonly string[];
  readonly onHosts: readonly string[];
}

export function paceOf(
  { all, functions, onHosts }: RoutedKinds,
  { metrics, span }: Errors,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  timeout: number,
): AnswerPace {
  const groups = byGroup?.of ?? [];
  const asked = groups.filter(({ id }) => onHosts.includes(id));
  // How long functions run is in the load balancer's own count, too.
  const slowestIn = (part: Span) =>
    onHosts.length === all.length
      ? slowestAnswer(metrics.values, part)
      : maxOf(asked.map(({ values }) => slowestAnswer(values, part)));
  const isNear = (seconds: number | null) => (seconds ?? 0) >= NEAR * timeout;
  const around = { first: Math.max(0, span.first - 10), last: span.last };
  const slowest = slowestIn(around);
  // One endpoint that always takes so long proves nothing, unless the timeout itself became too short for it.
  const usual = slowestIn({ first: Math.max(0, around.first - 60), last: around.first - 1 });
  return {
    slowest,
    isNear: isNear(slowest),
    slowed: isNear(slowest) && (timeout < DEFAULT_IDLE_TIMEOUT || !isNear(usual)),
    nearIn: groups.flatMap(({ id, values }) =>
      !functions.includes(id) && isNear(slowestAnswer(values, around)) ? id : [],
    ),
  };
}
