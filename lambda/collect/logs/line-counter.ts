import type {
  AccessLog,
  ConnectionLog,
  Evidence,
  Grid,
  HealthCheckLog,
  LogKind,
  LogReading,
} from '../../incident/evidence.ts';
import { accessLine } from '../../reading/access-line.ts';
import { lineShape } from '../../reading/line-shape.ts';
import { LOG_COLUMNS } from '../../reading/log-columns.ts';
import { type LogFields, type LogWriting, openFields } from '../../reading/log-fields.ts';
import { connectionLine, healthCheckLine } from '../../reading/other-log-lines.ts';
import { AccessTally } from './tally/access-tally.ts';
import { ConnectionsTally, HealthChecksTally } from './tally/other-tallies.ts';
import { timeAt } from './tally/rows.ts';

/** Whose lines are counted, and of which minutes. */
export interface Counted {
  readonly grid: Grid;
  /** `app/web/50dc6c495c0c9188` */
  readonly dimension: string;
}

/** Counts lines of one log, from any number of files. */
export interface LineCounter<Log> {
  /** For the lines of one file or group, in their order. */
  reader(writing: LogWriting): (line: string) => void;
  /** What somebody else counted: so many lines of which these fields are known, all of one minute. */
  counted(fields: Readonly<Record<string, string>>, count: number): void;
  log(reading: LogPart): Log;
}

/** What whoever finds the files knows of the reading. */
type LogPart = Omit<LogReading, 'lines' | 'unreadable' | 'first' | 'last'>;

interface Line {
  /** Who wrote it; `null` where the line does not say. */
  readonly loadBalancer: string | null;
  readonly at: number;
}

interface LogTally<L, Log> {
  /** False where it is of other minutes. */
  add(line: L, count?: number): boolean;
  log(reading: LogReading): Log;
}

const SHAPES = 3;

export const COUNTERS = {
  access: (counted: Counted): LineCounter<AccessLog> =>
    openCounter('access', counted, accessLine, new AccessTally(counted.grid)),
  connection: (counted: Counted): LineCounter<ConnectionLog> =>
    openCounter('connection', counted, connectionLine, new ConnectionsTally(counted.grid)),
  healthCheck: (counted: Counted): LineCounter<HealthCheckLog> =>
    openCounter('healthCheck', counted, healthCheckLine, new HealthChecksTally(counted.grid)),
};

function openCounter<L extends Line, Log extends Evidence['accessLog' | 'connectionLog' | 'healthCheckLog']>(
  kind: LogKind,
  { dimension }: Counted,
  read: (field: LogFields) => L | null,
  tally: LogTally<L, Log>,
): LineCounter<Log> {
  let [lines, unreadable, first, last] = [0, 0, Number.POSITIVE_INFINITY, 0];
  const shapes = new Set<string>();

  function refuse(line: string): void {
    unreadable += 1;
    if (shapes.size < SHAPES) shapes.add(lineShape(line));
  }

  function count(record: L, times?: number): void {
    // Several load balancers may write to one group.
    if (record.loadBalancer !== null && record.loadBalancer !== dimension) return;
    if (!tally.add(record, times)) return;
    lines += times ?? 1;
    if (record.at < first) first = record.at;
    if (record.at > last) last = record.at;
  }

  return {
    reader(writing) {
      const fieldsOf = openFields(kind, writing);
      return (line) => {
        const fields = fieldsOf(line);
        if (fields === 'nothing') return;
        const record = fields === 'unreadable' ? null : read(fields);
        if (record === null) refuse(line);
        else count(record);
      };
    },
    counted(fields, times) {
      const record = read((column) => fieldOf(fields, LOG_COLUMNS[kind][column] ?? ''));
      if (record !== null) count(record, times);
    },
    log: (part) =>
      tally.log({
        ...part,
        lines,
        unreadable: { lines: unreadable, shapes: [...shapes].sort() },
        first: lines === 0 ? null : timeAt(first),
        last: lines === 0 ? null : timeAt(last),
      }),
  };
}

function fieldOf(fields: Readonly<Record<string, string>>, name: string): string | null {
  const value = fields[name];
  return value === undefined || value === '' || value === '-' ? null : value;
}
