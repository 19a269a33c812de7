import type { Values } from '../../lambda/incident/evidence.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { MINUTE, middlesOf, rounded, type Series, type Span, seriesOf, sum, sumWithin, within } from './figures.ts';

/** The numbers of a sentence, by what they count, and what makes them. */
export interface Numbers {
  /** Those with a unit that nothing makes; `own` are the times it tells, `beside` those told with it. What it counts, it counts from or to one of its own, if any. */
  unknownIn(sentence: string, own: readonly number[], beside: readonly number[]): readonly string[];
}

const NUMBER = String.raw`(?<![\w.:/×-])(\d[\d,]*(?:\.\d+)?)`;
const OF = String.raw`(?: of (\d[\d,]*))?`;
/** What is summed over minutes. */
const SUMMED = new RegExp(
  `${NUMBER}${OF} (?:fixed responses|invocations|connection errors?|connections? |requests?\\b(?! a minute)|5xx errors?|errors? of)`,
  'g',
);
/** With one code: that count, and no other. */
const ANSWERED = /(\d[\d,]*) requests? (?:were )?answered ([45]\d\d)(?! or| and|\d)/g;
const BY_MINUTE = new RegExp(`${NUMBER}(?: requests)? a minute`, 'g');
const THINGS = new RegExp(`${NUMBER}${OF} (?:targets?|instances?|tasks?|services?)(?! of it)`, 'g');
/** But for what AWS sets where nobody did. */
const SECONDS = new RegExp(`(?<!default is )${NUMBER} s(?!\\w)`, 'g');
const NAMED = /(?:\bport|\bTCP|\btcp|\bcodes?:?|\brule|\bfail on|\bexit code|\blimit) \[?(\d+)(?=[\s,:;\])]|$)/g;

/** A status code: three digits where no noun follows that says what is counted. */
const CODE =
  /(?:\banswers?|\banswered|\bor|\band|\bnone|\bgets|\bfor|×) ([1-5]\d\d)(?=[,:;)]| (?:or|and|none|since|on|in|instead|from)\b|$)/g;
/** The load balancer's own, seen or not. */
const OWN_CODES = ['500', '502', '503', '504'];
const isOwn = (code: string | number): boolean => OWN_CODES.includes(String(code));
const numberIn = (text: string): number => Number(text.replaceAll(',', ''));

const SHARE = new RegExp(`(?<!under )${NUMBER} %(?= of (?:the )?requests)`, 'g');

export function numbersOf(snapshot: Snapshot): Numbers {
  const series = seriesOf(snapshot);
  const text = JSON.stringify(snapshot.evidence);
  const named = new Set(text.match(/(?<![\w.])\d+(?![\w.])/g) ?? []);
  const counts = lazily(() => countsIn(snapshot));
  const newest = series
    .slice(0, 1)
    .flatMap(({ from, step, values }) => NEWEST.map((n) => from + (values.length - n) * step));
  const lastErrors = series.flatMap((one) =>
    one.key === 'loadBalancerMetrics' && /_5XX_Count/.test(one.name) ? endOf(one) : [],
  );
  const { targetHealth } = snapshot.evidence;
  const targets = Math.max(1, targetHealth.seen ? targetHealth.value.length : 1);
  const slow = lazily(() => secondsOf(series));
  return {
    unknownIn(sentence, own, beside) {
      const hoursBefore = [...own, ...beside].map((time) => time - 60 * MINUTE);
      // What is taken away in a minute has begun to leave in the one before.
      const taken = REMOVAL.test(sentence) ? beside.map((time) => time - MINUTE) : [];
      const all = spansBetween([...own, ...beside, ...taken, ...lastErrors, ...newest]);
      const spans = own.length === 0 ? all : all.filter(({ from, to }) => own.includes(from) || own.includes(to));
      const missing = (kind: RegExp, known: (number: number) => boolean): readonly string[] =>
        [...sentence.matchAll(kind)].flatMap(([all, ...numbers]) =>
          numbers.some((number) => number !== undefined && !known(numberIn(number))) ? [all] : [],
        );
      const sums = lazily(() => sumsOver([...series, ...beside504s(series)], spans));
      const rates = lazily(() =>
        ratesOver(series, [...all, ...spansBetween([...own, ...beside, ...hoursBefore])], targets),
      );
      const means = lazily(() => {
        const untilTen = [...own, ...beside, ...hoursBefore].map((time) => time - 10 * MINUTE);
        return meansOver(
          series,
          spansBetween([...own, ...beside, ...hoursBefore, ...untilTen, ...lastErrors, ...newest]),
        );
      });
      const shares = lazily(() => sharesOver(series, spans));
      const answered = [...sentence.matchAll(ANSWERED)].flatMap(([all, number = '', code = '']) => {
        const ofCode = series.filter(
          ({ name }) =>
            name.includes(`_${code}_`) ||
            (!isOwn(code) && name.includes('5XX')) ||
            // Of a group, what its targets did not answer became one of these.
            (['502', '504'].includes(code) && name === 'unanswered'),
        );
        return sumsOver(ofCode, spans).has(numberIn(number)) ? [] : [all];
      });
      return [
        ...answered,
        ...missing(SUMMED, (number) => sums().has(number)),
        ...missing(BY_MINUTE, (number) => rates().has(number)),
        ...missing(THINGS, (number) => counts().has(number)),
        ...missing(
          SECONDS,
          (number) =>
            slow().has(number) || named.has(String(number)) || (AVERAGE.test(sentence) && means().has(number)),
        ),
        ...missing(CODE, (number) => isOwn(number) || named.has(String(number))),
        ...missing(SHARE, (number) => shares().has(number)),
        // HTTPS is what identity providers speak.
        ...missing(NAMED, (number) => number === 443 || named.has(String(number))),
      ];
    },
  };
}

