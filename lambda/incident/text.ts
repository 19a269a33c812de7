/**
 * Words without a medium. A cause writes what it has to say once; each renderer decides mark-up, escaping, quoting and
 * how to write a time. Plain data, so that it lives in JSON.
 */

/** An ISO 8601 time in UTC, e.g. `2026-03-10T14:24:00Z`. */
export type Time = string;

export type Part =
  /** `theirs`: AWS or a person wrote it. */
  | { readonly kind: 'word'; readonly text: string; readonly theirs?: true }
  /** Something a machine says: a code, a port, a reason, a setting. */
  | { readonly kind: 'code'; readonly text: string }
  /** The id or name of an AWS resource. */
  | { readonly kind: 'resource'; readonly text: string }
  | { readonly kind: 'time'; readonly at: Time };

export type Text = readonly Part[];

declare const ours: unique symbol;

/** Words of our own that are put together as the program runs, e.g. `2 targets`; never what AWS or a person wrote. */
export type Phrase = string & { readonly [ours]: true };

export type Insert = string | number | Part | Text;

/** What the compiler names where a string of unknown origin is put among our words. */
type BareString = { readonly 'say what it is: resource(), code(), verbatim(), or a phrase of ours': never };

/** A string that stands in the source, or one of several, or a phrase. Where `{}` will do for the record, it is any string. */
type Own<I> = I extends Phrase
  ? I
  : I extends string
    ? Record<never, never> extends Record<I, 1>
      ? BareString
      : I
    : I;
export type AllOwn<I extends readonly Insert[]> = { readonly [K in keyof I]: Own<I[K]> };

/**
 * `` text`${resource(id)} is ${code('stopped')} since ${time(at)}` ``. A string that the source
 * does not hold, such as an id, does not compile bare: forgotten mark-up is seen by nobody, and alters no test.
 */
export function text<const I extends readonly Insert[]>(strings: TemplateStringsArray, ...inserts: AllOwn<I>): Text {
  return assembled(strings, inserts as readonly Insert[]);
}

function assembled(strings: readonly string[], inserts: readonly Insert[]): Text {
  const parts: Part[] = [];
  strings.forEach((words, index) => {
    push(parts, { kind: 'word', text: words });
    const insert = inserts[index];
    if (insert === undefined) return;
    if (typeof insert === 'string' || typeof insert === 'number') push(parts, { kind: 'word', text: String(insert) });
    else if (isText(insert)) for (const part of insert) push(parts, part);
    else push(parts, insert);
  });
  return parts;
}

export const code = (value: string | number): Part => ({ kind: 'code', text: String(value) });
export const resource = (id: string): Part => ({ kind: 'resource', text: id });
export const time = (at: Time): Part => ({ kind: 'time', at });
export const words = <const S extends string>(own: Own<S>): Text => [{ kind: 'word', text: own as string }];

/** A sentence that AWS or a person wrote, as it is: a reason, a description. An id or a setting is no sentence. */
export const verbatim = (theirs: string): Text => [{ kind: 'word', text: theirs, theirs: true }];

