import type { LogFormat, LogKind } from '../incident/evidence.ts';
import { columnNamed, LOG_COLUMNS } from './log-columns.ts';
import { LogTokens } from './log-tokens.ts';

/** What a line says, by the place of the column in `LOG_COLUMNS`; `null` where it says nothing. */
export type LogFields = (column: number) => string | null;

/** `nothing`: an empty line, or one that only says how the others are written. `unreadable`: no line of a log. */
type Read = LogFields | 'nothing' | 'unreadable';

export interface LogWriting {
  readonly format: LogFormat;
  /** In the order in which a delivery writes them, where it names them. */
  readonly columns?: readonly string[];
  readonly delimiter?: string;
}

/** No line of a load balancer is as long: three headers of 16 KB, and what stands around them. */
const LONGEST = 200_000;

/** Reads lines of one file or log group, whichever way they are written. What it gives is read before the next line is. */
export function openFields(kind: LogKind, { format, columns, delimiter = ' ' }: LogWriting): (line: string) => Read {
  const own = LOG_COLUMNS[kind];
  const tokens = new LogTokens();
  let between = delimiter;
  let places = columns === undefined ? undefined : placesOf(own, columns);
  const word: LogFields = (column) => tokens.word(places === undefined ? column : (places[column] ?? -1));
  const mayBeJson = format === 'json' || format === null;

  return (line) => {
    if (line === '') return 'nothing';
    if (line.length > LONGEST) return 'unreadable';
    if (mayBeJson && line.startsWith('{')) return jsonFields(own, line);
    if (format === 'json') return 'unreadable';
    if (line.startsWith('#')) {
      const named = /^#Fields:\s*(.*)$/.exec(line)?.[1];
      if (named !== undefined) {
        between = named.includes('\t') ? '\t' : ' ';
        places = placesOf(own, named.trim().split(/\s+/));
      }
      return 'nothing';
    }
    return tokens.read(line, between) ? word : 'unreadable';
  };
}

/** Where each of our columns stands among theirs; -1 where it does not. */
function placesOf(own: readonly string[], theirs: readonly string[]): readonly number[] {
  const names = theirs.map(columnNamed);
  return own.map((name) => names.indexOf(name));
}

/** Each is of one of the logs, and of no other. */
const TELLING = ['elb_status_code', 'listener_port', 'reason_code'];

function jsonFields(own: readonly string[], line: string): Read {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return 'unreadable';
  }
  if (typeof record !== 'object' || record === null) return 'unreadable';
  const values = record as Readonly<Record<string, unknown>>;
  // Several logs may go to one place.
  if (TELLING.some((name) => name in values && !own.includes(name))) return 'nothing';
  return (column) => {
    const name = own[column] ?? '';
    return textOf(values[name] ?? values[name.replace(/_port$/, ':port')]);
  };
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : null;
}
