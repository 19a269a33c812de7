import type { Part, Text } from '../../incident/text.ts';
import type { Block } from './block.ts';

/** Names by the ids that they are of. */
export type Names = Readonly<Record<string, string>>;

/**
 * People know names, commands need ids: what has a name is told by it, with its id where it is mentioned first, in the order
 * in which the parts are given.
 */
export function withNames(parts: readonly (readonly Block[])[], names: Names): readonly (readonly Block[])[] {
  if (Object.keys(names).length === 0) return parts;
  const told = new Set<string>();
  return parts.map((blocks) =>
    blocks.map((block) => (block.is === 'command' || block.is === 'link' ? block : named(block, names, told))),
  );
}

function named<B extends { readonly what: Text }>(block: B, names: Names, told: Set<string>): B {
  const split = withoutOwnNames(
    block.what.flatMap((part) => idsApart(part, names)),
    names,
  );
  const what = split.flatMap((part): Text => {
    const name = part.kind === 'resource' ? names[part.text] : undefined;
    if (part.kind !== 'resource' || name === undefined) return [part];
    const byName: Part = { kind: 'resource', text: name };
    if (told.has(part.text)) return [byName];
    told.add(part.text);
    return [byName, { kind: 'word', text: ' (' }, part, { kind: 'word', text: ')' }];
  });
  return { ...block, what };
}

/** What AWS or a person wrote mentions ids among its words. */
function idsApart(part: Part, names: Names): Text {
  if (part.kind !== 'word') return [part];
  return part.text
    .split(/((?<![\w/-])[a-z]+-[0-9a-z]+(?:-[0-9a-z]+)*(?![\w/-]))/)
    .filter((words) => words !== '')
    .map((words) => ({ kind: Object.hasOwn(names, words) ? 'resource' : 'word', text: words }));
}

/** `sg-1 (app)` is told as `app (sg-1)`, and then as `app`: its name stands before it. */
function withoutOwnNames(text: Text, names: Names): Text {
  const isOwn = (index: number): boolean => {
    const [id, opened, name, closed] = text.slice(index, index + 4);
    if (id?.kind !== 'resource' || opened?.kind !== 'word' || name?.kind !== 'resource' || closed?.kind !== 'word')
      return false;
    return opened.text === ' (' && names[id.text] === name.text && closed.text.startsWith(')');
  };
  return text.flatMap((part, index): Text => {
    if (isOwn(index - 1) || isOwn(index - 2)) return [];
    return isOwn(index - 3) && part.kind === 'word' ? [{ kind: 'word', text: part.text.slice(1) }] : [part];
  });
}
