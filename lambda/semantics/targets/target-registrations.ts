import type { ChangeEvent, Target } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { isByController } from '../kubernetes/controller.ts';
import { secondsBetween } from '../time/minutes.ts';

/** Targets that were registered or deregistered by one call, and for what. */
export interface TargetRegistration {
  readonly at: Time;
  readonly does: 'registers' | 'deregisters';
  readonly targetGroup: string;
  readonly ids: readonly string[];
  /** `lost`: what failed its checks, and came back. */
  readonly why: 'rollout' | 'by-hand' | 'lost' | 'unknown';
}

type Move = Omit<TargetRegistration, 'why'> & { readonly by: 'person' | 'role' | 'controller' };

/**
 * As CloudTrail tells. ECS and Auto Scaling tell of their own: what these do is not told twice.
 */
export function targetRegistrationsIn(
  changes: readonly ChangeEvent[],
  routed: readonly string[],
): readonly TargetRegistration[] {
  const moves = changes.flatMap((change): readonly Move[] => {
    const { at, by, details } = change;
    if (details.is !== 'targets' || !routed.includes(details.targetGroup)) return [];
    const { does, targetGroup, ids } = details;
    if (isByController(change)) return [{ at, does, targetGroup, ids, by: 'controller' }];
    return by === 'service' ? [] : [{ at, does, targetGroup, ids, by }];
  });
  return moves.map((move) => {
    const { by: _by, ...registration } = move;
    return { ...registration, why: whyMoved(move, moves) };
  });
}

/** A rollout of pods registers new ones within this many seconds of the old ones' leaving. */
const ROLLOUT = 600;
/** A pod that fails its own checks leaves, and comes back when it passes them again. */
const BACK = 1800;

/** A controller follows its pods, and tells of no reason: what else it registers does. */
function whyMoved(move: Move, moves: readonly Move[]): TargetRegistration['why'] {
  if (move.by !== 'controller') return move.by === 'person' ? 'by-hand' : 'rollout';
  const others = moves.filter(
    ({ targetGroup, does, by }) => by === 'controller' && targetGroup === move.targetGroup && does !== move.does,
  );
  const same = ({ ids }: Move): boolean => ids.some((id) => move.ids.includes(id));
  const comesBack = others.some((other) => {
    const away = secondsBetween(move.at, other.at) * (move.does === 'deregisters' ? 1 : -1);
    return same(other) && away >= 0 && away <= BACK;
  });
  if (comesBack) return 'lost';
  const replaced = others.some((other) => !same(other) && Math.abs(secondsBetween(move.at, other.at)) <= ROLLOUT);
  return replaced ? 'rollout' : 'unknown';
}

/** When all of these were registered last, as far as a call was recorded. */
export function registeredAt(arn: string, targets: readonly Target[], changes: readonly ChangeEvent[]): Time | null {
  const calls = changes.filter(({ details }) => {
    if (details.is !== 'targets' || details.does !== 'registers' || details.targetGroup !== arn) return false;
    return targets.every(({ id }) => details.ids.includes(id));
  });
  return calls.at(-1)?.at ?? null;
}
