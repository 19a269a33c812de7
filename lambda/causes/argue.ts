import type { Strength } from '../incident/cause.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Citation } from '../incident/finding.ts';
import { andList, type Phrase, type Text, text } from '../incident/text.ts';
import type { Sometimes } from './cause.ts';

/** One thing that would prove a cause, or agree with it. `unseen`: nobody can say whether it holds. */
export interface Claim<Cites extends EvidenceKey = EvidenceKey> {
  readonly holds: boolean | 'unseen';
  /** Told as proof, in any case: what is told does not depend on whether the claim as a whole holds. */
  readonly shows: readonly Sometimes<Citation<Text, Cites>>[];
  /** As a reader calls what was not seen; a claim without a name is not told as a doubt. */
  readonly named?: Text | Phrase | undefined;
}

/** The catalogue's row as code: what proves a cause, and what together makes it strong. */
export interface Argument<Proof extends EvidenceKey, Agree extends EvidenceKey> {
  readonly proves?: Claim<Proof> | undefined;
  readonly agrees: readonly Claim<Agree>[];
}

/** What agrees with the cause, or denies it, and shows that in either case. */
export function claim<Cites extends EvidenceKey = never>(
  holds: boolean,
  ...shows: Claim<Cites>['shows']
): Claim<Cites> {
  return { holds, shows };
}

/** What has to hold as well, told where it was seen to: else it is a doubt, under this name. */
export function assumption<Cites extends EvidenceKey = never>(
  isSeen: boolean,
  named: Text | Phrase,
  ...shows: Claim<Cites>['shows']
): Claim<Cites> {
  return isSeen ? { holds: true, shows } : { holds: 'unseen', shows: [], named };
}

/** Proven: decisive. All agree: strong. Otherwise it fits, and so may others. */
export function strengthOfClaims({ proves, agrees }: Argument<EvidenceKey, EvidenceKey>): Strength {
  if (proves?.holds === true) return 'decisive';
  return agrees.every(({ holds }) => holds === true) ? 'strong' : 'circumstantial';
}

/** What the claims show, in their order. */
export function shownBy<Cites extends EvidenceKey>(
  claims: readonly (Claim<Cites> | undefined)[],
): readonly Sometimes<Citation<Text, Cites>>[] {
  return claims.flatMap((each) => each?.shows ?? []);
}

/** What was not seen of claims, as a reader calls it. */
export function namesOfUnseen(claims: readonly Claim[]): readonly (Text | Phrase)[] {
  return claims.flatMap(({ holds, named }) => (holds === 'unseen' && named !== undefined ? [named] : []));
}

/** The last of a proof that does not decide: what was not seen, and could tell otherwise. */
export function doubtsIn<From extends EvidenceKey>(
  from: From,
  claims: readonly Claim[],
): readonly Citation<Text, From>[] {
  const unseen = namesOfUnseen(claims);
  if (unseen.length === 0) return [];
  return [{ from, shows: text`not seen, and could change this: ${andList(unseen, 6)}` }];
}
