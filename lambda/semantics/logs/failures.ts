import { OTHERS } from '../../incident/evidence/logs.ts';
import type { AccessLog, Ending, RequestTally } from '../../incident/evidence.ts';
import type { Span } from '../time/minutes.ts';

/** Requests that failed with one code, and ended in one way. */
export interface LoggedFailure {
  readonly code: number;
  readonly ending: Ending;
  readonly count: number;
  /** All that were answered with this code. */
  readonly ofCode: number;
  readonly rows: readonly Counted[];
}

interface Counted {
  readonly row: RequestTally;
  readonly count: number;
}

/** The 5xx of some minutes of the log's grid by code and ending, the commonest first. */
export function loggedFailures(log: AccessLog, span: Span): readonly LoggedFailure[] {
  const failed = countedIn(log, span).filter(({ row }) => row.code >= 500);
  const groups = new Map<string, Counted[]>();
  for (const one of failed) {
    const key = `${one.row.code} ${one.row.ending}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()]
    .flatMap((rows) => {
      const [first] = rows;
      if (first === undefined) return [];
      const { code, ending } = first.row;
      return [{ code, ending, count: sum(rows), ofCode: sum(failed.filter(({ row }) => row.code === code)), rows }];
    })
    .sort((one, other) => other.count - one.count || one.code - other.code || (one.ending < other.ending ? -1 : 1));
}

/** None of minutes that the log does not reach: a negative end would count from the other side. */
function countedIn({ requests }: AccessLog, { first, last }: Span): readonly Counted[] {
  if (last < Math.max(0, first)) return [];
  return requests.flatMap((row) => {
    const count = row.perMinute.slice(first, last + 1).reduce((all, one) => all + one, 0);
    return count === 0 ? [] : [{ row, count }];
  });
}

function sum(rows: readonly Counted[]): number {
  return rows.reduce((all, { count }) => all + count, 0);
}

/** Where nearly all of a failure happened, and seldom elsewhere. */
export interface Concentration<T> {
  readonly at: T;
  /** Of the failures. */
  readonly share: number;
  /** Of its requests, those that failed so; and of all others. */
  readonly failing: number;
  readonly elsewhere: number;
  /** How many there are that got requests. */
  readonly of: number;
}

const MOST = 0.8;
/** So much rarer it is elsewhere: else it only gets the most requests. */
const RARER = 5;

/**
 * The path or the target that most failures are of, though it is not where most requests are: `undefined` where they are
 * spread as the requests are, or too few kinds were told apart to say so.
 */
export function concentrationOf<T extends string>(
  log: AccessLog,
  span: Span,
  failure: LoggedFailure,
  keyOf: (row: RequestTally) => T | null,
): Concentration<T> | undefined {
  const all = byKey(countedIn(log, span), keyOf);
  const failed = byKey(failure.rows, keyOf);
  const [most] = [...failed].sort(([, one], [, other]) => other - one);
  if (most === undefined || most[1] < MOST * failure.count || all.size < 2) return undefined;
  const [at, count] = most;
  const requests = all.get(at) ?? count;
  const others = [...all.values()].reduce((total, one) => total + one, 0) - requests;
  if (others === 0) return undefined;
  const failing = count / requests;
  const elsewhere = (failure.count - count) / others;
  if (failing < RARER * elsewhere) return undefined;
  return { at, share: count / failure.count, failing, elsewhere, of: all.size };
}

/** Rows of what was summed up belong to no one. */
function byKey<T extends string>(rows: readonly Counted[], keyOf: (row: RequestTally) => T | null): Map<T, number> {
  const counts = new Map<T, number>();
  for (const { row, count } of rows) {
    const key = keyOf(row);
    if (key !== null && !key.includes(OTHERS)) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

/** What most of the rows share, by count; `null` where they share none. */
export function sharedBy<T extends string | number>(
  { rows, count }: LoggedFailure,
  keyIn: (row: RequestTally) => T | null,
): T | null {
  const counts = new Map<T, number>();
  for (const { row, count: times } of rows) {
    const value = keyIn(row);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + times);
  }
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most !== undefined && most[1] >= MOST * count ? most[0] : null;
}

/** The commonest time in seconds, weighted by rows: where one value is shared by most, it is some timer. */
export function timeSharedBy(
  { rows, count }: LoggedFailure,
  timesOf: (row: RequestTally) => RequestTally['until'],
): number | null {
  const clusters = rows.flatMap(({ row }) => timesOf(row)?.clusters.slice(0, 1) ?? []);
  const [most] = [...clusters].sort((one, other) => other.count - one.count);
  if (most === undefined) return null;
  const near = clusters.filter(({ seconds }) => Math.abs(seconds - most.seconds) <= 0.05 * most.seconds);
  return near.reduce((all, one) => all + one.count, 0) >= 0.5 * count ? most.seconds : null;
}
