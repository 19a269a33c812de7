/**
 * Words without a medium. A rule writes what it has to say once; each renderer decides mark-up, escaping, quoting and
 * how to write a time. Plain data, so that it lives in JSON.
 */

/** An ISO 8601 time in UTC, e.g. `2026-03-10T14:24:00Z`. */
export type Time = string;

export type Part =
  | { readonly kind: 'word'; readonly text: string }
  /** Something a machine says: a code, a port, a reason, a setting. */
  | { readonly kind: 'code'; readonly text: string }
  /** The id or name of an AWS resource. */
  | { readonly kind: 'resource'; readonly text: string }
  | { readonly kind: 'time'; readonly at: Time };

export type Text = readonly Part[];

type Insert = string | number | Part | Text;

/** `` text`${resource(id)} is ${code('stopped')} since ${time(at)}` `` */
export function text(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Text {
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
export const words = (plain: string): Text => [{ kind: 'word', text: plain }];

/** `a`, `a and b`, `a, b and c`, `a, b, c and 7 more`. */
export function listed(items: readonly Insert[], atMost = 4): Text {
  const shown = items.length > atMost ? items.slice(0, atMost - 1) : items;
  const rest = items.length - shown.length;
  const all: readonly Insert[] = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.reduce<Text>((sofar, item, index) => {
    if (index === 0) return text`${item}`;
    return index === all.length - 1 ? text`${sofar} and ${item}` : text`${sofar}, ${item}`;
  }, []);
}

/** `1 target`, `2 targets`; a plural that is not `-s` is given. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

/** `1196` as `1,196`: without the locale of the machine, so that the same snapshot gives the same bytes everywhere. */
export function grouped(n: number): string {
  const [whole = '', fraction] = String(n).split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/** A share as people say it: `0.4 %` as `0.4 %`, `0.0004` as `under 0.1 %`, `0.483` as `48 %`; never `100 %` for less. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value < 0.1) return 'under 0.1 %';
  if (value < 10) return `${Math.floor(value * 10) / 10} %`;
  return `${Math.floor(value)} %`;
}

/** `45 s`, `9 min`, `2 h 5 min`, `3 days`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

function isText(insert: Part | Text): insert is Text {
  return Array.isArray(insert);
}

function push(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (part.kind === 'word') {
    if (part.text === '') return;
    if (last?.kind === 'word') {
      parts[parts.length - 1] = { kind: 'word', text: last.text + part.text };
      return;
    }
  }
  parts.push(part);
}
