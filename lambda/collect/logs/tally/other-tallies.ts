import { OTHERS } from '../../../incident/evidence/logs.ts';
import type {
  ConnectionLog,
  ConnectionTally,
  Grid,
  HealthCheckLog,
  HealthCheckTally,
  LogReading,
} from '../../../incident/evidence.ts';
import type { ConnectionLine, HealthCheckLine } from '../../../reading/other-log-lines.ts';
import { Row, Rows } from './rows.ts';
import { Spread } from './spread.ts';

const CONNECTIONS = 100;
const CHECKS = 200;

class TimedRow extends Row {
  readonly latency = new Spread();

  override merge(other: this): void {
    super.merge(other);
    this.latency.merge(other.latency);
  }
}

interface Timed {
  readonly at: number;
  readonly latency: number | null;
}

/** Rows of lines whose latency is counted, by the minutes of a grid. */
class TimedRows {
  readonly #grid: Grid;
  readonly #from: number;
  readonly rows: Rows<TimedRow>;

  constructor(grid: Grid, atMost: number, coarser: readonly ((key: string) => string)[]) {
    this.#grid = grid;
    this.#from = Date.parse(grid.from) / 1000;
    this.rows = new Rows(atMost, () => new TimedRow(grid.minutes), coarser);
  }

  add(key: readonly unknown[], { at, latency }: Timed): boolean {
    const minute = Math.floor((at - this.#from) / 60);
    if (minute < 0 || minute >= this.#grid.minutes) return false;
    const row = this.rows.of(key.map((part) => part ?? '').join(BETWEEN));
    row.countAt(at, minute);
    if (latency !== null) row.latency.add(latency);
    return true;
  }
}

const BETWEEN = '\n';

/** Its last word is the node's; then all are one but for the first words. */
function coarserBut(words: number): readonly ((key: string) => string)[] {
  const without = (key: string, from: number): string =>
    key
      .split(BETWEEN)
      .map((word, index) => (index >= from ? '' : word))
      .join(BETWEEN);
  return [(key) => without(key, key.split(BETWEEN).length - 1), (key) => without(key, words)];
}

/** Of a check, only what came of it. */
function ofNoTarget(key: string): string {
  return key
    .split(BETWEEN)
    .map((word, index) => (index < 2 ? OTHERS : index >= 3 && index <= 5 ? word : ''))
    .join(BETWEEN);
}

export class ConnectionsTally {
  readonly #rows: TimedRows;
  readonly #grid: Grid;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#rows = new TimedRows(grid, CONNECTIONS, coarserBut(1));
  }

  add(line: ConnectionLine): boolean {
    return this.#rows.add([line.listenerPort, line.protocol, line.verified, line.node], line);
  }

  log(reading: LogReading): ConnectionLog {
    const tallies = this.#rows.rows.all().map(([key, row]): ConnectionTally => {
      const [port, protocol, verified, node] = key.split(BETWEEN);
      return {
        listenerPort: Number(port),
        protocol: protocol || null,
        verified: verified || null,
        handshake: null,
        node: node || null,
        ...row.tally(),
        latency: row.latency.times(),
      };
    });
    const speaksTls = new Set(tallies.filter(({ protocol }) => protocol !== null).map((one) => one.listenerPort));
    return {
      reading,
      grid: this.#grid,
      connections: tallies.map((one) => ({
        ...one,
        handshake: speaksTls.has(one.listenerPort)
          ? one.protocol !== null && one.verified?.startsWith('Failed') !== true
          : null,
      })),
    };
  }
}

export class HealthChecksTally {
  readonly #rows: TimedRows;
  readonly #grid: Grid;

  constructor(grid: Grid) {
    this.#grid = grid;
    this.#rows = new TimedRows(grid, CHECKS, [...coarserBut(6), ofNoTarget]);
  }

  add(line: HealthCheckLine): boolean {
    const { address, port, targetGroupName, passed, code, reason, type, node } = line;
    return this.#rows.add([targetGroupName, address, port, passed, reason, code, type, node], line);
  }

  log(reading: LogReading): HealthCheckLog {
    const checks = this.#rows.rows.all().map(([key, row]): HealthCheckTally => {
      const [group = '', address = '', port, passed, reason, code, type = '', node] = key.split(BETWEEN);
      return {
        type,
        address,
        port: port ? Number(port) : null,
        targetGroupName: group,
        passed: passed === 'true',
        code: code ? Number(code) : null,
        reason: reason || null,
        node: node || null,
        ...row.tally(),
        latency: row.latency.times(),
      };
    });
    return { reading, grid: this.#grid, checks };
  }
}
