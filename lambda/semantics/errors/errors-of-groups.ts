import type { ErrorKind } from '../../incident/cause.ts';
import type { LoadBalancerMetric, MetricsById, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { memo } from '../memo.ts';
import { onceFor } from '../once-for.ts';
import { maxOf, sumOf, valuesIn } from '../time/minutes.ts';
import { TARGET_ANSWERS } from '../traffic/target-traffic.ts';
import { errorsOfKinds, onlyKinds, usesTargetOptimizer } from './error-series.ts';
import type { Errors } from './errors.ts';
import { timeoutsByGroup, type Unanswered } from './kinds-by-group.ts';

type GroupMetrics = MetricsById<TargetGroupMetric>;

/**
 * The errors that targets of some groups can have made, minute by minute, judged by themselves where other groups have errors
 * of their own. What AWS does not tell apart by group counts as theirs.
 */
export function errorsOfGroups(errors: Errors, groups: readonly string[], byGroup: GroupMetrics | undefined): Errors {
  const part = () => partOfGroups(errors, groups, byGroup);
  return byGroup === undefined ? part() : partsOf(errors)(byGroup)(groups.join(' '), part);
}

/** Nearly every cause asks for those of the same few groups. */
const partsOf = onceFor((_: Errors) => onceFor((_: GroupMetrics) => memo<Errors>()));

function partOfGroups(errors: Errors, groups: readonly string[], byGroup: GroupMetrics | undefined): Errors {
  // Authentication and AWS WAF come before a target group is chosen.
  const theirs = onlyKinds(errors.series, ['502', '503', '504', 'target5xx']);
  if (byGroup === undefined || byGroup.of.every(({ id }) => groups.includes(id))) return errors.beginningLater(theirs);
  const { series, span } = errors;
  const unanswered = byGroup.of.map(({ id, values }) => ({ id, failed: unansweredIn(values) }));
  const ways = timeoutsByGroup(unanswered, { errors502: series['502'], errors504: series['504'] }, span);
  const areUnanswered = areTold(unanswered, errors, ['502', '504']);
  const onTheWay = (kind: '502' | '504', counts: (id: string) => number) =>
    partOf(groups, {
      ...{ failed: unanswered, counts, isWhole: areUnanswered },
      counted: ways === null ? errorsOfKinds(series, ['502', '504']) : series[kind],
    });
  const answered = byGroup.of.map(({ id, values }) => ({ id, failed: values.HTTPCode_Target_5XX_Count ?? [] }));
  const part = {
    ...theirs,
    '502': scaled(
      theirs['502'],
      onTheWay('502', (id) => 1 - (ways?.get(id) ?? 0)),
    ),
    '503': usesTargetOptimizer(errors.metrics) ? theirs['503'] : withoutEmptyOthers(theirs['503'], groups, byGroup),
    '504': scaled(
      theirs['504'],
      onTheWay('504', (id) => ways?.get(id) ?? 1),
    ),
    target5xx: scaled(
      theirs.target5xx,
      partOf(groups, {
        ...{ failed: answered, counts: () => 1, isWhole: areTold(answered, errors, ['target5xx']) },
        counted: series.target5xx,
      }),
    ),
  };
  return errors.asPart(part, countsOf(groups, byGroup));
}

const COUNTED = [
  'RequestCount',
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'TargetConnectionErrorCount',
  'TargetTLSNegotiationErrorCount',
] as const;
const MEASURED = ['TargetResponseTime.p50', 'TargetResponseTime.p99', 'TargetResponseTime.max'] as const;

/** What was counted of these groups, and how long they took, as far as AWS tells it by group. */
function countsOf(groups: readonly string[], { of }: GroupMetrics): Partial<Record<LoadBalancerMetric, Values>> {
  const own = of.filter(({ id }) => groups.includes(id));
  const inAll = (name: keyof GroupValues, put: (values: Values) => number | null) => {
    const minutes = Math.max(0, ...of.map(({ values }) => values[name]?.length ?? 0));
    const values = Array.from({ length: minutes }, (_, minute) =>
      put(own.map((group) => group.values[name]?.[minute] ?? null)),
    );
    return minutes === 0 ? [] : [[name, values] as const];
  };
  return Object.fromEntries([
    ...COUNTED.flatMap((name) => inAll(name, sumOf)),
    ...MEASURED.flatMap((name) => inAll(name, maxOf)),
  ]);
}

type GroupValues = GroupMetrics['of'][number]['values'];

function unansweredIn(values: GroupValues): Values {
  const answers = TARGET_ANSWERS.map((name) => values[name] ?? []);
  return (values.RequestCount ?? []).map((sent, minute) =>
    sent === null ? null : Math.max(0, sent - (sumOf(answers.map((of) => of[minute] ?? null)) ?? 0)),
  );
}

/** As much as the load balancer counted, about: otherwise some metric is missing. */
function areTold(failed: readonly Unanswered[], { series, span }: Errors, kinds: readonly ErrorKind[]): boolean {
  const counted = sumOf(valuesIn(errorsOfKinds(series, kinds), span)) ?? 0;
  const total = sumOf(failed.map((group) => sumOf(valuesIn(group.failed, span)))) ?? 0;
  return total >= 0.5 * counted && total <= 2 * counted;
}

interface Told {
  readonly failed: readonly Unanswered[];
  /** Which part of what failed in a group is of the kind in question. */
  readonly counts: (id: string) => number;
  readonly isWhole: boolean;
  /** How many of the kind the load balancer counted, by minute. */
  readonly counted: Values;
}

/** As many as were counted in the very minute, but for so many: they were sent in it, too. */
const EXACT = 0.02;

/** By minute, which part of what failed in all groups did so in these; all of it where AWS does not tell. */
function partOf(groups: readonly string[], { failed, counts, isWhole, counted }: Told): (minute: number) => number {
  if (!isWhole) return () => 1;
  return (minute) => {
    const within = (all: readonly Unanswered[], first: number) =>
      sumOf(all.map(({ id, failed: of }) => counts(id) * (sumOf(valuesIn(of, { first, last: minute })) ?? 0))) ?? 0;
    const now = counted[minute] ?? 0;
    const isExact = Math.abs(within(failed, minute) - now) <= EXACT * now;
    // Otherwise what was not answered in time was sent the minute before.
    const first = isExact ? minute : minute - 1;
    const all = within(failed, first);
    const own = failed.filter(({ id }) => groups.includes(id));
    return all === 0 ? 1 : within(own, first) / all;
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
