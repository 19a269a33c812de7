import { onceFor } from './once-for.ts';

const maps = onceFor((things: readonly { readonly id: string }[]) => new Map(things.map((one) => [one.id, one])));

/** Things by their ids: a thousand targets ask for theirs, each time they are judged. */
export function byId<T extends { readonly id: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  // The cast: of these things, the map holds no others.
  return maps(things) as unknown as ReadonlyMap<string, T>;
}
