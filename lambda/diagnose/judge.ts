import { type Candidate, type Cause, candidateOf } from '../causes/cause.ts';
import { type Asked, type Facts, factsOf, isComputed } from '../computed/index.ts';
import type { TrafficByGroups } from '../computed/traffic.ts';
import type { Episode, Missing } from '../incident/diagnosis.ts';
import type { ChangeEvent, EvidenceKey } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence, Snapshot } from '../incident/snapshot.ts';
import type { Text, Time } from '../incident/text.ts';
import { looksUpCalls } from '../remedies/look.ts';
import { isSameCall, type Remedy } from '../remedies/remedy.ts';
import { isByController } from '../semantics/kubernetes/controller.ts';
import { CONTROLLER } from '../semantics/kubernetes/controller-tags.ts';
import { latest } from '../semantics/time/minutes.ts';
import { addedErrors } from './added-errors.ts';
import { askDeployer, askWhoChanged } from './ask-who-changed.ts';
import { type BlamedChange, changeAfterOnset, changeToBlame, isOfService } from './blame.ts';
import { whyNodesProveNothing } from './kubernetes/local-traffic-policy.ts';
import { missingOf, refused, unseenOf } from './missing.ts';
import { ownOnset } from './own-beginnings.ts';
import { lateState, mendedState } from './state-age.ts';
import { cap, gapsOf, type JudgedFinding, temper } from './temper.ts';
import { undoOfChange } from './undo-change.ts';

/** What the engine makes of a cause's answer. */
export type Verdict =
  | { readonly is: 'found'; readonly cause: Cause; readonly findings: readonly JudgedFinding[] }
  | { readonly is: 'ruled-out' | 'not-applicable'; readonly cause: Cause; readonly because: Text }
  | { readonly is: 'undetermined'; readonly cause: Cause; readonly missing: readonly Missing[] }
  | { readonly is: 'broken'; readonly cause: Cause; readonly error: string };

