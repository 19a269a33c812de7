import { sorted } from '../../../incident/evidence/order.ts';
import { addressMaskFor, isPlain } from './address-masks.ts';
import { type MaskCounts, type MaskKind, spokenKind } from './mask-counts.ts';

/** Gives what stands for a word: always the same. `where` says what it is by its place, for those who are told of it. */
export type Masking = (kind: MaskKind, word: string, where?: string) => string;

export interface Masks {
  readonly mask: Masking;
  /** Names that may stand in a sentence, too. */
  readonly names: readonly string[];
  readonly counts: MaskCounts;
}

/** What kinds of things the words of a snapshot name, as its fields tell one by one. */
export class NotedWords {
  readonly #kinds = new Map<string, Set<MaskKind>>();
  readonly #places = new Map<string, string>();

  /** Leaves the word as it is. */
  readonly note: Masking = (kind, word, where) => {
    const key = keyOf(kind, word);
    this.#kinds.set(key, (this.#kinds.get(key) ?? new Set()).add(kind));
    if (where !== undefined && !this.#places.has(key)) this.#places.set(key, where);
    return word;
  };

  /** One mask for each word. `original`: no mask is a word of it. */
  masks(original: string, seed: string): Masks {
    const words = sorted([...this.#kinds.keys()]).map((key) => {
      const [, space = '', word = ''] = /^(\w+) (.*)$/s.exec(key) ?? [];
      return { key, space, word, kind: kindAmong(this.#kinds.get(key) ?? new Set()) };
    });
    const addresses = new Set(words.filter(({ space }) => space === 'address').map(({ word }) => word));
    const addressMask = addressMaskFor(seed, addresses);
    const numbers = new Map<string, number>();
    const fresh = (form: (number: number) => string): string => {
      const series = form(0);
      for (;;) {
        const number = (numbers.get(series) ?? 0) + 1;
        numbers.set(series, number);
        const mask = form(number);
        if (!original.includes(mask)) return mask;
      }
    };
    const assigned = new Map(
      words.map(({ key, word, kind }) => [key, kind === 'address' ? addressMask(word) : fresh(formOf(kind, word))]),
    );
    return {
      mask: (kind, word) => assigned.get(keyOf(kind, word)) ?? word,
      names: words.filter(({ space }) => space === 'word').map(({ word }) => word),
      counts: this.#countsOf(words.filter(({ kind, word }) => kind !== 'address' || !isPlain(word))),
    };
  }

  #countsOf(words: readonly { readonly key: string; readonly word: string; readonly kind: MaskKind }[]): MaskCounts {
    const counts = new Map<string, number>();
    for (const { key, kind, word } of words) {
      const said = spokenKind(kind, PREFIX.exec(word)?.[1], this.#places.get(key));
      counts.set(said, (counts.get(said) ?? 0) + 1);
    }
    return new Map([...counts].sort(([one], [other]) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1)));
  }
}

/** One name may be that of several things, and is one word in a sentence; the rest is told apart by how it looks. */
function keyOf(kind: MaskKind, word: string): string {
  if (kind === 'account id' || kind === 'address' || kind === 'host name' || kind === 'text') {
    return `${kind.split(' ')[0]} ${kind === 'host name' ? word.toLowerCase() : word}`;
  }
  return `word ${word}`;
}

/** Said of anything that has a name: another kind says more. */
const VAGUE: readonly MaskKind[] = ['name', 'tag value'];

function kindAmong(kinds: ReadonlySet<MaskKind>): MaskKind {
  const telling = [...kinds].filter((kind) => !VAGUE.includes(kind));
  if (telling.length === 0) return kinds.has('name') ? 'name' : ([...kinds][0] ?? 'name');
  return telling.length === 1 ? (telling[0] ?? 'name') : telling.includes('id') ? 'id' : 'name';
}

/** What the ids of AWS begin with, which says what each is of. */
export const ID_PREFIXES =
  'i|sg|sgr|subnet|vpc|eni|acl|rtb|igw|eigw|nat|pcx|tgw|tgw-attach|tgw-rtb|vgw|vpce|pl|lt|ami|vol|snap|asc|fs|eipalloc|eipassoc';
const PREFIX = new RegExp(`^(${ID_PREFIXES})-(?=\\w)`);

/** Numbered so that masks stand in the order of what they stand for. */
function formOf(kind: MaskKind, word: string): (number: number) => string {
  const digits = (length: number) => (number: number) => String(number).padStart(length, '0');
  switch (kind) {
    case 'account id':
      return (number) => `99${digits(10)(number)}`;
    case 'e-mail address':
      return (number) => `person-${number}@example.com`;
    case 'host name':
      return (number) => `host-${number}`;
    case 'text':
      return (number) => `(text ${number}, masked)`;
    case 'id': {
      const [prefix = ''] = PREFIX.exec(word) ?? [];
      if (prefix !== '') return (number) => `${prefix}0${digits(16)(number)}`;
      const isUuid = /^[0-9a-f]{8}-/.test(word);
      return isUuid ? (number) => `00000000-0000-4000-8000-${digits(12)(number)}` : digits(Math.max(16, word.length));
    }
    default:
      return (number) =>
        `${kind
          .toLowerCase()
          .replace(/ name$/, '')
          .replaceAll(' ', '-')}-${number}`;
  }
}
