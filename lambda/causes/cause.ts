import type { Moment } from '../computed/fact.ts';
import {
  type Asked,
  type BehindAll,
  type ComputedKey,
  type ComputedValue,
  type NeededBy,
  neededBy,
  usedBy,
} from '../computed/index.ts';
import { type Category, type CauseId, categoryOf, type ErrorKind, type Strength } from '../incident/cause.ts';
import type { Missing } from '../incident/diagnosis.ts';
import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import type { Change, Citation, Json, TargetRef } from '../incident/finding.ts';
import type { Observed } from '../incident/observed.ts';
import type { Text, Time } from '../incident/text.ts';
import type { ClusterView } from '../remedies/kubernetes/cluster-looks.ts';
import type { ClusterRemedy } from '../remedies/kubernetes/cluster-remedy.ts';
import type { Remedy } from '../remedies/remedy.ts';
import type { ChangeKind } from '../semantics/changes/change-kinds.ts';

export type { Moment };

/** What is asked for, by name: evidence and computed facts. Reading anything else does not compile. */
export type SeenBy<Needs extends Asked, Uses extends Asked> = {
  readonly [K in Needs]: K extends ComputedKey ? ComputedValue<K> : K extends EvidenceKey ? Evidence[K] : never;
} & {
  readonly [K in Uses]: K extends ComputedKey ? IfSeen<K> : K extends EvidenceKey ? Observed<Evidence[K]> : never;
};

/** What is computed of evidence that may be unseen is there all the same; else it may be missing. */
type IfSeen<K extends ComputedKey> = [NeededBy<K>] extends [never] ? ComputedValue<K> : ComputedValue<K> | undefined;

/** An entry of a list, or nothing: `condition && entry`. */
export type Sometimes<T> = T | false | null | undefined | '' | 0;

/** By its proof: the first time and the last. */
export interface Happened {
  readonly first: Time;
  readonly last: Time;
  /** Who wrote it down, some time after it was so. */
  readonly recordedBy?: 'ECS';
}

/** What a cause says of one fault. The first citation is of evidence it needs: no finding without proof. */
export interface Found<Needs extends EvidenceKey = EvidenceKey, Cites extends EvidenceKey = EvidenceKey> {
  readonly strength: Strength;
  readonly says: Text;
  /** When the cause began, only where its own evidence dates it. */
  readonly since?: Time | undefined;
  /** When what it says happened, where that is more than one moment, or was written down only after it began. */
  readonly happened?: Happened | undefined;
  /** Up to when it made errors, where what makes them is known to get no more requests. */
  readonly until?: Time | undefined;
  readonly because: readonly [Citation<Text, Needs>, ...Sometimes<Citation<Text, Cites>>[]];
  readonly change?: Change | undefined;
  readonly affects: { readonly targetGroups: readonly string[]; readonly targets: readonly TargetRef[] };
  readonly explains: readonly ErrorKind[];
  /** Ids the finding rests on besides what it affects (security groups, subnets …): a gap in one of them caps it. */
  readonly restsOn?: readonly string[] | undefined;
  /** It concludes from something not being there: then any gap in what the cause needs caps it. */
  readonly fromAbsence?: boolean | undefined;
  /**
   * What AWS shows of it proves the fault, and that it is not what fails now: nothing gets as far as that yet. It keeps broken
   * what is mended before it.
   */
  readonly comesNext?: boolean | undefined;
  /** Groups that get the requests once it is mended, where it affects none itself: what is wrong with them comes next. */
  readonly hides?: readonly string[] | undefined;
  /** Causes that have to be mended as well before its own fixes help: then the fixes of all are steps of one. */
  readonly together?: readonly CauseId[] | undefined;
  /** Causes whose findings are symptoms of this one, where that depends on what was found. */
  readonly causes?: readonly CauseId[] | undefined;
  /** Causes that do not bring this one about, though they may bring about the like: it was seen where they are not in the way. */
  readonly notOf?: readonly CauseId[] | undefined;
  /** It is as somebody set it: no other fault that is found brings it about. */
  readonly asSet?: boolean | undefined;
  /** Changes that may have made it, where that depends on what was found. */
  readonly madeBy?: readonly ChangeKind[] | undefined;
  readonly fixes: readonly Sometimes<Remedy>[];
  /** What a restart of the targets does about it, and what it costs. Absent: nothing, or more harm than good. */
  readonly restart?: RestartWorth | undefined;
  /** The targets it affects serve what they can, and are taken away for their checks alone. */
  readonly serves?: boolean | undefined;
  /** What mends it in a cluster, where that depends on what was found. */
  readonly mendsInCluster?: readonly ClusterRemedy[] | undefined;
  /** For machines only: what judges reads the finding, never these. */
  readonly facts?: { readonly [key: string]: Json } | undefined;
}

export interface RestartWorth {
  readonly says: Text;
  /** What a restart would lose: to be done before it. */
  readonly before?: Text;
  /** Only where nothing is lost by it: all requests fail. */
  readonly ifAllFail?: true;
  /** It is the very thing that would be done by hand. */
  readonly inPlaceOf?: 'by hand';
}

/** A finding as the engine takes it: a candidate for the root cause. */
export interface Candidate extends Found {
  readonly because: readonly [Citation<Text>, ...Citation<Text>[]];
  readonly fixes: readonly Remedy[];
}

/** What a cause answers. */
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

