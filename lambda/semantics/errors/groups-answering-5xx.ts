import type { MetricsById, TargetGroupMetric } from '../../incident/evidence.ts';
import { groupBy } from '../group-by.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';
import type { Errors } from './errors.ts';
import { errorsOfGroups } from './errors-of-groups.ts';

/** Groups that begin within so many minutes of each other begin together. */
const TOGETHER = 3;

/** The groups that answer 5xx, most first, apart where they began apart; a single set of none where AWS does not tell. */
export function beginningTogether(
  all5xx: Errors,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
): readonly (readonly string[])[] {
  const groups = groupsAnswering5xx(byGroup, all5xx.span);
  const begun = groups.map((arn) => ({ arn, first: errorsOfGroups(all5xx, [arn], byGroup).span.first }));
  const firsts = begun.map(({ first }) => first).sort((one, other) => one - other);
  const starts = firsts.filter((first, index) => index === 0 || first - (firsts[index - 1] ?? first) > TOGETHER);
  if (starts.length < 2) return [groups];
  const startOf = (first: number) => starts.findLast((start) => start <= first);
  return groupBy(begun, ({ first }) => String(startOf(first))).map((same) => same.map(({ arn }) => arn));
}

/** A group with less than this share of them has what any group has. */
const FEW = 0.05;

/** Most first. */
function groupsAnswering5xx(byGroup: MetricsById<TargetGroupMetric> | undefined, span: Span): readonly string[] {
  const all = (byGroup?.of ?? [])
    .map(({ id, values }) => ({ id, errors: sumOf(valuesIn(values.HTTPCode_Target_5XX_Count, span)) ?? 0 }))
    .filter((group) => group.errors > 0)
    .sort((a, b) => b.errors - a.errors || (a.id < b.id ? -1 : 1));
  const sum = all.reduce((total, group) => total + group.errors, 0);
  return all.filter((group) => group.errors >= FEW * sum).map(({ id }) => id);
}
