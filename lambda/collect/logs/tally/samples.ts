/** A few of each kind, the newest. */
const OF_A_KIND = 2;
const KINDS = 12;

export class Samples<Kind, Sample> {
  readonly #kept = new Map<Kind, { readonly at: number; readonly sample: Sample }[]>();

  offer(kind: Kind, at: number, sample: () => Sample): void {
    const kept = this.#kept.get(kind) ?? [];
    if (kept.length >= OF_A_KIND && at <= (kept.at(-1)?.at ?? 0)) return;
    if (!this.#kept.has(kind) && this.#kept.size >= KINDS) return;
    kept.push({ at, sample: sample() });
    kept.sort((one, other) => other.at - one.at);
    kept.length = Math.min(kept.length, OF_A_KIND);
    this.#kept.set(kind, kept);
  }

  all(): readonly Sample[] {
    const all = [...this.#kept.values()].flat();
    return all.sort((one, other) => other.at - one.at).map(({ sample }) => sample);
  }
}
