import type { LogFormat, LogPlace } from '../../../incident/evidence.ts';
import type { Gap } from '../../../incident/observed.ts';
import type { Subject } from '../../../incident/question.ts';
import type { Aws } from '../../aws.ts';
import { CallFailed, gapOf } from '../../errors.ts';
import { startQuery } from '../../services/cloudwatch-logs.ts';
import type { LineCounter } from '../line-counter.ts';
import type { LogSpan } from '../log-span.ts';
import type { PlaceRead } from '../place-read.ts';
import { type InsightsRow, insights, type QueryAnswer } from './insights.ts';
import { countsQuery, LINES_AT_MOST, linesQuery } from './queries.ts';

interface Asked {
  readonly place: LogPlace;
  readonly subject: Subject;
  readonly span: LogSpan;
  readonly ms: number;
}

/** Reads what a log group holds: failures line by line, and of the rest how many there are. */
export async function readGroup(asked: Asked, counter: LineCounter<unknown>, aws: Aws): Promise<PlaceRead> {
  const { place, subject, span, ms } = asked;
  const until = performance.now() + ms;
  const ask = (query: string): Promise<QueryAnswer> => insights(place.place, query, span, until, aws);
  try {
    const [lines, counted] = await Promise.all([
      ask(linesQuery(place.log, subject.dimension)),
      place.log === 'access' ? countsOf(subject.dimension, place.format, ask) : null,
    ]);
    const read = counter.reader({ format: place.format });
    for (const { '@message': message } of lines.rows) if (message !== undefined) read(message);
    for (const row of 'rows' in (counted ?? {}) ? (counted as QueryAnswer).rows : []) countRow(row, counter);
    const bytes = lines.bytesScanned + (counted !== null && 'rows' in counted ? counted.bytesScanned : 0);
    return {
      read: true,
      intervals: [{ from: span.from, to: span.to, files: { read: 1, of: 1 }, bytes: { read: bytes, of: bytes } }],
      share: lines.matched === 0 ? 1 : Math.min(1, lines.rows.length / lines.matched),
      gaps: [...gapsOf(lines), ...(counted === null ? [] : 'rows' in counted ? gapsOf(counted) : [counted])],
    };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { read: false, why: error.why, detail: `${error.message}: log group ${place.place}`, action: error.action };
  }
}

/** The failures are the point: where the rest cannot be counted, they are told without. */
async function countsOf(
  dimension: string,
  format: LogFormat,
  ask: (query: string) => Promise<QueryAnswer>,
): Promise<QueryAnswer | Gap> {
  try {
    const first = await ask(countsQuery(dimension, format ?? 'json'));
    const isOther = format === null && !first.rows.some((row) => row.elb_status_code);
    return isOther ? await ask(countsQuery(dimension, 'plain')) : first;
  } catch (error) {
    if (error instanceof CallFailed) return gapOf(error);
    throw error;
  }
}

function countRow(row: InsightsRow, counter: LineCounter<unknown>): void {
  const count = Number(row.requests ?? 0);
  const minute = row.minute ?? '';
  if (!(count > 0) || row.elb_status_code === undefined) return;
  const { requests: _requests, minute: _minute, ...fields } = row;
  counter.counted({ ...fields, time: `${minute.replace(' ', 'T').slice(0, 19)}Z` }, count);
}

function gapsOf({ rows, matched, complete }: QueryAnswer): readonly Gap[] {
  const action = startQuery.action;
  if (!complete) return [{ why: 'timed-out', detail: 'the query of the log group was not over in time', action }];
  const more = `${rows.length} of ${matched} lines of the log group were read, the newest`;
  return rows.length >= LINES_AT_MOST && matched > rows.length ? [{ why: 'not-asked', detail: more, action }] : [];
}
