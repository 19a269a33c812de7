import type { Part, Text } from './text.ts';

/** Names by the ids that they are of. */
export type Names = Readonly<Record<string, string>>;

/**
 * People know names, commands need ids: what has a name is told by it, with its id where it is mentioned first, and by the
 * name alone where it is among those `told` before. What is told so already stays as it is.
 */
export function named(text: Text, names: Names, told: Set<string> = new Set()): Text {
  const ids = byIdAlone(
    text.flatMap((part) => idsApart(part, names)),
    names,
  );
  return ids.flatMap((part): Text => {
    const name = nameOf(part, names);
    if (name === undefined) return [part];
    const byName: Part = { kind: 'resource', text: name };
    if (told.has(idOf(part))) return [byName];
    told.add(idOf(part));
    return [byName, { kind: 'word', text: ' (' }, part, { kind: 'word', text: ')' }];
  });
}

const idOf = (part: Part): string => (part.kind === 'resource' ? part.text : '');

function nameOf(part: Part | undefined, names: Names): string | undefined {
  return part?.kind === 'resource' && Object.hasOwn(names, part.text) ? names[part.text] : undefined;
}

/** What AWS or a person wrote mentions ids among its words. */
function idsApart(part: Part, names: Names): Text {
  if (part.kind !== 'word') return [part];
  return part.text
    .split(/((?<![\w/-])[a-z]+-[0-9a-z]+(?:-[0-9a-z]+)*(?![\w/-]))/)
    .filter((words) => words !== '')
    .map((words) => (Object.hasOwn(names, words) ? { kind: 'resource', text: words } : { ...part, text: words }));
}

/** `sg-1 (app)` and `app (sg-1)` are both `sg-1`. */
function byIdAlone(text: Text, names: Names): Text {
  const [one, opened, other, closed] = text;
  if (one === undefined) return [];
  const isPair =
    opened?.kind === 'word' && opened.text === ' (' && closed?.kind === 'word' && closed.text.startsWith(')');
  const id = [one, other].find((part) => nameOf(part, names) !== undefined);
  if (!isPair || id === undefined || other === undefined) return [one, ...byIdAlone(text.slice(1), names)];
  const name = id === one ? other : one;
  if (name.kind !== 'resource' || name.text !== nameOf(id, names)) return [one, ...byIdAlone(text.slice(1), names)];
  const after = closed.text.slice(1);
  return [id, ...byIdAlone([...(after === '' ? [] : [{ ...closed, text: after }]), ...text.slice(4)], names)];
}
