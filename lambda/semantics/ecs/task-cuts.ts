import type { EcsService } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { secondsBetween } from '../time/minutes.ts';
import { eventsOf, type ServiceEvent } from './service-events.ts';

/** A service that runs fewer tasks since. */
export interface TaskCut {
  readonly at: Time;
  readonly from: number;
}

/** What is made smaller so long before errors, in seconds, is what is missed; metrics tell the minute. */
const LATELY = 3600;
const MINUTE = 60;

/** What else than a lower count has tasks stopped, or others started. */
const OTHERWISE: readonly ServiceEvent['kind'][] = ['started', 'unhealthy', 'rolled-back', 'deployment-failed'];

/**
 * The last time that ECS stopped tasks without starting any, within an hour of the errors: where nothing is deployed and none
 * was ill, fewer are wanted since; `null` where it did not, or where that may have been for anything else.
 */
export function taskCutBefore(service: EcsService, onset: Time): TaskCut | null {
  const { desired, running, deployments } = service;
  const lately = eventsOf(service).filter(({ at }) => secondsBetween(at, onset) <= LATELY);
  const stops = lately.filter(({ kind, at }) => kind === 'stopped' && secondsBetween(at, onset) >= -MINUTE);
  const last = stops.at(-1);
  const isDeployed = deployments.some(
    ({ createdAt }) => createdAt === null || secondsBetween(createdAt, onset) <= LATELY,
  );
  const isOther = lately.some(({ kind }) => OTHERWISE.includes(kind));
  if (last === undefined || isDeployed || deployments.length !== 1 || isOther || running > desired) return null;
  return { at: last.at, from: desired + stops.reduce((sum, { count }) => sum + count, 0) };
}
