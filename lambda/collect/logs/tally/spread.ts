import type { Times } from '../../../incident/evidence.ts';

/** Neighbouring buckets are 3 % apart: as exact as anyone tells times, and small however many lines there are. */
const PER_UNIT = 1 / Math.log(1.03);
/** Below this all is at once. */
const SMALLEST = 0.0005;

const CLUSTERS = 3;
const CLUSTER_SHARE = 0.1;
const CLUSTER_COUNT = 3;

interface Bucket {
  count: number;
  sum: number;
}

/** How seconds are spread, of any number of lines in little memory. */
export class Spread {
  readonly #buckets = new Map<number, Bucket>();
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  add(seconds: number): void {
    const index = seconds < SMALLEST ? 0 : 1 + Math.floor(Math.log(seconds / SMALLEST) * PER_UNIT);
    this.#count += 1;
    if (seconds < this.#min) this.#min = seconds;
    if (seconds > this.#max) this.#max = seconds;
    const bucket = this.#buckets.get(index);
    if (bucket === undefined) this.#buckets.set(index, { count: 1, sum: seconds });
    else {
      bucket.count += 1;
      bucket.sum += seconds;
    }
  }

  merge(other: Spread): void {
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    for (const [index, { count, sum }] of other.#buckets) {
      const own = this.#buckets.get(index) ?? { count: 0, sum: 0 };
      this.#buckets.set(index, { count: own.count + count, sum: own.sum + sum });
    }
  }

  times(): Times | null {
    if (this.#count === 0) return null;
    return {
      count: this.#count,
      min: rounded(this.#min),
      p50: this.#quantile(0.5),
      p99: this.#quantile(0.99),
      max: rounded(this.#max),
      clusters: this.#clusters(),
    };
  }

  /** The value below or at which such a share lies, as the mean of what is next to it. */
  #quantile(share: number): number {
    const rank = Math.ceil(this.#count * share);
    let passed = 0;
    for (const [, { count, sum }] of this.#sorted()) {
      passed += count;
      if (passed >= rank) return rounded(Math.min(this.#max, Math.max(this.#min, sum / count)));
    }
    return rounded(this.#max);
  }

  /** What many share lies within two neighbouring buckets. */
  #clusters(): Times['clusters'] {
    const left = new Map(this.#sorted());
    const found: { seconds: number; count: number }[] = [];
    for (let n = 0; n < CLUSTERS; n += 1) {
      const pairs = [...left].map(([index, own]) => ({
        index,
        count: own.count,
        sum: own.sum,
        next: left.get(index + 1),
      }));
      const sums = pairs.map(({ index, count, sum, next }) => ({
        ...{ index, count: count + (next?.count ?? 0), sum: sum + (next?.sum ?? 0) },
      }));
      const best = sums.reduce<(typeof sums)[number] | undefined>(
        (most, one) => (most === undefined || one.count > most.count ? one : most),
        undefined,
      );
      if (best === undefined || best.count < Math.max(CLUSTER_COUNT, this.#count * CLUSTER_SHARE)) break;
      found.push({ seconds: rounded(best.sum / best.count), count: best.count });
      left.delete(best.index);
      left.delete(best.index + 1);
    }
    return found;
  }

  #sorted(): readonly (readonly [number, Bucket])[] {
    return [...this.#buckets].sort(([one], [other]) => one - other);
  }
}

/** To the millisecond, as the load balancer writes. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
