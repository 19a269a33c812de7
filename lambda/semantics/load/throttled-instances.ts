import type { InstanceMetric, MetricsById, Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Errors } from '../errors/errors.ts';
import type { Span } from '../time/minutes.ts';
import { slowdownOfErrors } from '../traffic/slowdown.ts';
import { isBurstable, type SpentCredits, spentCreditsIn, wasThrottledAtOnset } from './burst-credits.ts';
import { isMostOf } from './group-overload.ts';
import { makeTheErrors } from './part-of-group.ts';

/** A target with what is known of its CPU credits. */
export interface CreditedTarget {
  readonly target: Target;
  readonly type: string | undefined;
  readonly mode: string | undefined;
  /** `null`: it has credits, or needs none; `undefined`: not seen. */
  readonly spent: SpentCredits | null | undefined;
}

interface Throttled extends CreditedTarget {
  readonly spent: SpentCredits;
}

export interface ThrottledGroup {
  readonly shown: readonly [Throttled, ...Throttled[]];
  /** It can be why the group fails: it came first, on most targets, and answers became slower. */
  readonly explains: boolean;
  readonly of: number;
}

export function creditsByTarget(
  targets: readonly Target[],
  { of }: MetricsById<InstanceMetric>,
  seen: Pick<ObservedEvidence, 'creditModes' | 'instances'>,
  span: Span,
): readonly CreditedTarget[] {
  const types = new Map((ifSeen(seen.instances) ?? []).map(({ id, type }) => [id, type]));
  const modes = new Map((ifSeen(seen.creditModes) ?? []).map(({ instanceId, mode }) => [instanceId, mode]));
  const metrics = new Map(of.map(({ id, values }) => [id, values]));
  return targets.map((target) => {
    const type = types.get(target.id);
    const needsNone = type !== undefined && !isBurstable(type);
    const spent = needsNone ? null : spentCreditsIn(metrics.get(target.id), type, span);
    return { target, type, mode: modes.get(target.id), spent };
  });
}

/** `null`: no target of the group is throttled. */
export function throttlingIn(
  group: readonly CreditedTarget[],
  errors: Errors,
  failedShare: number | null,
): ThrottledGroup | null {
  const { episode } = errors;
  const all = group.filter(isThrottled);
  const early = episode === null ? [] : all.filter(({ spent }) => wasThrottledAtOnset(spent, episode));
  const targetsIn = (credited: readonly CreditedTarget[]) => credited.map(({ target }) => target);
  const isTheirs =
    isMostOf<CreditedTarget>(early, group, areCreditsSeen) ||
    makeTheErrors(targetsIn(early), targetsIn(group), failedShare);
  const explains = isTheirs && slowdownOfErrors(errors) !== null;
  const [first, ...rest] = explains ? early : all;
  return first === undefined ? null : { shown: [first, ...rest], explains, of: group.length };
}

export function areCreditsSeen({ spent }: CreditedTarget): boolean {
  return spent !== undefined;
}

/** Where the type is not known, the baseline is not: then a balance of 0 is all there is. */
function isThrottled(one: CreditedTarget): one is Throttled {
  const { mode, spent } = one;
  if (spent === null || spent === undefined || mode === 'unlimited' || spent.lends) return false;
  return spent.pinned !== null || spent.baseline === null;
}

/** Whether some types were seen, and no target can be burstable by what was. */
export function areNoneBurstable(targets: readonly CreditedTarget[]): boolean {
  const types = targets.flatMap(({ type }) => type ?? []);
  return (
    types.length > 0 &&
    !types.some(isBurstable) &&
    targets.every(({ type, spent }) => type !== undefined || spent === undefined)
  );
}
