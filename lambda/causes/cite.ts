import { EVIDENCE_KEYS } from '../incident/evidence/table.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Citation } from '../incident/finding.ts';
import { type AllOwn, type Insert, type Text, type Time, text } from '../incident/text.ts';

/** A tag for each piece of evidence, which takes words as `text` does. */
type Cite<More> = {
  readonly [K in EvidenceKey]: <const I extends readonly Insert[]>(
    strings: TemplateStringsArray,
    ...inserts: AllOwn<I>
  ) => Citation<Text, K> & More;
};

/** `` cite.targetHealth`${resource(id)} is ${code('unhealthy')}` `` */
export const cite = tagsWith({});

/** The same of something that happened at a time, where that is known. */
export function citeAt(at: Time): Cite<{ readonly at: Time }>;
export function citeAt(at: Time | null | undefined): Cite<{ readonly at?: Time }>;
export function citeAt(at: Time | null | undefined): Cite<{ readonly at?: Time }> {
  return tagsWith(at ? { at } : {});
}

function tagsWith<More>(more: More): Cite<More> {
  const tags = EVIDENCE_KEYS.map((from) => {
    const tag = (...said: Parameters<typeof text>) => ({ from, shows: text(...said), ...more });
    return [from, tag] as const;
  });
  // `fromEntries` forgets which key each tag is of.
  return Object.fromEntries(tags) as Cite<More>;
}
