import type { Episode, Missing } from '../incident/diagnosis.ts';
import type { ChangeEvent, EvidenceKey } from '../incident/evidence.ts';
import type { Fix } from '../incident/finding.ts';
import { type Gap, missingIds } from '../incident/observed.ts';
import type { Window } from '../incident/question.ts';
import type { ObservedEvidence, Snapshot } from '../incident/snapshot.ts';
import type { Text, Time } from '../incident/text.ts';
import type { Found, Moment, Rule } from '../rules/rule.ts';
import { reporting } from '../semantics/errors.ts';
import { byController } from '../semantics/kubernetes/controller.ts';
import { CONTROLLER } from '../semantics/kubernetes/names.ts';
import { secondsBetween, spanOf } from '../semantics/minutes.ts';
import { changeBehind } from './changed.ts';
import { whyByDesign } from './kubernetes/by-design.ts';
import { isLate, isOfThen, lateness, lateState, mendedState } from './state-of-now.ts';

/** What the engine makes of a rule's answer. */
export type Verdict =
  | { readonly is: 'found'; readonly rule: Rule; readonly findings: readonly Judged[] }
  | { readonly is: 'ruled-out' | 'not-applicable'; readonly rule: Rule; readonly because: Text }
  | { readonly is: 'undetermined'; readonly rule: Rule; readonly missing: readonly Missing[] }
  | { readonly is: 'broken'; readonly rule: Rule; readonly error: string };

/** A finding and, where what is not known weakens it, why it is no more than circumstantial. */
export interface Judged {
  readonly rule: Rule;
  readonly found: Found;
  readonly capped?: string;
}

/** `episode`: the errors, where they were seen: what was changed before may explain what is found. */
export function judge(rule: Rule, snapshot: Snapshot, episode: Pick<Episode, 'onset' | 'end'> | null = null): Verdict {
  const { evidence } = snapshot;
  const onset = episode?.onset ?? null;
  const missing = rule.needs.flatMap((key) => unseen(key, evidence));
  if (missing.length > 0) return { is: 'undetermined', rule, missing };

  const moment: Moment = {
    at: snapshot.question.at,
    window: snapshot.question.window,
    readAt: snapshot.collectedAt,
    unread: (key) => missingIds(evidence[key]),
  };
  try {
    const answer = rule.examine(handed(rule, evidence), moment);
    if (answer.is === 'found') {
      return {
        is: 'found',
        rule,
        findings: answer.findings.map((found) => judged(rule, found, onset, snapshot, moment)),
      };
    }
    if (answer.is === 'unsure') return { is: 'undetermined', rule, missing: answer.missing };
    const by = answer.by ?? rule.needs;
    const unsure = [
      ...by.flatMap((key) => [...gapsIn(key, evidence, moment), ...lateState(key, moment)]),
      // What a load balancer has not, it had not then either.
      ...(answer.is === 'ruled-out'
        ? by.flatMap((key) => mendedState(key, rule, evidence, episode?.end ?? null, moment))
        : []),
    ];
    return unsure.length > 0
      ? { is: 'undetermined', rule, missing: unsure }
      : { is: answer.is, rule, because: answer.because };
  } catch (error) {
    return { is: 'broken', rule, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function handed(rule: Rule, evidence: ObservedEvidence): Record<string, unknown> {
  const needed = rule.needs.map((key) => {
    const observed = evidence[key];
    return [key, observed.seen ? observed.value : undefined] as const;
  });
  return Object.fromEntries([...needed, ...rule.uses.map((key) => [key, evidence[key]] as const)]);
}

function judged(rule: Rule, found: Found, onset: Time | null, snapshot: Snapshot, moment: Moment): Judged {
  const { evidence } = snapshot;
  const byDesign = whyByDesign(rule.id, found, onset ?? moment.at, evidence);
  if (byDesign !== undefined) return capped(rule, found, byDesign);
  const explaining = found.change === undefined ? changeBehind(rule.id, found, onset, snapshot) : null;
  if (explaining === null) return tempered(rule, found, evidence, moment);
  const { change, makesIt } = explaining;
  const { at, who, what } = change;
  const changed: Found = {
    ...found,
    change: { at, who, what },
    fixes: lookUpsLast(found.fixes, change).map(owned(change, makesIt)),
  };
  return tempered(rule, changed, evidence, moment, makesIt ? at : undefined);
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
  const tool = byController(change) ? CONTROLLER : change.tool;
  return (fix: Fix<Text>): Fix<Text> =>
    tool === null || !makesIt || !fix.changes || fix.managedBy !== undefined
      ? fix
      : { ...fix, managedBy: `${tool}, run by ${who}` };
}

/** Caps what rests on something that was not seen, or on state that is not of the time of the incident. */
function tempered(rule: Rule, found: Found, evidence: ObservedEvidence, moment: Moment, madeAt?: Time): Judged {
  const why = touchedByGap(rule, found, evidence, moment) ?? provedByLaterState(found, moment, madeAt);
  return why === undefined ? { rule, found } : capped(rule, found, why);
}

function capped(rule: Rule, found: Found, why: string): Judged {
  if (found.strength === 'circumstantial') return { rule, found };
  return { rule, found: { ...found, strength: 'circumstantial' }, capped: why };
}

function touchedByGap(rule: Rule, found: Found, evidence: ObservedEvidence, moment: Moment): string | undefined {
  const subjects = new Set([
    ...found.affects.targetGroups,
    ...found.affects.targets.map((target) => target.id),
    ...(found.restsOn ?? []),
  ]);
  const gap = rule.needs
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
  const range = reporting(value);
  if (range !== null && range.last >= spanOf(value.grid, window.from, window.to).first) return [];
  return [{ why: 'partial', detail: 'the load balancer sent CloudWatch no metric at all in the window' }];
}
