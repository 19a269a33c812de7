import type { LoadBalancerMetric, TargetGroupMetric, Values } from '../../lambda/incident/evidence.ts';
import { METRIC_MINUTES } from '../../lambda/incident/question.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { NOW } from './a-snapshot.ts';

/** Numbers as they come in production: they wander. The same seed gives the same ones on every machine. */
export function wandering(
  seed: number,
  level: number | readonly [atFirst: number, atLast: number],
  share: number,
  digits = 0,
): Values {
  const [first, last] = typeof level === 'number' ? [level, level] : level;
  return Array.from({ length: METRIC_MINUTES }, (_, index) => {
    const mean = first + ((last - first) * index) / (METRIC_MINUTES - 1);
    return rounded(mean * (1 + share * (2 * chance(seed, index) - 1)), digits);
  });
}

/** Other values from one time of this afternoon until another: `'14:02'` is minute 152. */
export function during(
  values: Values,
  from: string,
  until: string,
  other: number | null | ((value: number, minute: number) => number | null),
): Values {
  return values.map((value, index) => {
    if (index < minuteOf(from) || index >= minuteOf(until)) return value;
    return typeof other === 'function' ? other(value ?? 0, index - minuteOf(from)) : other;
  });
}

/** Nothing but what is told of single minutes: `{ '14:11': 1 }`. */
export function inMinutes(of: Readonly<Record<string, number>>, otherwise: number | null = null): Values {
  return Object.entries(of).reduce(
    (values, [clock, value]) => values.map((other, index) => (index === minuteOf(clock) ? value : other)),
    Array.from({ length: METRIC_MINUTES }, (): number | null => otherwise),
  );
}

/** A time of this afternoon as AWS writes it. */
export function today(clock: string, seconds = '00'): string {
  return `${NOW.slice(0, 11)}${clock}:${seconds}Z`;
}

/** Minutes `every` so many, from one time until another. */
export function recurring(from: string, until: string, every: number): readonly string[] {
  const count = Math.ceil((minuteOf(until) - minuteOf(from)) / every);
  return Array.from({ length: count }, (_, index) => clockOf(minuteOf(from) + index * every));
}

type FailedCode = '500' | '502' | '503' | '504';

/** How the requests of each minute ended. A 503 found no target: AWS does not count it as a request. */
export interface Ends {
  readonly requests: Values;
  readonly failed?: Readonly<Partial<Record<FailedCode, Values>>>;
  readonly target?: Readonly<Partial<Record<'3XX' | '4XX' | '5XX', Values>>>;
}

/** The counts that AWS sends of it: no datapoint for an error that did not occur. */
export function counts({ requests, failed = {}, target = {} }: Ends): Partial<Record<LoadBalancerMetric, Values>> {
  const codes = Object.entries(failed) as readonly [FailedCode, Values][];
  const reached = codes.filter(([code]) => code !== '503').map(([, values]) => values);
  const answered = Object.entries(target) as readonly ['3XX' | '4XX' | '5XX', Values][];
  const others = [...reached, ...answered.map(([, values]) => values)];
  const sum = (of: readonly Values[], index: number): number =>
    of.reduce((total, values) => total + (values[index] ?? 0), 0);
  const elb5xx = requests.map((_, index) =>
    sum(
      codes.map(([, values]) => values),
      index,
    ),
  );
  return {
    RequestCount: requests,
    HTTPCode_Target_2XX_Count: requests.map(
      (value, index) => (value && Math.max(0, value - sum(others, index))) || null,
    ),
    HTTPCode_ELB_5XX_Count: seldom(elb5xx),
    ...Object.fromEntries(codes.map(([code, values]) => [`HTTPCode_ELB_${code}_Count`, seldom(values)])),
    ...Object.fromEntries(answered.map(([kind, values]) => [`HTTPCode_Target_${kind}_Count`, seldom(values)])),
  };
}

/** Seconds; no datapoint in a minute without an answer, and none above the idle timeout of 60. */
export function responseTimes(seed: number, answers: Values | undefined, p50: number, p99: number | Values) {
  const inMinute = (values: Values): Values => values.map((value, index) => (answers?.[index] ? value : null));
  const slow = typeof p99 === 'number' ? wandering(seed + 1, p99, 0.3, 3) : p99;
  return {
    'TargetResponseTime.p50': inMinute(wandering(seed, p50, 0.12, 3)),
    'TargetResponseTime.p99': inMinute(slow),
    'TargetResponseTime.max': inMinute(
      slow.map((value, index) => rounded(Math.min(59.4, (value ?? 0) * (1.2 + 1.6 * chance(seed + 2, index))), 3)),
    ),
  };
}

/** What AWS counts by target group as well, of a load balancer with a single one. */
export function ofItsGroup(
  values: Readonly<Partial<Record<LoadBalancerMetric, Values>>>,
): Partial<Record<TargetGroupMetric, Values>> {
  const alsoByGroup = /^(RequestCount|HTTPCode_Target_|TargetConnectionError|TargetTLSNegotiation|TargetResponseTime)/;
  return Object.fromEntries(Object.entries(values).filter(([name]) => alsoByGroup.test(name)));
}

/** The same under another name, in another Region and account, and at another time. */
export function elsewhere(
  snapshot: Snapshot,
  to: { readonly name: string; readonly region: string; readonly account: string; readonly hoursLater?: number },
): Snapshot {
  const { name, region, account, hoursLater = 0 } = to;
  const text = JSON.stringify(snapshot)
    .replaceAll('us-east-1', region)
    .replaceAll('123456789012', account)
    .replaceAll('app/web/50dc6c495c0c9188', `app/${name}/50dc6c495c0c9188`)
    .replaceAll('web-1234567890.', `${name}-1234567890.`)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) => later(time, hoursLater));
  const moved = JSON.parse(text) as Snapshot;
  const { question, evidence } = moved;
  const { loadBalancer } = evidence;
  return {
    ...moved,
    question: { ...question, subject: { ...question.subject, name } },
    evidence: {
      ...evidence,
      loadBalancer: loadBalancer.seen ? { ...loadBalancer, value: { ...loadBalancer.value, name } } : loadBalancer,
    },
  };
}

function later(time: string, hours: number): string {
  return new Date(Date.parse(time) + hours * 3_600_000).toISOString().replace('.000Z', 'Z');
}

function minuteOf(clock: string): number {
  return (Date.parse(today(clock)) - Date.parse(NOW)) / 60_000 + METRIC_MINUTES;
}

function clockOf(minute: number): string {
  return new Date(Date.parse(NOW) + (minute - METRIC_MINUTES) * 60_000).toISOString().slice(11, 16);
}

function seldom(values: Values): Values {
  return values.map((value) => value || null);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** For a seed and a minute, in [0, 1). */
function chance(seed: number, index: number): number {
  const mixed = [0x7feb352d, 0x846ca68b].reduce(
    (hash, factor) => Math.imul(hash ^ (hash >>> 15), factor),
    Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b),
  );
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
