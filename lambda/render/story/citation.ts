import { EVIDENCE } from '../../incident/evidence/table.ts';
import type { Citation } from '../../incident/finding.ts';
import { type Text, text, time } from '../../incident/text.ts';
import { withoutFullStop } from './phrases.ts';

/** What evidence shows, when, and which evidence. */
export function citationSaid({ from, shows, at }: Citation<Text>): Text {
  // Words that tell the time themselves need no time before them.
  const told = shows.some((part) => part.kind === 'time' && part.at === at);
  const when = at === undefined || told ? [] : text`${time(at)}: `;
  return text`${when}${withoutFullStop(shows)} (${EVIDENCE[from].name})`;
}

/** What a sentence has begun with is not named again in the same breath. */
export function ofIt(citation: Citation<Text>, [subject, verb]: Text): Citation<Text> {
  const [first, ...rest] = citation.shows;
  const isSame = first?.kind === 'resource' && subject?.kind === 'resource' && first.text === subject.text;
  const isAlone = verb?.kind === 'word' && /^ (?!and\b)[a-z]/.test(verb.text);
  if (!isSame || !isAlone || rest[0]?.kind !== 'word' || !/^ [a-z(]/.test(rest[0].text)) return citation;
  const [opened, , closed, ...more] = rest;
  const isNamed = opened?.kind === 'word' && opened.text === ' (' && closed?.kind === 'word' && closed.text[0] === ')';
  return { ...citation, shows: text`it${isNamed ? [{ ...closed, text: closed.text.slice(1) }, ...more] : rest}` };
}
