import type { Tally } from '../../../incident/evidence.ts';

/** What is counted of lines that are alike: a row, as long as it grows. */
export class Row {
  readonly perMinute: Uint32Array;
  count = 0;
  first = Number.POSITIVE_INFINITY;
  last = 0;

  constructor(minutes: number) {
    this.perMinute = new Uint32Array(minutes);
  }

  countAt(seconds: number, minute: number, count = 1): void {
    this.count += count;
    this.perMinute[minute] = (this.perMinute[minute] ?? 0) + count;
    if (seconds < this.first) this.first = seconds;
    if (seconds > this.last) this.last = seconds;
  }

  merge(other: this): void {
    this.count += other.count;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    other.perMinute.forEach((count, minute) => {
      this.perMinute[minute] = (this.perMinute[minute] ?? 0) + count;
    });
  }

  tally(): Tally {
    return {
      count: this.count,
      perMinute: [...this.perMinute],
      first: timeAt(this.first),
      last: timeAt(this.last),
    };
  }
}

export function timeAt(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace('.000Z', 'Z');
}

/** Rows by what they are of, a limited number of them however strange the lines are. */
export class Rows<R extends Row> {
  readonly #rows = new Map<string, R>();
  readonly #make: () => R;
  readonly #atMost: number;
  readonly #coarser: readonly ((key: string) => string)[];

  /**
   * `coarser`: what a key becomes where there are too many, step by step; what becomes alike by it is counted together. The
   * last of them leaves few enough.
   */
  constructor(atMost: number, make: () => R, coarser: readonly ((key: string) => string)[]) {
    this.#make = make;
    this.#atMost = atMost;
    this.#coarser = coarser;
  }

  of(key: string): R {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    // While lines come, nobody knows which rows will be the large ones: there is room for many.
    if (this.#rows.size >= this.#atMost * ROOM) this.#limit(this.#atMost * (ROOM / 2));
    const made = this.#make();
    this.#rows.set(key, made);
    return made;
  }

  /** The commonest first. */
  all(): readonly (readonly [key: string, row: R])[] {
    this.#limit(this.#atMost);
    return this.#sorted();
  }

  #limit(atMost: number): void {
    for (const coarser of this.#coarser) {
      if (this.#rows.size <= atMost) return;
      for (const [key, row] of this.#sorted().slice(atMost)) {
        const whole = coarser(key);
        if (whole === key) continue;
        this.#rows.delete(key);
        const other = this.#rows.get(whole) ?? this.#make();
        other.merge(row);
        this.#rows.set(whole, other);
      }
    }
  }

  #sorted(): readonly (readonly [string, R])[] {
    return [...this.#rows].sort(([one, { count: some }], [other, { count: others }]) =>
      some === others ? (one < other ? -1 : 1) : others - some,
    );
  }
}

const ROOM = 16;
