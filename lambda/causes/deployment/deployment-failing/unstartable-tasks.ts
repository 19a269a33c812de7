import { asQuoted, code, count, resource, text, time } from '../../../incident/text.ts';
import { letTasksStart, lookAtTasks, rollBack } from '../../../remedies/ecs-service.ts';
import { definitionName, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import { hadRun, stopReasonOf, type TaskStop } from '../../../semantics/ecs/task-stops.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

/** Errors are counted by the minute, and a task that stops gets no more requests a little earlier. */
const SLACK = 120;

/**
 * A service that is to run nothing, whose version could not start while others still served: to want tasks again brings none.
 * Where no task ran until the errors began, these may have come of it, and the service tells the rest.
 */
export function unstartableTasks(
  inUse: ServiceInUse,
  stops: readonly TaskStop[],
  { episode: { onset } }: DeploymentEvidence,
): Found<'ecsTasks', 'ecsTasks' | 'ecsServices'> | null {
  const { service, groups } = inUse;
  const { taskDefinition: version, desired, running } = service;
  if (desired > 0 || running > 0 || version === null) return null;
  const own = stops.filter(({ task }) => task.taskDefinition === version);
  const failed = own.filter(({ kind }) => kind === 'never-started');
  const [last, ran] = [failed.at(-1), stops.findLast(hadRun)];
  if (last === undefined || ran === undefined || own.some(hadRun)) return null;
  if (secondsBetween(ran.at, onset) > SLACK || secondsBetween(last.at, onset) < 0) return null;
  const reason = stopReasonOf(last);
  const name = definitionName(version);
  return {
    strength: 'circumstantial',
    says: text`No task of ${resource(service.name)} (${code(name)}) could start when ECS last tried, at ${time(last.at)}`,
    because: [
      citeAt(last.at).ecsTasks`${count(failed.length, 'task')} could not start: ${asQuoted(reason)}`,
      cite.ecsServices`${resource(service.id)} still has ${code(name)}`,
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['503'],
    comesNext: true,
    fixes: [...rollBack(inUse, [version]), letTasksStart(inUse, reason), lookAtTasks(inUse, failed)],
    facts: { service: service.id, version: name, failed: failed.length },
  };
}
