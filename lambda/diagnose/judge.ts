import type { Cause, Found, Moment } from '../causes/cause.ts';
import type { Episode, Missing } from '../incident/diagnosis.ts';
import type { ChangeEvent, EvidenceKey } from '../incident/evidence.ts';
import type { Fix } from '../incident/finding.ts';
import { type Gap, missingIds } from '../incident/observed.ts';
import type { Window } from '../incident/question.ts';
import type { ObservedEvidence, Snapshot } from '../incident/snapshot.ts';
import type { Text, Time } from '../incident/text.ts';
import { reportedRange } from '../semantics/errors/error-series.ts';
import { isByController } from '../semantics/kubernetes/controller.ts';
import { CONTROLLER } from '../semantics/kubernetes/controller-tags.ts';
import { secondsBetween, spanOf } from '../semantics/time/minutes.ts';
import { changeToBlame } from './blame.ts';
import { whyNodesProveNothing } from './kubernetes/local-traffic-policy.ts';
import { isLate, isOfThen, lateness, lateState, mendedState } from './state-age.ts';

/** What the engine makes of a cause's answer. */
export type Verdict =
  | { readonly is: 'found'; readonly cause: Cause; readonly findings: readonly JudgedFinding[] }
  | { readonly is: 'ruled-out' | 'not-applicable'; readonly cause: Cause; readonly because: Text }
  | { readonly is: 'undetermined'; readonly cause: Cause; readonly missing: readonly Missing[] }
  | { readonly is: 'broken'; readonly cause: Cause; readonly error: string };

/** A finding and, where what is not known weakens it, why it is no more than circumstantial. */
export interface JudgedFinding {
  readonly cause: Cause;
  readonly found: Found;
  readonly capped?: string;
}

