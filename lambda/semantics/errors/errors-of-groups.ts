import type { ErrorKind } from '../../incident/cause.ts';
import type { MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';
import { TARGET_ANSWERS } from '../traffic/target-traffic.ts';
import { errorsOfKinds, onlyKinds, usesTargetOptimizer } from './error-series.ts';
import type { Errors } from './errors.ts';

type GroupMetrics = MetricsById<TargetGroupMetric>;

/**
 * The errors that targets of some groups can have made, minute by minute, judged by an onset of their own where that is
 * later: another group may have failed before. What AWS does not tell apart by group counts as theirs.
 */
export function errorsOfGroups(errors: Errors, groups: readonly string[], byGroup: GroupMetrics | undefined): Errors {
  // Authentication and AWS WAF come before a target group is chosen.
  const theirs = onlyKinds(errors.series, ['502', '503', '504', 'target5xx']);
  if (byGroup === undefined || byGroup.of.every(({ id }) => groups.includes(id))) return errors.beginningLater(theirs);
  const unanswered = partOf(groups, byGroup, unansweredIn, errors, ['502', '504']);
  const answered = partOf(groups, byGroup, (values) => values.HTTPCode_Target_5XX_Count ?? [], errors, ['target5xx']);
  return errors.beginningLater({
    ...theirs,
    '502': scaled(theirs['502'], unanswered),
    '503': usesTargetOptimizer(errors.metrics) ? theirs['503'] : withoutEmptyOthers(theirs['503'], groups, byGroup),
    '504': scaled(theirs['504'], unanswered),
    target5xx: scaled(theirs.target5xx, answered),
  });
}

type GroupValues = GroupMetrics['of'][number]['values'];

function unansweredIn(values: GroupValues): Values {
  const answers = TARGET_ANSWERS.map((name) => values[name] ?? []);
  return (values.RequestCount ?? []).map((sent, minute) =>
    sent === null ? null : Math.max(0, sent - (sumOf(answers.map((of) => of[minute] ?? null)) ?? 0)),
  );
}

/** By minute, which part of what failed in all groups did so in these; all of it where AWS does not tell. */
function partOf(
  groups: readonly string[],
  { of }: GroupMetrics,
  failedIn: (values: GroupValues) => Values,
  { series, span }: Errors,
  kinds: readonly ErrorKind[],
): (minute: number) => number {
  const failed = of.map(({ id, values }) => ({ id, failed: failedIn(values) }));
  const counted = sumOf(valuesIn(errorsOfKinds(series, kinds), span)) ?? 0;
  const total = sumOf(failed.map((group) => sumOf(valuesIn(group.failed, span)))) ?? 0;
  // As much as the load balancer counted, about: otherwise some metric is missing.
  if (total < 0.5 * counted || total > 2 * counted) return () => 1;
  return (minute) => {
    // What was not answered in time was sent the minute before.
    const lately = (all: typeof failed) =>
      sumOf(all.map((group) => sumOf(valuesIn(group.failed, { first: minute - 1, last: minute })))) ?? 0;
    const all = lately(failed);
    return all === 0 ? 1 : lately(failed.filter(({ id }) => groups.includes(id))) / all;
  };
}

function scaled(values: Values, part: (minute: number) => number): Values {
  return values.map((value, minute) => (value === null ? null : Math.round(value * part(minute))));
}

/**
 * Requests to an empty group are counted nowhere: while one took none and these did, the 503s are those of the empty one.
 * Agents of target optimizer answer 503 for groups that take requests.
 */
function withoutEmptyOthers(errors503: Values, groups: readonly string[], { of }: GroupMetrics): Values {
  const sent = of.map(({ id, values }) => ({ id, requests: values.RequestCount ?? [] }));
  const own = sent.filter(({ id }) => groups.includes(id));
  const others = sent.filter(({ id, requests }) => !groups.includes(id) && (sumOf(requests) ?? 0) > 0);
  const tookAny = (minute: number) => (group: (typeof sent)[number]) => (group.requests[minute] ?? 0) > 0;
  return errors503.map((count, minute) => {
    const isOthers = own.some(tookAny(minute)) && !others.every(tookAny(minute));
    return count === null ? null : isOthers ? 0 : count;
  });
}
