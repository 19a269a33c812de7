import * as v from 'valibot';

export const isoTime = v.pipe(
  v.string(),
  v.check((text) => Number.isFinite(Date.parse(text)), 'expected an ISO 8601 time'),
);

/** More than any window has: a number that somebody mistyped would be filled up with as many minutes. */
const MOST = 100_000;
const whole = `expected a whole number from 1 to ${MOST}`;
const length = v.pipe(v.number(whole), v.integer(whole), v.minValue(1, whole), v.maxValue(MOST, whole));

/** By minute or slot. Nothing that is measured here is below zero. */
const MOST_COUNTED = 1e15;
const count = `expected null or a number from 0 to ${MOST_COUNTED}`;
const counts = v.array(
  v.nullable(v.pipe(v.number(count), v.minValue(0, count), v.maxValue(MOST_COUNTED, count))),
  'expected a list of numbers',
);
const values = v.record(v.string(), counts, 'expected an object');
const grid = v.looseObject({ from: isoTime, minutes: length, every: v.optional(length) }, 'expected an object');
const survey = v.looseObject({ from: isoTime, seconds: length, slots: length, values }, 'expected an object');

const ofOne = v.looseObject({ grid, values, survey: v.optional(survey) }, 'expected an object');
const ofSeveral = v.looseObject({ grid, of: v.array(v.looseObject({ id: v.string(), values })) }, 'expected an object');

/** Rows of numbers within what is checked with the rest of the snapshot. */
const counted = v.looseObject({ grid }, 'expected an object');

const MEASURED = {
  loadBalancerMetrics: ofOne,
  zoneMetrics: ofSeveral,
  targetGroupMetrics: ofSeveral,
  instanceMetrics: ofSeveral,
  serviceMetrics: ofSeveral,
  lambdaMetrics: ofSeveral,
  accessLog: counted,
  connectionLog: counted,
  healthCheckLog: counted,
};

/** AWS writes numbers as text there. */
const DIGITS = /^\d{1,9}$/;

/** Attributes that are computed with. */
export function wrongAttributes(evidence: Readonly<Record<string, unknown>>): string | undefined {
  const { loadBalancerAttributes: own, targetGroupAttributes: groups } = evidence as Readonly<
    Record<string, { readonly value?: object } | undefined>
  >;
  const all = [
    ['loadBalancerAttributes.value', own?.value],
    ...Object.entries(groups?.value ?? {}).map(([arn, of]) => [`targetGroupAttributes.value.${arn}`, of]),
  ] as const;
  for (const [path, attributes] of all) {
    const wrong = Object.entries(attributes ?? {}).find(
      ([key, value]) => /seconds$/.test(key) && !DIGITS.test(String(value)),
    );
    if (wrong !== undefined)
      return `evidence.${path}.${wrong[0]}: expected a number of seconds, found ${JSON.stringify(wrong[1])}`;
  }
  return undefined;
}

/** What in the metrics of a snapshot cannot be computed with, by its place in the file; `undefined` where nothing is. */
export function wrongMetrics(evidence: Readonly<Record<string, unknown>>): string | undefined {
  for (const [key, schema] of Object.entries(MEASURED)) {
    const observed = evidence[key] as { readonly seen: boolean; readonly value?: unknown } | undefined;
    if (!observed?.seen) continue;
    const { issues: [issue] = [] } = v.safeParse(schema, observed.value);
    if (issue === undefined) continue;
    const path = v.getDotPath(issue);
    return `evidence.${key}.value${path === null ? '' : `.${path}`}: ${issue.message}`;
  }
  return undefined;
}
