import { type Names, named } from '../../incident/names.ts';
import type { Block } from './block.ts';

/** Each id once, where it is mentioned first in the order in which the parts are given; then the name says it. */
export function withNames(parts: readonly (readonly Block[])[], names: Names): readonly (readonly Block[])[] {
  if (Object.keys(names).length === 0) return parts;
  const told = new Set<string>();
  return parts.map((blocks) =>
    blocks.map((block) =>
      block.is === 'command' || block.is === 'link' ? block : { ...block, what: named(block.what, names, told) },
    ),
  );
}
