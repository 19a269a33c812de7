import type { Errors } from '../../../computed/errors.ts';
import type { Instance, InstanceMetric, MetricsById, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import type { ObservedEvidence } from '../../../incident/snapshot.ts';
import { count, text } from '../../../incident/text.ts';
import {
  isBurstable,
  type SpentCredits,
  spentCreditsIn,
  wasThrottledAtOnset,
} from '../../../semantics/load/burst-credits.ts';
import { isMostOf } from '../../../semantics/load/group-overload.ts';
import type { Span } from '../../../semantics/time/minutes.ts';
import { notApplicable, ruledOut, unsure } from '../../cause.ts';
import { metricsMissing, slowdownOfErrors, unseenAmong } from '../limit/targets-at-limit.ts';

/** A target with what is known of its CPU credits. */
interface Examined {
  readonly target: Target;
  readonly type: string | undefined;
  readonly mode: string | undefined;
  /** `null`: it has credits, or needs none; `undefined`: not seen. */
  readonly spent: SpentCredits | null | undefined;
}

interface Throttled extends Examined {
  readonly spent: SpentCredits;
}

export function creditsOf(
  targets: readonly Target[],
  { of }: MetricsById<InstanceMetric>,
  seen: Pick<ObservedEvidence, 'creditModes' | 'instances'>,
  span: Span,
): readonly Examined[] {
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

export interface ThrottledGroup {
  readonly shown: readonly [Throttled, ...Throttled[]];
  /** It can be why the group fails: it came first, on most targets, and answers became slower. */
  readonly explains: boolean;
  readonly of: number;
}

export function throttlingIn(group: readonly Examined[], errors: Errors): ThrottledGroup | null {
  const { episode } = errors;
  const all = group.filter(isThrottled);
  const early = episode === null ? [] : all.filter(({ spent }) => wasThrottledAtOnset(spent, episode));
  const explains = isMostOf<Examined>(early, group, isSeen) && slowdownOfErrors(errors) !== null;
  const [first, ...rest] = explains ? early : all;
  return first === undefined ? null : { shown: [first, ...rest], explains, of: group.length };
}

const isSeen = ({ spent }: Examined): boolean => spent !== undefined;

/** Where the type is not known, the baseline is not: then a balance of 0 is all there is. */
function isThrottled(examined: Examined): examined is Throttled {
  const { mode, spent } = examined;
  if (spent === null || spent === undefined || mode === 'unlimited' || spent.lends) return false;
  return spent.pinned !== null || spent.baseline === null;
}

export function withoutThrottling(examined: readonly Examined[], instances: Observed<readonly Instance[]>) {
  const unseen = unseenAmong(examined, isSeen);
  if (unseen.length > 0) {
    // Without the type of an instance, nobody can say whether it needs credits.
    const evidence = instances.seen ? 'instanceMetrics' : 'instances';
    const detail = `no CPU credits were seen of ${count(unseen.length, 'instance')}`;
    return unsure(metricsMissing(evidence, instances, unseen, detail));
  }
  if (hasNoBurstable(examined)) return notApplicable(text`no target seen runs on a burstable instance`, 'targetHealth');
  const why = examined.some(({ spent }) => spent !== null && spent !== undefined)
    ? text`no instance without CPU credits is throttled to its baseline: it is in unlimited mode, or uses less`
    : text`the burstable instances had CPU credits left`;
  return ruledOut(why, 'targetHealth', 'loadBalancerMetrics');
}

function hasNoBurstable(examined: readonly Examined[]): boolean {
  const types = examined.flatMap(({ type }) => type ?? []);
  return (
    types.length > 0 &&
    !types.some(isBurstable) &&
    examined.every(({ type, spent }) => type !== undefined || spent === undefined)
  );
}
