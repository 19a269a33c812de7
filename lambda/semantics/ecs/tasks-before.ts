import { secondsBetween } from '../time/minutes.ts';
import { eventsOf } from './service-events.ts';
import type { ServiceInUse } from './services.ts';
import { hadRun, type TaskStop } from './task-stops.ts';

/** Seconds in which what went together is told apart: the tasks that one change of the desired number stopped. */
const TOGETHER = 120;

/** How many tasks a service ran before it ran none: as many as stopped together at the end; 0 where nobody knows. */
export function tasksBeforeNone({ service }: ServiceInUse, stops: readonly TaskStop[]): number {
  const ran = stops.filter(hadRun);
  const last = ran.at(-1)?.at;
  const together = ran.filter(({ at }) => last !== undefined && secondsBetween(at, last) <= TOGETHER).length;
  return Math.max(together, eventsOf(service).findLast(({ kind }) => kind === 'stopped')?.count ?? 0);
}
