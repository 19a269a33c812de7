import { type Category, type CauseId, categoryOf, type ErrorKind, type Strength } from '../incident/cause.ts';
import type { Missing } from '../incident/diagnosis.ts';
import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import type { Change, Citation, Fix, Json, TargetRef } from '../incident/finding.ts';
import type { Observed } from '../incident/observed.ts';
import type { Window } from '../incident/question.ts';
import type { Text, Time } from '../incident/text.ts';

/** What a cause may know besides evidence: which moment is asked about, and when AWS was read. */
export interface Moment {
  readonly at: Time;
  readonly window: Window;
  readonly readAt: Time;
  /** The ids that are a gap in some evidence: nothing may be said of them, least of all that there is nothing. */
  unread(key: EvidenceKey): ReadonlySet<string>;
}

/** `needs` as values; `uses` as observed, to corroborate, date or cap. Reading any other evidence does not compile. */
export type SeenBy<Needs extends EvidenceKey, Uses extends EvidenceKey> = {
  readonly [K in Needs]: Evidence[K];
} & { readonly [K in Uses]: Observed<Evidence[K]> };

/** What a cause says of one fault. The first citation is of evidence it needs: no finding without proof. */
export interface Found<Needs extends EvidenceKey = EvidenceKey, Cites extends EvidenceKey = EvidenceKey> {
  readonly strength: Strength;
  readonly says: Text;
  /** When the cause began, only where its own evidence dates it. */
  readonly since?: Time;
  readonly because: readonly [Citation<Text, Needs>, ...Citation<Text, Cites>[]];
  readonly change?: Change;
  readonly affects: { readonly targetGroups: readonly string[]; readonly targets: readonly TargetRef[] };
  readonly explains: readonly ErrorKind[];
  /** Ids the finding rests on besides what it affects (security groups, subnets …): a gap in one of them caps it. */
  readonly restsOn?: readonly string[];
  /** It concludes from something not being there: then any gap in what the cause needs caps it. */
  readonly fromAbsence?: boolean;
  /** Causes that have to be mended as well before its own fixes help: then the fixes of all are steps of one. */
  readonly together?: readonly CauseId[];
  readonly fixes: readonly Fix<Text>[];
  readonly facts?: { readonly [key: string]: Json };
}

export type Answer<Needs extends EvidenceKey = EvidenceKey, Cites extends EvidenceKey = EvidenceKey> =
  | { readonly is: 'found'; readonly findings: readonly Found<Needs, Cites>[] }
  /**
   * Known not to hold: what was seen denies the cause. `by` names the evidence that does, where that is not all it needs: a
   * gap elsewhere then does not make the denial unsure.
   */
  | { readonly is: 'ruled-out'; readonly because: Text; readonly by?: readonly NoInfer<Cites>[] }
  /** There is nothing here that this cause could be about. */
  | { readonly is: 'not-applicable'; readonly because: Text; readonly by?: readonly NoInfer<Cites>[] }
  /** Everything it needs was read, but not the part that decides: a prefix list, another account's group. */
  | { readonly is: 'unsure'; readonly missing: readonly [Missing, ...Missing[]] };

interface CauseDefinition<Needs extends EvidenceKey, Uses extends EvidenceKey> {
  readonly id: CauseId;
  /** Any of these unseen: the engine answers undetermined, naming the call and the permission. */
  readonly needs: readonly Needs[];
  readonly uses?: readonly Uses[];
  /** Causes whose findings on the same targets are symptoms of this one. */
  readonly causes?: readonly CauseId[];
  /** It judges what stays as it is until somebody changes it, and of targets no more than which there are. */
  readonly ofSettings?: true;
  examine(seen: SeenBy<Needs, Uses>, moment: Moment): Answer<NoInfer<Needs>, NoInfer<Needs | Uses>>;
}

/** What judges a cause. Its words for people are `page.md` beside it. */
export interface Cause {
  readonly id: CauseId;
  readonly category: Category;
  readonly needs: readonly EvidenceKey[];
  readonly uses: readonly EvidenceKey[];
  readonly causes: readonly CauseId[];
  readonly ofSettings: boolean;
  examine(seen: Readonly<Record<string, unknown>>, moment: Moment): Answer;
}

export function defineCause<const Needs extends EvidenceKey, const Uses extends EvidenceKey = never>(
  definition: CauseDefinition<Needs, Uses>,
): Cause {
  return {
    uses: [],
    causes: [],
    ofSettings: false,
    ...definition,
    category: categoryOf(definition.id),
    // The one cast: the engine hands over exactly the keys that `needs` and `uses` name.
    examine: (seen, moment) => definition.examine(seen as unknown as SeenBy<Needs, Uses>, moment) as Answer,
  };
}

export const ruledOut = <N extends EvidenceKey = never>(because: Text, ...by: readonly N[]) =>
  ({ is: 'ruled-out', because, ...(by.length > 0 ? { by } : {}) }) as const;
export const notApplicable = <N extends EvidenceKey = never>(because: Text, ...by: readonly N[]) =>
  ({ is: 'not-applicable', because, ...(by.length > 0 ? { by } : {}) }) as const;

export const unsure = (...missing: [Missing, ...Missing[]]) => ({ is: 'unsure', missing }) as const;

/** What was not read of some evidence, for a cause that cannot answer without it. */
export function notRead(evidence: EvidenceKey, observed: Observed<unknown>): readonly Missing[] {
  const gaps = observed.seen ? observed.gaps : [observed];
  return gaps.map(({ why, detail, action }) => ({
    evidence,
    why,
    detail,
    ...(action === undefined ? {} : { action }),
  }));
}

/** Makes every cause say what it ruled out where it found nothing. */
export function foundOr<N extends EvidenceKey, C extends EvidenceKey>(
  findings: readonly Found<N, C>[],
  otherwise: Text,
): Answer<N, C> {
  return findings.length > 0 ? { is: 'found', findings } : ruledOut(otherwise);
}
