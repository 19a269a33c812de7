import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds, secondsBetween } from '../time/minutes.ts';
import { eventsOf } from './service-events.ts';
import { type ServiceInUse, stopsVisibleFrom } from './services.ts';

/** Tasks that stopped this long before the first error may have led to it, in seconds. */
const LEAD = 30 * 60;

/**
 * Whether tasks may have stopped as the errors began, and ECS shows them no longer. Not where as many as are wanted have run
 * since before, and none was started: then none was lost.
 */
export function couldHideStops({ service, tasks }: ServiceInUse, { onset }: EpisodeSpan, readAt: Time): boolean {
  if (secondsBetween(onset, stopsVisibleFrom(readAt)) <= 0) return false;
  const from = plusSeconds(onset, -LEAD);
  const stayed = tasks.filter(
    ({ status, startedAt }) => status === 'RUNNING' && startedAt !== null && secondsBetween(startedAt, from) > 0,
  );
  const started = eventsOf(service).some(({ kind, at }) => kind === 'started' && secondsBetween(from, at) >= 0);
  return started || stayed.length < Math.max(1, service.desired);
}