/** `episode`: the errors, where they were seen: what was changed before may explain what is found. */
export function judge(
  cause: Cause,
  snapshot: Snapshot,
  episode: Pick<Episode, 'onset' | 'end' | 'of' | 'errors'> | null = null,
  facts: Facts = factsOf(snapshot),
): Verdict {
  const { evidence } = snapshot;
  const { moment } = facts;
  const missing = cause.needs.flatMap((key) => unseenOf(key, evidence));
  try {
    if (missing.length > 0) {
      const findings = ofStateAlone(cause, missing, snapshot, facts);
      return findings.length > 0 ? { is: 'found', cause, findings } : { is: 'undetermined', cause, missing };
    }
    const answer = cause.examine(handed(cause, evidence, facts), moment);
    if (answer.is === 'found') {
      return {
        is: 'found',
        cause,
        findings: answer.findings.map((found) => {
          const traffic = facts.get('traffic') as TrafficByGroups | undefined;
          // Its own groups may have begun to fail later than others.
          const own = ownOnset(found.affects.targetGroups, traffic);
          const onset = episode === null ? null : (latest([episode.onset, own ?? episode.onset]) ?? null);
          return judged(cause, inOrder(candidateOf(found)), { onset, traffic }, snapshot, moment);
        }),
      };
    }
    if (answer.is === 'unsure') {
      const gaps = cause.needs.flatMap((key) => gapsIn(key, evidence, moment));
      const others = cause.uses.flatMap((key) => (HISTORIES.includes(key) ? refused(key, evidence) : []));
      return { is: 'undetermined', cause, missing: withOthers(answer.missing, [...gaps, ...others]) };
    }
    const by = answer.by ?? cause.needs;
    const gaps = [
      ...by.flatMap((key) => [...unseenOf(key, evidence), ...gapsIn(key, evidence, moment)]),
      ...(answer.by === undefined ? ofGroupsUnseen(cause, evidence) : []),
    ];
    const ofNow = by.flatMap((key) => lateState(key, moment));
    // What a load balancer has not, it had not then either.
    const mended =
      answer.is === 'ruled-out' ? by.flatMap((key) => mendedState(key, cause, evidence, episode, moment)) : [];
    const unsure = [...gaps, ...ofNow, ...mended];
    if (unsure.length === 0) return { is: answer.is, cause, because: answer.because };
    const ofThen = ofNow.length + mended.length > 0 ? cause.uses.flatMap((key) => refused(key, evidence)) : [];
    return { is: 'undetermined', cause, missing: withOthers(unsure, ofThen) };
  } catch (error) {
    return { is: 'broken', cause, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** What is proved without a count of errors, and whether it makes any was not seen. */
function ofStateAlone(cause: Cause, missing: readonly Missing[], snapshot: Snapshot, facts: Facts) {
  if (cause.ofStateAlone === undefined || missing.some(({ evidence }) => evidence !== 'loadBalancerMetrics')) return [];
  const { moment } = facts;
  const why = `whether requests failed for it was not seen: ${missing[0]?.detail ?? 'no metrics were read'}`;
  const untimed = { onset: null, traffic: undefined };
  return cause.ofStateAlone(handed(cause, snapshot.evidence, facts), moment).map((found): JudgedFinding => {
    const one = judged(cause, inOrder(candidateOf(found)), untimed, snapshot, moment);
    return { ...one, found: { ...one.found, strength: 'circumstantial' }, capped: why, ofStateAlone: true };
  });
}

function handed({ asks }: Cause, evidence: ObservedEvidence, facts: Facts): Record<string, unknown> {
  const valueFor = (asked: Asked): unknown => {
    if (isComputed(asked)) return facts.get(asked);
    const observed = evidence[asked];
    return observed.seen ? observed.value : undefined;
  };
  const asObserved = (asked: Asked): unknown => (isComputed(asked) ? facts.get(asked) : evidence[asked]);
  return Object.fromEntries([
    ...asks.uses.map((asked) => [asked, asObserved(asked)] as const),
    ...asks.needs.map((asked) => [asked, valueFor(asked)] as const),
  ]);
}

function judged(
  cause: Cause,
  found: Candidate,
  { onset, traffic }: { readonly onset: Time | null; readonly traffic: TrafficByGroups | undefined },
  snapshot: Snapshot,
  moment: Facts['moment'],
): JudgedFinding {
  const { evidence } = snapshot;
  const byDesign = whyNodesProveNothing(cause, found, onset ?? moment.at, evidence);
  if (byDesign !== undefined) return cap(cause, found, byDesign);
  const earlier = found.change === undefined ? changeToBlame(cause, found, onset, snapshot) : null;
  const later = earlier === null && onset !== null ? changeAfterOnset(cause, found, onset, snapshot) : null;
  const own = traffic?.errorsOf(found.affects.targetGroups);
  const added = later === null || own === undefined ? null : addedErrors(later.change.at, found.explains, own);
  const explaining = added === null ? earlier : later;
  if (explaining === null) return temper(cause, found, evidence, moment);
  const { change, makesIt } = explaining;
  const { at, who, what } = change;
  const changed: Candidate = {
    ...found,
    // What made a state tells since when it is so better than how long whoever is there now has been seen in it.
    ...(makesIt ? { since: at } : {}),
    change: { at, who, what },
    fixes: undoFirst(withoutLookUp(found.fixes, change), explaining, found, evidence).map(owned(change, makesIt)),
  };
  const judgedFinding = temper(cause, changed, evidence, moment, makesIt ? at : undefined);
  return typeof added === 'number' ? { ...judgedFinding, added } : judgedFinding;
}

/** What was changed is put back before anything is added; where nobody knows how, whoever changed it does. */
function undoFirst(
  fixes: readonly Remedy[],
  { change, makesIt }: BlamedChange,
  { together = [] }: Candidate,
  evidence: ObservedEvidence,
): readonly Remedy[] {
  if (!makesIt && !isByController(change)) return fixes.map((one) => askDeployer(one, change));
  if (!makesIt || isByController(change) || isChangedAgain(change, ifSeen(evidence.changes) ?? [])) return fixes;
  const mends = fixes.filter(({ run, changes }) => changes && run !== null);
  const verify = (mends[0] ?? fixes.find((one) => one.verify !== null))?.verify ?? null;
  const undo = undoOfChange(change, evidence, verify);
  if (undo === null) {
    // What adds (machines, a longer limit) puts nothing back.
    const isPutBack = mends.some(({ forMany }) => !forMany);
    return isPutBack || isOfService(change) ? fixes : [...askWhoChanged(change, verify), ...fixes];
  }
  const alike = fixes.find(({ run }) => isSameCall(run, undo.run));
  // Where other layers are closed as well, each opens its own: by one step.
  const others = fixes.filter((one) => one !== alike && !(together.length > 0 && mends.includes(one)));
  return [undo, ...others];
}

/** What was set or sent elsewhere later is not as it made it any more. */
function isChangedAgain({ at, details }: ChangeEvent, changes: readonly ChangeEvent[]): boolean {
  if (!('of' in details)) return false;
  const { is, of } = details;
  return changes.some(
    (later) => later.at > at && later.details.is === is && 'of' in later.details && later.details.of === of,
  );
}

/** Who called what mends nothing: what to do comes before looking that up. */
function inOrder(found: Candidate): Candidate {
  const lookUps = found.fixes.filter((fix) => looksUpCalls(fix));
  return { ...found, fixes: [...found.fixes.filter((fix) => !looksUpCalls(fix)), ...lookUps] };
}

/** Who made that call is known already. */
function withoutLookUp(fixes: readonly Remedy[], { event }: ChangeEvent): readonly Remedy[] {
  return fixes.filter((fix) => !looksUpCalls(fix, event));
}

/** What a tool has set it sets again: a hand-made fix does not last. */
function owned(change: ChangeEvent, makesIt: boolean) {
  const { who } = change;
  const isController = isByController(change);
  const title = isController ? CONTROLLER : change.tool;
  return (fix: Remedy): Remedy =>
    title === null || !makesIt || !fix.changes || fix.managedBy !== undefined
      ? fix
      : { ...fix, managedBy: { kind: isController ? 'controller' : 'other', title, ranBy: who } };
}

/** What all groups count together rules nothing out for one of them. */
function ofGroupsUnseen({ needs, uses }: Cause, evidence: ObservedEvidence): readonly Missing[] {
  const isOfCounts = needs.includes('loadBalancerMetrics') && uses.includes('targetGroupMetrics');
  return isOfCounts ? refused('targetGroupMetrics', evidence) : [];
}

/** What tells of a time past: it may decide where nothing of now does. */
const HISTORIES: readonly EvidenceKey[] = [
  'changes',
  'consoleOutput',
  'ecsServices',
  'ecsTasks',
  'autoScalingGroups',
  'instanceMetrics',
];

function withOthers(missing: readonly Missing[], others: readonly Missing[]): readonly Missing[] {
  return [...missing, ...others.filter(({ evidence }) => !missing.some((one) => one.evidence === evidence))];
}

function gapsIn(key: EvidenceKey, evidence: ObservedEvidence, moment: Facts['moment']): readonly Missing[] {
  return gapsOf(key, evidence, moment).map((gap) => missingOf(key, gap));
}
