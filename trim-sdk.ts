import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';

/** Where our code names what it reads of AWS's answers, and what it asks. */
const READERS = ['lambda/collect', 'lambda/deliver', 'lambda/memory', 'lambda/entry'];

/**
 * Leaves out of the SDK what is never reached here, and fails where that does not look as it did: a new release of the SDK
 * must not undo it, or be undone by it, in silence.
 *
 * - Classes of errors. An error then has the name that it has on the wire, and that is all that is read of it.
 * - Members of inputs and answers whose name stands nowhere in our code.
 * - Event streams, which none of the operations has.
 */
export function trimSdk(): Plugin {
  const names = namesIn(READERS);
  let done = { errors: 0, members: 0, streams: 0 };
  return {
    name: 'trim-sdk',
    buildStart() {
      done = { errors: 0, members: 0, streams: 0 };
    },
    transform: {
      filter: { id: /@(aws-sdk|smithy)\/.*[.]js$/ },
      handler(code, id) {
        const file = id.replaceAll('\\', '/');
        if (/[/]client-[^/]+[/]dist-es[/]schemas[/]schemas_0[.]js$/.test(file)) {
          const bare = withoutErrors(code, file);
          const trimmed = withoutMembers(bare.code, names, file);
          done.errors += bare.count;
          done.members += trimmed.count;
          return trimmed.code;
        }
        if (file.endsWith('/core/dist-es/submodules/event-streams/index.js')) {
          done.streams += 1;
          return NO_STREAMS;
        }
        return null;
      },
    },
    buildEnd(error) {
      if (error !== undefined) return;
      for (const [what, count] of Object.entries(done)) {
        if (count === 0) throw new Error(`trim-sdk: found no ${what} to leave out of the SDK: see trim-sdk.ts`);
      }
    },
  };
}

/** A name that this lacks fails the build. */
const NO_STREAMS = `
export const eventStreamSerdeProvider = () => undefined;
export const resolveEventStreamSerdeConfig = (config) => config;
export class EventStreamSerde { constructor() { throw new Error('event streams are left out: see trim-sdk.ts'); } }
`;

interface Trimmed {
  readonly code: string;
  readonly count: number;
}

/** Only the class that all errors of a service share is left. */
function withoutErrors(code: string, file: string): Trimmed {
  const registered = /^n0_registry\.registerError\(\w+\$, \w+\);$/gm;
  const bare = code.replaceAll(registered, '');
  if (bare.split('registerError(').length !== 2) throw changed('the classes of errors', file);
  return { code: bare, count: code.match(registered)?.length ?? 0 };
}

/** A structure is `[3, namespace, name, traits, [names of members], [types of members], how many are required]`. */
function withoutMembers(code: string, read: ReadonlySet<string>, file: string): Trimmed {
  const texts = new Map(Array.from(code.matchAll(/^const (\w+) = "([^"]*)";$/gm), ([, name, text]) => [name, text]));
  const structure = /^export var \w+\$ = (?=\[3, n0, )/gm;
  let [trimmed, from, count] = ['', 0, 0];
  for (let found = structure.exec(code); found !== null; found = structure.exec(code)) {
    const { parts, end } = listAt(code, structure.lastIndex);
    const [kind, namespace, name, traits, members, types, required] = parts;
    if (members === undefined || types === undefined) throw changed(found[0], file);
    const [ofMembers, ofTypes] = [listAt(members, 0).parts, listAt(types, 0).parts];
    const ofTexts = ofMembers.flatMap((member) => texts.get(member) ?? []);
    const isKnown = ofTexts.length === ofMembers.length && ofTypes.length === ofMembers.length;
    if (!isKnown) throw changed(found[0], file);
    const kept = ofTexts.map((text) => read.has(text));
    const some = (list: readonly string[]) => `[${list.filter((_, index) => kept[index]).join(',')}]`;
    const still = kept.slice(0, Number(required ?? 0)).filter(Boolean).length;
    const whole = [kind, namespace, name, traits, some(ofMembers), some(ofTypes), still].join(',');
    trimmed += `${code.slice(from, structure.lastIndex)}[${whole}]`;
    count += kept.filter((is) => !is).length;
    from = end;
  }
  if (count === 0) throw changed('the members of structures', file);
  return { code: trimmed + code.slice(from), count };
}

function changed(what: string, file: string): Error {
  return new Error(`trim-sdk: ${what} does not look as it did, in ${file}`);
}

/** The elements of the array literal that begins here, and where it ends. */
function listAt(code: string, start: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let [depth, from] = [0, start + 1];
  for (let at = start; at < code.length; at += 1) {
    const character = code.charAt(at);
    if ('"`\''.includes(character)) at = code.indexOf(character, at + 1);
    else if ('[{('.includes(character)) depth += 1;
    else if (']})'.includes(character)) depth -= 1;
    if (depth === 0 || (depth === 1 && character === ',')) {
      const part = code.slice(from, at).trim();
      if (part !== '') parts.push(part);
      from = at + 1;
    }
    if (depth === 0) return { parts, end: at + 1 };
  }
  throw new Error('trim-sdk: an array without an end');
}

function namesIn(folders: readonly string[]): ReadonlySet<string> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(file, 'utf8'));
  return new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []));
}
