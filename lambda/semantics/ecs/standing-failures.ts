import type { EcsService, EcsTask } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { latest, secondsBetween } from '../time/minutes.ts';
import { eventsOf, type ServiceEvent } from './service-events.ts';
import { hadRun, type TaskStop, taskStopsIn } from './task-stops.ts';

/** What keeps the tasks that a service should run from starting. */
interface StandingFailures {
  readonly failed: readonly TaskStop[];
  /** The last of them. */
  readonly why: TaskStop | undefined;
  readonly notPlaced: ServiceEvent | undefined;
}

/** That one failed before tells nothing of why none is wanted, nor once others started. */
export function standingFailures(service: EcsService, tasks: readonly EcsTask[]): StandingFailures {
  const overcome = lastWellAt(service, tasks);
  const isStanding = ({ at }: { readonly at: Time }) =>
    service.desired > 0 && (overcome === undefined || secondsBetween(overcome, at) > 0);
  const failed = taskStopsIn(tasks, service).filter((stop) => stop.kind === 'never-started' && isStanding(stop));
  const notPlaced = eventsOf(service).findLast(
    (event) => (event.kind === 'not-placed' || event.kind === 'not-started') && isStanding(event),
  );
  return { failed, why: failed.at(-1), notPlaced };
}

/** When it last had all the tasks that it should have, or one of its version began to run: what failed before is overcome. */
function lastWellAt(service: EcsService, tasks: readonly EcsTask[]): Time | undefined {
  const { events, taskDefinition } = service;
  const steady = events.filter(({ message }) => /has reached a steady state/.test(message));
  const unstarted = taskStopsIn(tasks, service).filter((stop) => !hadRun(stop));
  const ran = tasks.filter(
    (task) => task.taskDefinition === taskDefinition && unstarted.every((stop) => stop.task !== task),
  );
  return latest([...steady.map(({ at }) => at), ...ran.flatMap(({ startedAt }) => startedAt ?? [])]);
}
