import { setTimeout } from 'node:timers/promises';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import type { Aws } from '../../aws.ts';
import { getQueryResults, startQuery } from '../../services/cloudwatch-logs.ts';
import type { LogSpan } from '../log-span.ts';

export type InsightsRow = Readonly<Record<string, string>>;

export interface QueryAnswer {
  readonly rows: readonly InsightsRow[];
  /** How many events were found, of which no more rows come than the query asks for. */
  readonly matched: number;
  readonly bytesScanned: number;
  /** False where the time was over first: then there are as many rows as had been found by then. */
  readonly complete: boolean;
}

const FIRST_MS = 300;
const PAUSE_MS = 700;
/** What is told of a minute may come a little later. */
const LATE = 60;

/** One query, asked until it is answered or its time is over. Rejects with CallFailed where it cannot be asked. */
export async function insights(
  group: string,
  query: string,
  { from, to }: LogSpan,
  until: number,
  aws: Aws,
): Promise<QueryAnswer> {
  const seconds = (at: string): number => Math.floor(Date.parse(at) / 1000);
  const { queryId } = await aws.ask(startQuery, {
    ...(group.startsWith('arn:') ? { logGroupIdentifiers: [group.replace(/:\*$/, '')] } : { logGroupName: group }),
    queryString: query,
    startTime: seconds(from),
    endTime: seconds(plusSeconds(to, LATE)),
  });
  for (let pause = FIRST_MS; ; pause = PAUSE_MS) {
    await setTimeout(Math.max(0, Math.min(pause, until - performance.now())));
    const answer = await aws.ask(getQueryResults, { queryId });
    const isOver = !/^(Scheduled|Running|Unknown)$/.test(answer.status ?? '');
    if (!isOver && performance.now() < until) continue;
    const { results = [], statistics } = answer;
    const rows = results.map((row) => Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])));
    return {
      rows,
      matched: Math.max(rows.length, statistics?.recordsMatched ?? 0),
      bytesScanned: statistics?.bytesScanned ?? 0,
      complete: answer.status === 'Complete',
    };
  }
}