interface Traits {
  readonly id: CauseId;
  /** Causes whose findings on the same targets are symptoms of this one. */
  readonly causes: readonly CauseId[];
  /** Changes that it may be the very work of. */
  readonly madeBy: readonly ChangeKind[];
  /** Changes that may have led to it, by way of something else. */
  readonly setOffBy: readonly ChangeKind[];
  /** It judges what stays as it is until somebody changes it, and of targets no more than which there are. */
  readonly ofSettings: boolean;
  /** It makes health checks fail, by itself: what comes of that on the same group or service never stands above it. */
  readonly breaksHealthChecks: boolean;
  /** It is read from failing health checks, and from those alone where some targets serve. */
  readonly fromHealthChecks: boolean;
  /** Where a controller of Kubernetes keeps what it affects: what mends it there, the way to take first first, and what tells more. */
  readonly inCluster: { readonly mends?: readonly ClusterRemedy[]; readonly see?: readonly ClusterView[] };
}

interface CauseDefinition<Needs extends Asked, Uses extends Asked> extends Partial<Traits> {
  readonly id: CauseId;
  /** Any of its evidence unseen: the engine answers undetermined, naming the call and the permission. */
  readonly needs: readonly Needs[];
  readonly uses?: readonly Uses[];
  examine(
    seen: SeenBy<Needs, Uses>,
    moment: Moment,
  ): Answer<NoInfer<NeededBy<Needs>>, NoInfer<BehindAll<Needs> | BehindAll<Uses>>>;
  /** What the state that AWS shows proves by itself, where no errors were read: suspected, and never more. */
  ofStateAlone?(
    seen: SeenBy<Exclude<Needs, Counted<Needs>>, Uses | Counted<Needs>>,
    moment: Moment,
  ): readonly Found<NoInfer<BehindAll<Needs> | BehindAll<Uses>>, NoInfer<BehindAll<Needs> | BehindAll<Uses>>>[];
}

/** What is not there where the metrics of the load balancer were not read. */
type Counted<A extends Asked> = A extends Asked ? ('loadBalancerMetrics' extends NeededBy<A> ? A : never) : never;

/** What judges a cause. Its words for people are `page.md` beside it. */
export interface Cause extends Traits {
  readonly category: Category;
  /** The evidence without which it is undetermined, that of the computed facts it asks for among it. */
  readonly needs: readonly EvidenceKey[];
  readonly uses: readonly EvidenceKey[];
  /** What it is handed: values of what it needs, what it uses as far as it was seen. */
  readonly asks: { readonly needs: readonly Asked[]; readonly uses: readonly Asked[] };
  examine(seen: Readonly<Record<string, unknown>>, moment: Moment): Answer;
  readonly ofStateAlone?: ((seen: Readonly<Record<string, unknown>>, moment: Moment) => readonly Found[]) | undefined;
}

/** What failing health checks make ECS and Auto Scaling do, and what is seen while they do: that checks fail, never why. */
export const COMES_OF_FAILING_CHECKS: readonly CauseId[] = [
  'deployment-failing',
  'no-running-tasks',
  'nothing-listening',
  'targets-not-yet-healthy',
];

/** Between one that was taken away and the next, nothing may be registered. */
const LEFT_EMPTY: CauseId = 'no-registered-targets';

export function defineCause<const Needs extends Asked, const Uses extends Asked = never>(
  definition: CauseDefinition<Needs, Uses>,
): Cause {
  const asks = { needs: definition.needs, uses: definition.uses ?? [] };
  const needs = [...new Set(asks.needs.flatMap(neededBy))];
  const uses = [...asks.needs.flatMap(usedBy), ...asks.uses.flatMap((asked) => [...neededBy(asked), ...usedBy(asked)])];
  const { causes = [], breaksHealthChecks = false, ofStateAlone } = definition;
  return {
    ...{ madeBy: [], setOffBy: [], ofSettings: false, fromHealthChecks: false, inCluster: {} },
    ...definition,
    ...{ asks, needs, breaksHealthChecks },
    causes: [...new Set([...causes, ...(breaksHealthChecks ? [...COMES_OF_FAILING_CHECKS, LEFT_EMPTY] : [])])],
    uses: [...new Set(uses)].filter((key) => !needs.includes(key)),
    category: categoryOf(definition.id),
    // The casts: the engine hands over exactly what `needs` and `uses` name.
    examine: (seen, moment) => definition.examine(seen as unknown as SeenBy<Needs, Uses>, moment) as Answer,
    ofStateAlone:
      ofStateAlone &&
      ((seen, moment) =>
        ofStateAlone(
          seen as unknown as SeenBy<Exclude<Needs, Counted<Needs>>, Uses | Counted<Needs>>,
          moment,
        ) as readonly Found[]),
  };
}

/** A finding without what a condition left out of its lists. */
export function candidateOf({ because: [proof, ...more], fixes, ...rest }: Found): Candidate {
  return { ...rest, because: [proof, ...more.filter(isThere)], fixes: fixes.filter(isThere) };
}

const isThere = <T>(one: Sometimes<T>): one is T => Boolean(one);

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

/** What AWS would have shown of it, had it answered. */
export const refusedOf = (evidence: EvidenceKey, observed: Observed<unknown>): readonly Missing[] =>
  observed.seen ? [] : notRead(evidence, observed).filter(({ why }) => why !== 'not-asked');

/** Makes every cause say what rules it out where it is not found. */
export function foundOr<N extends EvidenceKey, C extends EvidenceKey>(
  findings: readonly Found<NoInfer<N>, NoInfer<C>>[],
  otherwise: Text,
): Answer<N, C> {
  return findings.length > 0 ? { is: 'found', findings } : ruledOut(otherwise);
}

/** Where a cause holds once at most. */
export function oneFinding<N extends EvidenceKey, C extends EvidenceKey>(
  finding: Found<NoInfer<N>, NoInfer<C>>,
): Answer<N, C> {
  return { is: 'found', findings: [finding] };
}