/** What failed on the way to targets in minutes with a 504, and in no others: `in the same minutes`. */
function beside504s(series: readonly Series[]): readonly Series[] {
  const ofLoadBalancer = series.filter(({ key }) => key === 'loadBalancerMetrics');
  const timeouts = ofLoadBalancer.find(({ name }) => name === 'HTTPCode_ELB_504_Count')?.values ?? [];
  return ofLoadBalancer
    .filter(({ name }) => /^Target(Connection|TLSNegotiation)ErrorCount$/.test(name))
    .map((one) => ({ ...one, values: one.values.map((value, n) => ((timeouts[n] ?? 0) > 0 ? value : null)) }));
}

function secondsOf(series: readonly Series[]): ReadonlySet<number> {
  const times = series.filter(({ name }) => name.startsWith('TargetResponseTime') || name.startsWith('Duration'));
  return new Set(
    times.flatMap(({ name, values }) =>
      meansOf(values).flatMap((value) => rounded(name.startsWith('Duration') ? value / 1000 : value)),
    ),
  );
}

/** Of one minute, or of some in a row. */
function meansOf(values: Values): readonly number[] {
  return values.flatMap((_, n) =>
    Array.from({ length: IN_A_ROW }, (_, more) => {
      const some = values.slice(n, n + 1 + more).filter((value) => value !== null);
      return some.length === 0 ? 0 : sum(some) / some.length;
    }),
  );
}

/** Of all the minutes in a span, where it is told as an average. */
function meansOver(series: readonly Series[], spans: readonly Span[]): ReadonlySet<number> {
  const times = series.filter(({ name }) => name.startsWith('TargetResponseTime.p'));
  return new Set(
    spans.flatMap((span) =>
      times.flatMap((one) => {
        const values = within(one, span);
        return values.length === 0 ? [] : rounded(sum(values) / values.length);
      }),
    ),
  );
}

const AVERAGE = /of response times per minute was .* on average/;
const REMOVAL = /taken away for failed health checks/;
const IN_A_ROW = 10;
/** How many minutes before the last. */
const NEWEST = [0, 1, 2, 3, 4, 5, 10];
/** Among more, a rate for each could be any number. */
const MANY = 20;

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** After the last minute with something in it. */
function endOf({ from, step, values }: Series): readonly number[] {
  const last = values.findLastIndex((value) => value !== null && value > 0);
  return last < 0 ? [] : [from + (last + 1) * step];
}

function spansBetween(times: readonly number[]): readonly Span[] {
  const all = [...new Set(times)].sort((one, other) => one - other);
  return all.flatMap((from) => all.filter((to) => to > from).map((to) => ({ from, to })));
}

/** Of each count, of the same count of all groups or zones, and of two kinds of errors. */
function sumsOver(series: readonly Series[], spans: readonly Span[]): ReadonlySet<number> {
  const counts = series.filter(({ name }) => !/\.|Utili[sz]ation|Balance|percent/.test(name));
  const names = [...new Set(counts.map(({ key, name }) => `${key} ${name}`))];
  return new Set(
    spans.flatMap((span) => {
      const totals = counts.map((one) => ({ one, total: sumWithin(one, span) }));
      const together = names.map((name) =>
        sum(totals.flatMap(({ one, total }) => (`${one.key} ${one.name}` === name ? [total] : []))),
      );
      const errors = totals.filter(({ one }) => one.key === 'loadBalancerMetrics' && /5\d\d|5XX/.test(one.name));
      const pairs = errors.flatMap(({ total }, n) => errors.slice(n + 1).map((other) => total + other.total));
      const answers = [...new Set(counts.map(({ owner }) => owner))].flatMap((owner) => answersOf(totals, owner));
      return [...totals.map(({ total }) => total), ...together, ...pairs, ...answers];
    }),
  );
}

