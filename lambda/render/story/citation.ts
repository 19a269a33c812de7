import type { Diagnosis } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import type { Citation, Finding } from '../../incident/finding.ts';
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
export function ofIt(citation: Citation<Text>, headline: Text): Citation<Text> {
  const [first, subject] = [citation.shows[0], headline[0]];
  const isSame = first?.kind === 'resource' && subject?.kind === 'resource' && first.text === subject.text;
  const [verb, rest] = [saidOfFirst(headline)[0], saidOfFirst(citation.shows)];
  const isAlone = verb?.kind === 'word' && /^ (?!and\b)[a-z]/.test(verb.text);
  if (!isSame || !isAlone || rest[0]?.kind !== 'word' || !/^ [a-z]/.test(rest[0].text)) return citation;
  return { ...citation, shows: text`it${rest}` };
}

/** What follows the first name, and the id or name that stands beside it in brackets. */
function saidOfFirst([, ...rest]: Text): Text {
  const [opened, , closed, ...more] = rest;
  if (opened?.kind !== 'word' || opened.text !== ' (' || closed?.kind !== 'word' || closed.text[0] !== ')') return rest;
  return closed.text === ')' ? more : [{ ...closed, text: closed.text.slice(1) }, ...more];
}

/** What shows a finding; when the errors began shows nothing of it, where it is told with more. */
export function tellingProofs({ because }: Finding<Text>, episode: Diagnosis['episode']): readonly Citation<Text>[] {
  const telling = because.filter(({ from, shows }) => {
    const [said, at, ...more] = shows;
    const isOnset = said?.kind === 'word' && at?.kind === 'time' && at.at === episode?.onset && more.length === 0;
    return from !== 'loadBalancerMetrics' || !isOnset;
  });
  return telling.length === 0 ? because : telling;
}
