import { OTHERS } from '../../../incident/evidence/logs.ts';
import type { AccessLog, Ending, Grid, LogReading, RequestSample, RequestTally } from '../../../incident/evidence.ts';
import type { AccessLine } from '../../../reading/access-line.ts';
import { closedAfter, endingOf, isClosing, isFailure } from '../../../semantics/logs/endings.ts';
import { Row, Rows, timeAt } from './rows.ts';
import { Samples } from './samples.ts';
import { Spread } from './spread.ts';

/** Rows that are kept: what failed, and what did not. */
const FAILED = 200;
const WELL = 150;

class RequestRow extends Row {
  readonly lasted = new Spread();
  readonly target = new Spread();
  readonly until = new Spread();
  receivedBytes = 0;
  sentBytes = 0;

  override merge(other: this): void {
    super.merge(other);
    this.lasted.merge(other.lasted);
    this.target.merge(other.target);
    this.until.merge(other.until);
    this.receivedBytes += other.receivedBytes;
    this.sentBytes += other.sentBytes;
  }
}

/** Counts the lines of an access log, those of one load balancer in the minutes of the grid. */
export class AccessTally {
  readonly #grid: Grid;
  readonly #from: number;
  readonly #failed: Rows<RequestRow>;
  readonly #well: Rows<RequestRow>;
  readonly #samples = new Samples<Ending, RequestSample>();
  /** In keys an ARN is a number: there are few, and they are long. */
  readonly #groups = new Map<string, number>();

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#from = Date.parse(grid.from) / 1000;
    const make = (): RequestRow => new RequestRow(grid.minutes);
    this.#failed = new Rows(FAILED, make, COARSER);
    this.#well = new Rows(WELL, make, COARSER);
  }

  /** False where it is of other minutes. Of several that were counted together, nobody knows the path. */
  add(one: AccessLine, count?: number): boolean {
    const line = count === undefined ? one : { ...one, path: one.path ?? OTHERS };
    const minute = Math.floor((line.at - this.#from) / 60);
    if (minute < 0 || minute >= this.#grid.minutes) return false;
    const ending = endingOf(line);
    const failed = isFailure(line.code, ending);
    const short = shortKeyOf(line, ending, this.#numberOf(line.targetGroup));
    const row = failed ? this.#failed.of(keyOf(line, short)) : this.#well.of(short);
    row.countAt(line.at, minute, count ?? 1);
    if (line.lasted !== null) row.lasted.add(line.lasted);
    if (line.targetTime !== null) row.target.add(line.targetTime);
    const until = isClosing(ending) ? closedAfter(line) : null;
    if (until !== null) row.until.add(until);
    row.receivedBytes += line.receivedBytes;
    row.sentBytes += line.sentBytes;
    if (failed && line.code >= 500) this.#samples.offer(ending, line.at, () => sampleOf(line, ending));
    return true;
  }

  #numberOf(group: string | null): string | number {
    if (group === null) return '';
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    this.#groups.set(group, this.#groups.size);
    return this.#groups.size - 1;
  }

  log(reading: LogReading): AccessLog {
    const groups = [...this.#groups.keys()];
    const rows = [...this.#failed.all(), ...this.#well.all()];
    return {
      reading,
      grid: this.#grid,
      requests: rows.map(([key, row]) => tallyOf(key, row, groups)),
      samples: this.#samples.all(),
    };
  }
}

// --- what a row is of, as a text

const FIELDS = [
  ...(['code', 'targetCode', 'ending', 'address', 'port', 'targetGroup', 'method', 'path'] as const),
  ...(['type', 'reason', 'classification', 'classificationReason', 'priority', 'node', 'streamError'] as const),
] as const;
const PLACE = Object.fromEntries(FIELDS.map((field, index) => [field, index])) as Record<
  (typeof FIELDS)[number],
  number
>;
const BETWEEN = '\n';

/** `null` as nothing: none of them is an empty text. */
function shortKeyOf(line: AccessLine, ending: Ending, group: string | number): string {
  const { code, targetCode, address, port, method, path } = line;
  return `${code}\n${targetCode ?? ''}\n${ending}\n${address ?? ''}\n${port ?? ''}\n${group}\n${method ?? ''}\n${path ?? ''}`;
}

function keyOf(line: AccessLine, short: string): string {
  const { type, reason, classification, classificationReason, priority, node, streamError } = line;
  return `${short}\n${type ?? ''}\n${reason ?? ''}\n${classification ?? ''}\n${classificationReason ?? ''}\n${priority ?? ''}\n${node ?? ''}\n${streamError ?? ''}`;
}

/** First the paths are summed up, then the targets, at last all but codes and endings. */
const COARSER: readonly ((key: string) => string)[] = [
  (key) => with_(key, { method: '', path: OTHERS, priority: '' }),
  (key) => with_(key, { method: '', path: OTHERS, priority: '', address: OTHERS, port: '', node: '' }),
  (key) => {
    const parts = key.split(BETWEEN);
    const kept = parts.map((part, index) => (index <= PLACE.ending ? part : ''));
    return with_(kept.join(BETWEEN), { path: OTHERS, address: OTHERS });
  },
];

function with_(key: string, parts: Partial<Record<(typeof FIELDS)[number], string>>): string {
  const words = key.split(BETWEEN);
  for (const [field, word] of Object.entries(parts)) {
    const place = PLACE[field as (typeof FIELDS)[number]];
    if (place < words.length) words[place] = word;
  }
  return words.join(BETWEEN);
}

function tallyOf(key: string, row: RequestRow, groups: readonly string[]): RequestTally {
  const words = key.split(BETWEEN);
  const text = (field: (typeof FIELDS)[number]): string | null => words[PLACE[field]] || null;
  const number = (field: (typeof FIELDS)[number]): number | null => {
    const word = text(field);
    return word === null ? null : Number(word);
  };
  return {
    code: Number(words[PLACE.code]),
    targetCode: number('targetCode'),
    // The cast: it was written so above.
    ending: text('ending') as Ending,
    address: text('address'),
    port: number('port'),
    targetGroup: groups[number('targetGroup') ?? -1] ?? null,
    method: text('method'),
    path: text('path'),
    type: text('type'),
    reason: text('reason'),
    classification: text('classification'),
    classificationReason: text('classificationReason'),
    priority: number('priority'),
    node: text('node'),
    streamError: text('streamError'),
    ...row.tally(),
    lasted: row.lasted.times(),
    target: row.target.times(),
    until: row.until.times(),
    receivedBytes: row.receivedBytes,
    sentBytes: row.sentBytes,
  };
}

function sampleOf(line: AccessLine, ending: Ending): RequestSample {
  const { code, targetCode, address, port, targetGroup, method, path, type, reason, priority, node, streamError } =
    line;
  const { classification, classificationReason, lasted, requestTime, targetTime, responseTime } = line;
  return {
    ...{ at: timeAt(line.at), code, targetCode, ending, address, port, targetGroup, method, path, type, reason },
    ...{ classification, classificationReason, priority, node, streamError },
    lasted: lasted === null ? null : Math.round(lasted * 1000) / 1000,
    ...{ requestTime, targetTime, responseTime, receivedBytes: line.receivedBytes, sentBytes: line.sentBytes },
  };
}