/** What targets answered in all: with errors of theirs, or without. */
function answersOf(
  totals: readonly { readonly one: Series; readonly total: number }[],
  owner: string,
): readonly number[] {
  const of = (codes: RegExp): number =>
    sum(totals.flatMap(({ one, total }) => (one.owner === owner && codes.test(one.name) ? [total] : [])));
  return [of(/Target_[23]XX/), of(/Target_[234]XX/), of(/Target_[2345]XX/)];
}

/** Of requests, those that the load balancer refused before it counted them among them or not; rounded as people say it. */
function sharesOver(series: readonly Series[], spans: readonly Span[]): ReadonlySet<number> {
  const counts = series.filter(({ key, name }) => key === 'loadBalancerMetrics' && !name.includes('.'));
  const ofZones = series.filter(({ key, name }) => key === 'zoneMetrics' && name === 'RequestCount');
  return new Set(
    spans.flatMap((span) => {
      const totals = counts.map((one) => ({ name: one.name, total: sumWithin(one, span) }));
      const all = totals.find(({ name }) => name === 'RequestCount')?.total ?? 0;
      const some = totals.flatMap(({ total }, n) => [
        total,
        ...totals.slice(n + 1).map((other) => total + other.total),
      ]);
      const parts = [...some, ...ofZones.map((zone) => sumWithin(zone, span))];
      return parts.flatMap((part) => [part / all, part / (all + part)]).flatMap((share) => toldPercent(share * 100));
    }),
  );
}

function toldPercent(percent: number): readonly number[] {
  const tenths = Math.round(percent * 10) / 10;
  if (percent < 100 && tenths > 99) return [Math.min(tenths, 99.9)];
  return [tenths < 10 ? tenths : Math.round(percent)];
}

/** The mean, the middle one, the least and the most; of requests, also for each of so many targets. */
function ratesOver(series: readonly Series[], spans: readonly Span[], targets: number): ReadonlySet<number> {
  const shares = Array.from({ length: Math.min(targets, MANY) }, (_, n) => n + 1);
  const counts = series.filter(
    ({ key, name }) => /^(loadBalancer|targetGroup|zone)Metrics$/.test(key) && /Count$/.test(name),
  );
  return new Set(
    spans.flatMap((span) =>
      counts.flatMap((one) => {
        const values = within(one, span);
        if (values.length === 0) return [];
        const [total, minutes] = [sum(values), (span.to - span.from) / one.step];
        const rates = [
          total / values.length,
          total / minutes,
          ...middlesOf(values),
          Math.min(...values),
          Math.max(...values),
        ];
        return rates.flatMap((rate) =>
          (one.name === 'RequestCount' ? shares : [1]).flatMap((of) => rounded(rate / of)),
        );
      }),
    ),
  );
}

/** How long each list is, and how many of it are alike, in one of their fields or in two. */
function countsIn({ evidence }: Snapshot): ReadonlySet<number> {
  const counts = new Set<number>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      counts.add(value.length);
      // Of what has a time, those since then may be meant.
      const dated = value.some((item) => typeof item === 'object' && item !== null && 'at' in item);
      for (const alike of groupsOf(value)) for (let n = dated ? 1 : alike; n <= alike; n += 1) counts.add(n);
      for (const item of value) visit(item);
    } else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) visit(part);
    else if (typeof value === 'number' && value < 10_000) counts.add(value);
  };
  for (const observed of Object.values(evidence)) if (observed.seen) visit(observed.value);
  return counts;
}

/** In a sentence of AWS's, what makes it differ from the next of its kind. */
const PARTICULAR = /[\w:-]*\d[\w:-]*/g;

function groupsOf(items: readonly unknown[]): readonly number[] {
  const sizes = new Map<string, number>();
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue;
    const fields = Object.entries(item).flatMap(([name, of]) => {
      if (typeof of === 'object') return [];
      const isSentence = typeof of === 'string' && of.includes(' ');
      return [`${name}=${of}`, ...(isSentence ? [`${name}~${of.replace(PARTICULAR, '')}`] : [])];
    });
    for (const [n, field] of fields.entries()) {
      for (const other of fields.slice(n)) sizes.set(`${field} ${other}`, (sizes.get(`${field} ${other}`) ?? 0) + 1);
    }
  }
  return [...sizes.values()];
}
