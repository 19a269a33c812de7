import type { Attributes } from '../incident/evidence.ts';
import { isTagRead } from '../semantics/tags.ts';

interface Pair {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export function keyValues(pairs: readonly Pair[] = []): Attributes {
  return Object.fromEntries(pairs.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Those that anything is made of: a snapshot is handed on, and people write into tags what they like. */
export function keptTags(pairs: readonly Pair[] = []): Attributes {
  return keyValues(pairs.filter(({ Key = '' }) => isTagRead(Key)));
}
