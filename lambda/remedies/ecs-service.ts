import type { EcsService } from '../incident/evidence.ts';
import { code, count, resource, type Text, text } from '../incident/text.ts';
import { definitionBefore } from '../semantics/ecs/definition-before.ts';
import { definitionName, primaryOf, type ServiceInUse } from '../semantics/ecs/services.ts';
import type { TaskStop } from '../semantics/ecs/task-stops.ts';
import { showHealth } from './look.ts';
import { managerOf, type Owner } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';

const MOST_TASKS = 5;

export function lookAtTasks({ service: { cluster } }: ServiceInUse, stops: readonly TaskStop[]): Remedy {
  const tasks = stops.slice(-MOST_TASKS).map(({ task }) => task.id);
  return look(
    text`see how ${count(tasks.length, 'stopped task')} ended, while ECS still shows ${tasks.length === 1 ? 'it' : 'them'}`,
    aws('ecs', 'describe-tasks', { cluster, tasks }),
  );
}

/** What the health check of a container runs is told in its task definition. */
export function lookAtOwnCheck(taskDefinition: string | null): Remedy {
  return look(
    text`see which command the container's own health check runs (healthCheck), and run it in a container of it`,
    taskDefinition === null ? null : aws('ecs', 'describe-task-definition', { taskDefinition }),
  );
}

export function lookAtService({ service: { cluster, name } }: ServiceInUse, does: Text): Remedy {
  return look(does, aws('ecs', 'describe-services', { cluster, services: name }));
}

/** What counts where ECS itself replaces tasks, and may stop old ones first. */
export function keepTasksWhole({ service }: ServiceInUse): Remedy | null {
  const { name, controller, minimumHealthyPercent } = service;
  const least = minimumHealthyPercent ?? 100;
  if (controller !== 'ECS' || least >= 100) return null;
  return fix(
    text`set ${code('minimumHealthyPercent')} of ${resource(name)} to 100 (it is ${least}), so that new tasks serve before old ones stop`,
    { managedBy: serviceOwner(service) },
  );
}

/** New tasks of the same version take the place of those that run: what these have piled up goes with them. */
export function startTasksAnew({ service, groups }: ServiceInUse): Remedy {
  const { cluster, name, controller } = service;
  const run = aws('ecs', 'update-service', { cluster, service: name, forceNewDeployment: true });
  return fix(text`start the tasks of ${resource(name)} anew, which gives their memory back`, {
    run: controller === 'ECS' ? run : null,
    verify: showHealth(groups[0] ?? ''),
    managedBy: serviceOwner(service),
  });
}

/** Why no task starts, as far as ECS tells. */
export function lookAtStarts(inUse: ServiceInUse, stops: readonly TaskStop[]): readonly Remedy[] {
  const events = lookAtService(inUse, text`see in the events of ${resource(inUse.service.name)} why no task starts`);
  return stops.length === 0 ? [events] : [lookAtTasks(inUse, stops), events];
}

/** Runs so many tasks, where none is wanted now. */
export function wantTasks({ service, groups }: ServiceInUse, tasks: number, does: Text): Remedy {
  const want = (desiredCount: number) =>
    aws('ecs', 'update-service', { cluster: service.cluster, service: service.name, desiredCount });
  return fix(does, {
    ...{ run: want(tasks), undo: want(0) },
    ...{ verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
  });
}

/**
 * Back to what ran before, where ECS still knows it; another controller has a way of its own. `failed`: the definitions of
 * what fails. A service that has left them, by a circuit breaker or by hand, needs no way back, and none leads to them.
 */
export function rollBack(
  { service, tasks, groups }: ServiceInUse,
  failed: readonly (string | null)[],
): readonly Remedy[] {
  const now = primaryOf(service)?.taskDefinition ?? service.taskDefinition;
  const before = definitionBefore(service, tasks, failed);
  if (now !== null && !failed.includes(null) && !failed.includes(now)) return [];
  const around = { verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) };
  if (service.controller !== 'ECS') {
    const where = service.controller === 'CODE_DEPLOY' ? 'CodeDeploy' : 'what deploys it';
    return [fix(text`roll ${resource(service.name)} back in ${where}`, around)];
  }
  if (now === null || before === null) return [];
  const update = (taskDefinition: string) =>
    aws('ecs', 'update-service', { cluster: service.cluster, service: service.name, taskDefinition });
  const does = text`roll ${resource(service.name)} back from ${code(definitionName(now))} to ${code(definitionName(before))}`;
  return [fix(does, { run: update(before), undo: update(now), ...around })];
}

export function serviceOwner({ tags, controller }: EcsService): Owner | undefined {
  return managerOf(tags) ?? (controller === 'CODE_DEPLOY' ? { kind: 'other', title: 'CodeDeploy' } : undefined);
}
