import { OTHERS } from '../../incident/evidence/logs.ts';
import type { AccessLog, Ending, RequestTally } from '../../incident/evidence.ts';
import { groupBy } from '../group-by.ts';
import type { Span } from '../time/minutes.ts';

/** Requests that failed with one code, and ended in one way. */
export interface LoggedFailure {
  readonly code: number;
  readonly ending: Ending;
  readonly count: number;
  /** All that were answered with this code. */
  readonly ofCode: number;
  readonly rows: readonly LoggedRequests[];
}

/** A row of the log, and how many of its requests came in the minutes that are looked at. */
export interface LoggedRequests {
  readonly row: RequestTally;
  readonly count: number;
}

/** None of minutes that the log does not reach: a negative end would count from the other side. */
export function loggedRequests({ requests }: AccessLog, { first, last }: Span): readonly LoggedRequests[] {
  if (last < Math.max(0, first)) return [];
  return requests.flatMap((row) => {
    const count = row.perMinute.slice(first, last + 1).reduce((all, one) => all + one, 0);
    return count === 0 ? [] : [{ row, count }];
  });
}

/** The 5xx among them by code and ending, the commonest first. */
export function loggedFailures(requests: readonly LoggedRequests[]): readonly LoggedFailure[] {
  const failed = requests.filter(({ row }) => row.code >= 500);
  return groupBy(failed, ({ row }) => `${row.code} ${row.ending}`)
    .map((rows): LoggedFailure => {
      const { code, ending } = rows[0].row;
      return {
        code,
        ending,
        count: requestsIn(rows),
        ofCode: requestsIn(failed.filter(({ row }) => row.code === code)),
        rows,
      };
    })
    .sort((one, other) => other.count - one.count || one.code - other.code || (one.ending < other.ending ? -1 : 1));
}

export function requestsIn(rows: readonly LoggedRequests[]): number {
  return rows.reduce((all, { count }) => all + count, 0);
}

/** Where nearly all of a failure happened. */
export interface Concentration {
  readonly at: string;
  /** Of the failures. */
  readonly share: number;
  /** `null` where not all requests are told apart: then nobody knows which others came there, or elsewhere. */
  readonly among: {
    /** How many there are that got requests. */
    readonly of: number;
    /** Of its requests, those that failed so; and of all others. */
    readonly failing: number;
    readonly elsewhere: number;
  } | null;
}

const MOST = 0.8;
/** So much rarer it is elsewhere: else it only gets the most requests. */
const RARER = 5;

/**
 * The path or the target that most failures are of: `undefined` where there is none, where there is no other, or where it is
 * only the one that most requests are of.
 */
export function concentrationOf(
  requests: readonly LoggedRequests[],
  failure: LoggedFailure,
  keyOf: (row: RequestTally) => string | null,
): Concentration | undefined {
  const at = sharedBy(failure, keyOf);
  if (at === null) return undefined;
  const count = requestsIn(failure.rows.filter(({ row }) => keyOf(row) === at));
  const share = count / failure.count;
  if (requests.some(({ row }) => isOfOthers(keyOf(row)))) return { at, share, among: null };
  const there = requestsIn(requests.filter(({ row }) => keyOf(row) === at));
  const others = requestsIn(requests) - there;
  const of = byKey(requests, keyOf).size;
  const failing = count / there;
  const elsewhere = others === 0 ? 0 : (failure.count - count) / others;
  if (of < 2 || failing < RARER * elsewhere) return undefined;
  return { at, share, among: { of, failing, elsewhere } };
}

function isOfOthers(key: string | null): boolean {
  return key?.includes(OTHERS) === true;
}

/** Rows of what was summed up belong to no one. */
function byKey(
  rows: readonly LoggedRequests[],
  keyOf: (row: RequestTally) => string | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { row, count } of rows) {
    const key = keyOf(row);
    if (key !== null && !isOfOthers(key)) counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}

/** What most of them share; `null` where they share nothing. */
export function sharedBy({ rows, count }: LoggedFailure, keyOf: (row: RequestTally) => string | null): string | null {
  const [most] = [...byKey(rows, keyOf)].sort(([, one], [, other]) => other - one);
  return most !== undefined && most[1] >= MOST * count ? most[0] : null;
}

/** The commonest time in seconds: where one value is shared by half of them, it is some timer. */
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
