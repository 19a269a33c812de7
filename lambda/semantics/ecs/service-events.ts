import type { EcsService } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';

/** What a service tells of itself, in sentences without a code. */
export interface ServiceEvent {
  readonly at: Time;
  readonly kind:
    | 'started'
    | 'stopped'
    | 'registered'
    | 'deregistered'
    | 'unhealthy'
    | 'not-placed'
    | 'not-started'
    | 'deployment-failed'
    | 'rolled-back'
    | 'other';
  readonly count: number;
  readonly targetGroup: string | null;
  /** The deployment that it tells of, `ecs-svc/1234`. */
  readonly deployment: string | null;
  /** Why a target is unhealthy, in the words of the load balancer. */
  readonly reason: string | null;
  readonly message: string;
}

const KINDS: readonly (readonly [RegExp, ServiceEvent['kind']])[] = [
  [/is unhealthy in \(target-group/, 'unhealthy'],
  [/has started (\d+) tasks?/, 'started'],
  [/has stopped (\d+) running tasks?/, 'stopped'],
  [/\bderegistered (\d+) targets?/, 'deregistered'],
  [/\bregistered (\d+) targets?/, 'registered'],
  [/was unable to place a task/, 'not-placed'],
  [/is unable to consistently start tasks/, 'not-started'],
  [/rolling back to/i, 'rolled-back'],
  [/deployment failed|circuit breaker/i, 'deployment-failed'],
];

/** Oldest first. */
export function eventsOf({ events }: EcsService): readonly ServiceEvent[] {
  return events.map(eventOf).reverse();
}

function eventOf({ at, message }: EcsService['events'][number]): ServiceEvent {
  const [pattern, kind] = KINDS.find(([each]) => each.test(message)) ?? [null, 'other' as const];
  const [, count] = pattern?.exec(message) ?? [];
  const [, targetGroup] = /\(target-group ([^)]+)\)/.exec(message) ?? [];
  const [deployment] = /\becs-svc\/\d+/.exec(message) ?? [];
  const [, reason] = /due to \(reason (.+)\)\.?$/.exec(message) ?? [];
  return {
    at,
    kind,
    count: Number(count ?? 1),
    targetGroup: targetGroup ?? null,
    deployment: deployment ?? null,
    reason: reason ?? null,
    message,
  };
}
