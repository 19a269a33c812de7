import type { ErrorKind } from '../../incident/cause.ts';
import type { AccessLog, RequestTally } from '../../incident/evidence.ts';
import { errorsOfKinds } from '../errors/error-series.ts';
import type { Errors } from '../errors/errors.ts';
import { secondsBetween } from '../time/minutes.ts';
import { type LoggedRequests, loggedRequests, requestsIn } from './failures.ts';

/** How the requests of one code ended that failed while the errors lasted, as far as the access log was read. */
export interface LoggedEndings {
  /** Those in the log. */
  readonly logged: number;
  /** Those that CloudWatch counts. */
  readonly counted: number;
  /** What holds of all in the log holds of at least half of all: by their number, or by a large sample over most minutes. */
  readonly isTelling: boolean;
  /** What hardly any in the log are, hardly any are. */
  readonly isNearlyAll: boolean;
  /** Of those in the log. */
  share(is: (row: RequestTally) => boolean): number;
  /** Of those, the share whose target answered other requests in the same minute. */
  besideAnswers(is: (row: RequestTally) => boolean): number;
}

/** Fewer of a code tell of themselves, not of the rest. */
const SOME = 5;
/** So many tell of the rest, where they are of many of its minutes. */
const SAMPLE = 100;
const HALF = 0.5;
const NEARLY_ALL = 0.8;
/** A request is logged by its arrival and counted by its answer, which may be two minutes later. */
const EARLIER_MINUTES = 2;

/** Of the requests to these groups (`null`: to any), or to none of any; `null` where the log holds too few to say anything. */
export function loggedEndings(
  log: AccessLog,
  kind: ErrorKind,
  groups: readonly string[] | null,
  errors: Errors,
): LoggedEndings | null {
  // Of the same length of minute, the grids differ by where they begin.
  const shift = Math.round(secondsBetween(log.grid.from, errors.metrics.grid.from) / 60);
  const span = { first: errors.span.first + shift - EARLIER_MINUTES, last: errors.span.last + shift };
  const there = loggedRequests(log, { first: Math.max(0, span.first), last: span.last });
  const rows = there.filter(
    ({ row }) =>
      kindOf(row) === kind && (groups === null || row.targetGroup === null || groups.includes(row.targetGroup)),
  );
  const logged = requestsIn(rows);
  if (logged < SOME) return null;
  const counted = errors.count(kind);
  const ill = errorsOfKinds(errors.series, [kind]).flatMap((value, minute) =>
    (value ?? 0) > 0 && minute >= errors.span.first && minute <= errors.span.last ? [minute + shift] : [],
  );
  const reached = ill.filter((minute) => rows.some(({ row }) => (row.perMinute[minute] ?? 0) > 0)).length;
  const holdsOf = (share: number): boolean =>
    logged >= share * counted || (logged >= SAMPLE && reached >= share * ill.length);
  return {
    ...{ logged, counted },
    isTelling: holdsOf(HALF),
    isNearlyAll: holdsOf(NEARLY_ALL),
    share: (is) => requestsIn(rows.filter(({ row }) => is(row))) / logged,
    besideAnswers: (is) =>
      besideAnswers(
        rows.filter(({ row }) => is(row)).map(({ row }) => row),
        there,
        span,
      ),
  };
}

/** As CloudWatch counts it: what the target answered itself is the target's. */
function kindOf({ code, ending }: RequestTally): ErrorKind | undefined {
  if (code < 500) return undefined;
  if (ending === 'answered') return 'target5xx';
  return OWN_KINDS.find((kind) => kind === String(code)) ?? 'other5xx';
}

const OWN_KINDS: readonly ErrorKind[] = ['500', '502', '503', '504'];

function besideAnswers(
  failed: readonly RequestTally[],
  there: readonly LoggedRequests[],
  { first, last }: { readonly first: number; readonly last: number },
): number {
  let [all, beside] = [0, 0];
  for (const row of failed) {
    const answered = there.filter(
      (other) => other.row.ending === 'answered' && other.row.code < 500 && isSameTarget(other.row, row),
    );
    for (let minute = Math.max(0, first); minute <= last; minute += 1) {
      const count = row.perMinute[minute] ?? 0;
      all += count;
      if (answered.some((other) => (other.row.perMinute[minute] ?? 0) > 0)) beside += count;
    }
  }
  return all === 0 ? 0 : beside / all;
}

/** A row of several targets is no target. */
function isSameTarget(one: RequestTally, other: RequestTally): boolean {
  return one.port !== null && one.address === other.address && one.port === other.port;
}