/** A sentence of ours as it stands within another, after a colon or a comma: a name that it begins with keeps its letters. */
export function uncapitalised(says: Text): Text {
  const [first, ...rest] = says;
  if (first?.kind !== 'word' || !/^[A-Z][a-z]*(?![\w'’-])/.test(first.text) || NAMES.test(first.text)) return says;
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...rest];
}

const NAMES = /^(Amazon|Auto Scaling|Cognito|Elastic|Fargate|Kubernetes|Lambda|Spot|Terraform)\b/;

/** A sentence that AWS wrote, within one of ours. */
export const asQuoted = (theirs: string): Text => text`"${verbatim(theirs.trim().replace(/\.$/, ''))}"`;

/** Words put together of our own, e.g. `` phrase`${n} of ${count(all, 'target')}` ``. */
export const phrase = <const I extends readonly (string | number)[]>(
  strings: TemplateStringsArray,
  ...inserts: AllOwn<I>
): Phrase => String.raw({ raw: strings }, ...inserts) as Phrase;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 7 more`. */
export function andList<const I extends readonly Insert[]>(items: AllOwn<I>, atMost = 4): Text {
  const given = items as readonly Insert[];
  const shown = given.length > atMost ? given.slice(0, atMost - 1) : given;
  const rest = given.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return assembled(['', ...all.slice(1).map((_, index) => (index === all.length - 2 ? ' and ' : ', '))], all);
}

/** `a or b or c`: with the same words between any two. */
export function orList<const I extends readonly Insert[], const B extends string>(
  items: AllOwn<I>,
  between: Own<B>,
): Text {
  const given = items as readonly Insert[];
  return assembled(['', ...given.slice(1).map(() => between as string)], given);
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf<const I extends readonly Insert[]>(items: AllOwn<I>): Text {
  const given = items as readonly Insert[];
  return assembled(['', ...given.slice(1).map((_, index) => (index === given.length - 2 ? ' or ' : ', '))], given);
}

/** `2 of 5 targets`; of all of them `the only target`, `both targets`, `all 3 targets`: nobody says "1 of 1". */
export function partOf<const One extends string>(part: number, of: number, one: Own<One>): Phrase {
  if (part < of) return `${formatNumber(part)} of ${formatNumber(of)} ${one}s` as Phrase;
  if (of === 1) return `the only ${one}` as Phrase;
  return `${of === 2 ? 'both' : `all ${formatNumber(of)}`} ${one}s` as Phrase;
}

/** `1 target`, `2 targets`; a plural that is not `-s` is given. */
export function count<const One extends string, const Many extends string = never>(
  n: number,
  one: Own<One>,
  many?: Own<Many>,
): Phrase {
  return `${formatNumber(n)} ${n === 1 ? one : (many ?? `${one}s`)}` as Phrase;
}

/** `1196` as `1,196`: without the locale of the machine, so that the same snapshot gives the same bytes everywhere. */
export function formatNumber(n: number): Phrase {
  const [whole = '', fraction] = String(n).split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return (fraction === undefined ? withCommas : `${withCommas}.${fraction}`) as Phrase;
}

/**
 * A share as people say it, rounded: `0.004` as `0.4 %`, `0.0004` as `under 0.1 %`, `0.487` as `49 %`, `0.9999` as
 * `99.9 %`. Never `0 %` for some, nor `100 %` for less than all.
 */
export function percent(share: number): Phrase {
  const value = share * 100;
  if (value <= 0) return phrase`0 %`;
  if (value < 0.1) return phrase`under 0.1 %`;
  const tenths = Math.round(value * 10) / 10;
  if (value < 100 && tenths > 99) return phrase`${Math.min(tenths, 99.9)} %`;
  return phrase`${tenths < 10 ? tenths : Math.round(value)} %`;
}

/** The same of what did not reach a limit: `0.9896` below `0.99` as `98.9 %`, not as the limit. */
export function percentBelow(share: number, limit: number): Phrase {
  if (share >= limit || Math.round(share * 100) < Math.round(limit * 100)) return percent(share);
  return phrase`${Math.floor(share * 1000) / 10} %`;
}

/** `about 12 %`, `at most 12 %`; of what is hardly anything `under 0.1 %`, which says as much. */
export function percentOf<const S extends string>(qualifier: Own<S>, share: number): Phrase {
  const said = percent(share);
  return (/^\d/.test(said) ? `${qualifier as string} ${said}` : said) as Phrase;
}

/** `45 s`, `9 min`, `2 h 5 min`, `3 days`. */
export function duration(seconds: number): Phrase {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return phrase`${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return phrase`${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? phrase`${hours} h` : phrase`${hours} h ${minutes % 60} min`;
  return phrase`${Math.floor(hours / 24)} days`;
}

/** `90 s`, `30 min`, `24 h`, `7 days 10 min`: nothing left out, of what a reader has asked for. */
export function wholeDuration(seconds: number): Phrase {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return whole % 60 === 0 ? duration(whole) : phrase`${whole} s`;
  const days = whole < 48 * 3600 ? 0 : Math.floor(whole / 86_400);
  const rest = whole - days * 86_400;
  const parts = [
    [days, 'days'],
    [Math.floor(rest / 3600), 'h'],
    [Math.floor((rest % 3600) / 60), 'min'],
    [rest % 60, 's'],
  ] as const;
  return parts.flatMap(([n, unit]) => (n === 0 ? [] : [`${n} ${unit}`])).join(' ') as Phrase;
}

/** `0.42 s`, `4.1 s`, `60 s`: of what is measured finer than in whole seconds. */
export function inSeconds(value: number): Phrase {
  return value < 10 ? phrase`${Math.round(value * 100) / 100} s` : phrase`${Math.round(value * 10) / 10} s`;
}

function isText(insert: Part | Text): insert is Text {
  return Array.isArray(insert);
}

function push(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (part.kind === 'word') {
    if (part.text === '') return;
    if (last?.kind === 'word' && last.theirs === part.theirs) {
      parts[parts.length - 1] = { ...last, text: last.text + part.text };
      return;
    }
  }
  parts.push(part);
}
