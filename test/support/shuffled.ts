/** A dice that falls the same way whenever it is thrown with the same seed. */
export type Dice = () => number;

/** Mulberry32: between 0 and 1. */
export function dice(seed: number): Dice {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], roll: Dice): readonly T[] {
  return items
    .map((item) => [roll(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

/** Every list within it in another order, at any depth, but for those whose fields are named. */
export function deeplyShuffled(value: unknown, roll: Dice, kept: ReadonlySet<string>): unknown {
  const within = (of: unknown, name: string): unknown => {
    if (kept.has(name)) return of;
    if (Array.isArray(of)) {
      const items = of.map((item) => within(item, ''));
      return shuffled(items, roll);
    }
    if (typeof of !== 'object' || of === null || of instanceof Date) return of;
    return Object.fromEntries(Object.entries(of).map(([field, part]) => [field, within(part, field)]));
  };
  return within(value, '');
}
