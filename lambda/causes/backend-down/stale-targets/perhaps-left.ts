import type { Moment } from '../../../computed/fact.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, text } from '../../../incident/text.ts';
import { inSteps } from '../../../remedies/remedy.ts';
import { clusterIn } from '../../../semantics/kubernetes/controller-tags.ts';
import { mayHaveLeftTargets } from '../../../semantics/kubernetes/keeper-failures.ts';
import { getsNoAnswer, groupName, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { failureSaid, failuresOn, type KeeperSeen, letWork, refusedInShort } from './keeper.ts';

/**
 * A controller that fails again and again since the errors began, and a group of its own of which no target answers: pods
 * that are gone look so, as their node keeps their addresses. So do pods that are there and fail.
 */
export function perhapsLeft(
  arn: string,
  targetHealth: readonly Target[],
  seen: KeeperSeen,
  { at, window }: Moment,
): Found<'targetHealth', 'targetHealth' | 'failedCalls'> | null {
  const tags = ifSeen(seen.tags)?.[arn] ?? {};
  const usable = targetsOf(targetHealth, arn).filter(isUsable);
  if (clusterIn(tags) === null || usable.length === 0 || !usable.every(getsNoAnswer)) return null;
  const onset = seen.errors?.episode?.onset ?? window.from;
  const failures = failuresOn(arn, seen).filter((calls) => mayHaveLeftTargets(calls, onset, at));
  const [first] = failures;
  if (first === undefined) return null;
  const since = first[0].at;
  const wasFilled = (ifSeen(seen.changes) ?? []).some(
    ({ details, at: then }) =>
      details.is === 'targets' && details.does === 'registers' && details.targetGroup === arn && then > since,
  );
  if (wasFilled) return null;
  const reasons = [...new Set(usable.flatMap(({ reason }) => reason ?? []))].sort();
  return {
    strength: 'circumstantial',
    says: text`Targets of ${resource(groupName(arn))} may be pods that are gone: ${refusedInShort(first)}`,
    because: [
      cite.targetHealth`no target of ${resource(groupName(arn))} answers: ${andList(reasons.map(code))}`,
      ...failures.map(failureSaid),
      cite.failedCalls`not certain: a controller whose call fails may or may not leave targets as they were`,
    ],
    affects: scopeOf(usable),
    explains: ['502', '503', '504'],
    fixes: inSteps(failures.map((calls) => letWork(calls, arn))),
    facts: { failed: failures.map(([{ event }]) => event) },
  };
}