/** `episode`: the errors, where they were seen: what was changed before may explain what is found. */
export function judge(
  cause: Cause,
  snapshot: Snapshot,
  episode: Pick<Episode, 'onset' | 'end'> | null = null,
): Verdict {
  const { evidence } = snapshot;
  const onset = episode?.onset ?? null;
  const missing = cause.needs.flatMap((key) => unseen(key, evidence));
  if (missing.length > 0) return { is: 'undetermined', cause, missing };

  const moment: Moment = {
    at: snapshot.question.at,
    window: snapshot.question.window,
    readAt: snapshot.collectedAt,
    unread: (key) => missingIds(evidence[key]),
  };
  try {
    const answer = cause.examine(handed(cause, evidence), moment);
    if (answer.is === 'found') {
      return {
        is: 'found',
        cause,
        findings: answer.findings.map((found) => judged(cause, found, onset, snapshot, moment)),
      };
    }
    if (answer.is === 'unsure') return { is: 'undetermined', cause, missing: answer.missing };
    const by = answer.by ?? cause.needs;
    const unsure = [
      ...by.flatMap((key) => [...gapsIn(key, evidence, moment), ...lateState(key, moment)]),
      // What a load balancer has not, it had not then either.
      ...(answer.is === 'ruled-out'
        ? by.flatMap((key) => mendedState(key, cause, evidence, episode?.end ?? null, moment))
        : []),
    ];
    return unsure.length > 0
      ? { is: 'undetermined', cause, missing: unsure }
      : { is: answer.is, cause, because: answer.because };
  } catch (error) {
    return { is: 'broken', cause, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function handed(cause: Cause, evidence: ObservedEvidence): Record<string, unknown> {
  const needed = cause.needs.map((key) => {
    const observed = evidence[key];
    return [key, observed.seen ? observed.value : undefined] as const;
  });
  return Object.fromEntries([...needed, ...cause.uses.map((key) => [key, evidence[key]] as const)]);
}

function judged(cause: Cause, found: Found, onset: Time | null, snapshot: Snapshot, moment: Moment): JudgedFinding {
  const { evidence } = snapshot;
  const byDesign = whyNodesProveNothing(cause.id, found, onset ?? moment.at, evidence);
  if (byDesign !== undefined) return capped(cause, found, byDesign);
  const explaining = found.change === undefined ? changeToBlame(cause.id, found, onset, snapshot) : null;
  if (explaining === null) return tempered(cause, found, evidence, moment);
  const { change, makesIt } = explaining;
  const { at, who, what } = change;
  const changed: Found = {
    ...found,
    change: { at, who, what },
    fixes: lookUpsLast(found.fixes, change).map(owned(change, makesIt)),
  };
  return tempered(cause, changed, evidence, moment, makesIt ? at : undefined);
}

/** Who changed what is known already: what to do comes before looking up more, and that call itself need not be. */
function lookUpsLast(fixes: readonly Fix<Text>[], { event }: ChangeEvent): readonly Fix<Text>[] {
  const looksUp = ({ run }: Fix<Text>): boolean => run?.[1] === 'cloudtrail';
  const known = ({ run }: Fix<Text>): boolean =>
    run?.includes(`AttributeKey=EventName,AttributeValue=${event}`) === true;
  return [...fixes.filter((fix) => !looksUp(fix)), ...fixes.filter((fix) => looksUp(fix) && !known(fix))];
}

/** What a tool has set it sets again: a hand-made fix does not last. */
function owned(change: ChangeEvent, makesIt: boolean) {
  const { who } = change;
  const tool = isByController(change) ? CONTROLLER : change.tool;
  return (fix: Fix<Text>): Fix<Text> =>
    tool === null || !makesIt || !fix.changes || fix.managedBy !== undefined
      ? fix
      : { ...fix, managedBy: `${tool}, run by ${who}` };
}

/** Caps what rests on something that was not seen, or on state that is not of the time of the incident. */
function tempered(
  cause: Cause,
  found: Found,
  evidence: ObservedEvidence,
  moment: Moment,
  madeAt?: Time,
): JudgedFinding {
  const why = touchedByGap(cause, found, evidence, moment) ?? provedByLaterState(found, moment, madeAt);
  return why === undefined ? { cause, found } : capped(cause, found, why);
}

function capped(cause: Cause, found: Found, why: string): JudgedFinding {
  if (found.strength === 'circumstantial') return { cause, found };
  return { cause, found: { ...found, strength: 'circumstantial' }, capped: why };
}

function touchedByGap(cause: Cause, found: Found, evidence: ObservedEvidence, moment: Moment): string | undefined {
  const subjects = new Set([
    ...found.affects.targetGroups,
    ...found.affects.targets.map((target) => target.id),
    ...(found.restsOn ?? []),
  ]);
  const gap = cause.needs
    .flatMap((key) => gapsOf(key, evidence, moment))
    .find(({ ids }) => found.fromAbsence === true || ids === undefined || ids.some((id) => subjects.has(id)));
  return gap === undefined ? undefined : `not everything it rests on was seen: ${gap.detail}`;
}

function provedByLaterState(found: Found, moment: Moment, madeAt: Time | undefined): string | undefined {
  const proof = found.because[0].from;
  if (isOfThen(proof) || !isLate(moment)) return undefined;
  const since = found.since ?? madeAt;
  const datedThen = since !== undefined && secondsBetween(since, moment.at) >= 0;
  return datedThen ? undefined : `${lateness(moment)}, and nothing dates this state back to it`;
}

function unseen(key: EvidenceKey, evidence: ObservedEvidence): readonly Missing[] {
  const observed = evidence[key];
  if (observed.seen) return [];
  const { why, detail, action } = observed;
  return [{ evidence: key, why, detail, ...(action === undefined ? {} : { action }) }];
}

function gapsIn(key: EvidenceKey, evidence: ObservedEvidence, moment: Moment): readonly Missing[] {
  return gapsOf(key, evidence, moment).map(({ why, detail, action, ids }) => ({
    evidence: key,
    why,
    detail,
    ...(action === undefined ? {} : { action }),
    ...(ids === undefined ? {} : { ids }),
  }));
}

function gapsOf(key: EvidenceKey, evidence: ObservedEvidence, { window }: Moment): readonly Gap[] {
  const observed = evidence[key];
  if (!observed.seen) return [];
  return key === 'loadBalancerMetrics' ? [...observed.gaps, ...silence(evidence, window)] : observed.gaps;
}

/**
 * CloudWatch answers a question about metrics that nobody sent with an empty list. A count of errors is 0 without a
 * datapoint only while the load balancer sends others.
 */
function silence({ loadBalancerMetrics }: ObservedEvidence, window: Window): readonly Gap[] {
  if (!loadBalancerMetrics.seen) return [];
  const { value } = loadBalancerMetrics;
  const range = reportedRange(value);
  if (range !== null && range.last >= spanOf(value.grid, window.from, window.to).first) return [];
  return [{ why: 'partial', detail: 'the load balancer sent CloudWatch no metric at all in the window' }];
}
