import type { ErrorKind } from '../../incident/cause.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Finding } from '../../incident/finding.ts';
import { type Phrase, percent, percentOf, phrase, type Text } from '../../incident/text.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';

/** With a capital letter and a full stop, whoever wrote it. A name that it begins with keeps its letters. */
export function sentence(text: Text, name = ''): Text {
  return withFullStop(capitalise(text, name));
}

/** With a full stop. */
export function withFullStop(text: Text): Text {
  return /[.!?:]$/.test(lastWords(text)) ? text : [...text, { kind: 'word', text: '.' }];
}

export function capitalise(text: Text, name = ''): Text {
  const [first, ...rest] = text;
  if (first?.kind !== 'word') return text;
  const [opening] = /^[a-z]+(?=[\s,;:]\s*|$)/.exec(first.text) ?? [];
  if (opening === undefined || opening === name || first.text.charAt(opening.length) === ':') return text;
  return [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

/** Without the full stop or colon at its end: for what is followed by a colon of ours. */
export function withoutFullStop(text: Text): Text {
  const last = text.at(-1);
  if (last?.kind !== 'word') return text;
  return [...text.slice(0, -1), { ...last, text: last.text.replace(/(?<![.:\s])[.:\s]+$/, '') }];
}

/** Whether it has been said already: nobody wants to read it twice. */
export function includes(said: Text, again: Text): boolean {
  return bare(said).includes(bare(again));
}

function bare(text: Text): string {
  return withoutFullStop(text)
    .map((part) => (part.kind === 'time' ? part.at : part.text))
    .join('')
    .toLowerCase();
}

/** AWS was read so long after the moment that is told, in seconds, that what failed then may not fail any more. */
const LONG_AGO = 600;

/** Whether requests fail as the reader reads it, as far as anybody knows; else they failed. */
export function stillFail({ episode, window, collectedAt }: Diagnosis): boolean {
  if (episode === null || episode.end !== null || (episode.unasked ?? episode.unmended) !== undefined) return false;
  return secondsBetween(window.to, collectedAt) <= LONG_AGO;
}

/** An error kind as people call it. */
export function kindName(kind: ErrorKind) {
  if (kind === 'other5xx') return 'other 5xx';
  return kind === 'target5xx' ? "the targets' own 5xx" : kind;
}

/** `at most 48 %` where other target groups may have a part in it; `none` is no share of anything. */
export function shareSaid({ attribution = [] }: Finding<Text>, share: number): Phrase {
  if (share === 0) return phrase`none`;
  return attribution.some(({ by }) => by === null) ? percentOf('at most', share) : percent(share);
}

/** What that is a share of: where some come all the time, the others. */
export function ofErrors({ usual }: Finding<Text>) {
  return usual === undefined ? 'of the errors' : 'of the errors that do not come all the time';
}

function lastWords(text: Text): string {
  const last = text.at(-1);
  return last === undefined || last.kind === 'time' ? '' : last.text;
}
