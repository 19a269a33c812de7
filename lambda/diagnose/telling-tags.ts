import { TELLING_TAGS } from '../semantics/tags.ts';

/** The tags that tell whom to call and what else to read, in that order. */
export function tellingTags(
  tags: Readonly<Record<string, string>>,
): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(tags)
    .map(([key, value]) => ({ key, value, rank: TELLING_TAGS.indexOf(key.toLowerCase()) }))
    .filter(({ rank, value }) => rank >= 0 && value !== '')
    .sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, value }));
}
