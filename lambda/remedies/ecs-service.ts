import type { EcsService } from '../incident/evidence.ts';
import { code, count, duration, formatNumber, resource, type Text, type Time, text, time } from '../incident/text.ts';
import { definitionBefore } from '../semantics/ecs/definition-before.ts';
import { definitionName, primaryOf, type ServiceInUse } from '../semantics/ecs/services.ts';
import { type StartObstacle, startObstacleIn } from '../semantics/ecs/start-obstacles.ts';
import type { TaskCut } from '../semantics/ecs/task-cuts.ts';
import type { TaskStop } from '../semantics/ecs/task-stops.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import { showHealth } from './look.ts';
import { managerOf, type Owner } from './owner.ts';
import { aws, fix, look, type Remedy } from './remedy.ts';

const MOST_TASKS = 5;

export function lookAtTasks({ service: { cluster } }: ServiceInUse, stops: readonly TaskStop[]): Remedy {
  const tasks = stops.slice(-MOST_TASKS).map(({ task }) => task.id);
  return look(
    text`see why ${tasks.length < stops.length ? text`the last ${tasks.length} of ${formatNumber(stops.length)} tasks` : count(tasks.length, 'task')} stopped, while ECS still shows ${tasks.length === 1 ? 'it' : 'them'}`,
    aws('ecs', 'describe-tasks', { cluster, tasks }),
  );
}

/** What the health check of a container runs is told in its task definition. */
export function lookAtOwnCheck(taskDefinition: string | null): Remedy {
  return look(
    text`see which command the container's own health check (healthCheck) runs, and run that in a container`,
    taskDefinition === null ? null : aws('ecs', 'describe-task-definition', { taskDefinition }),
  );
}

export function lookAtService({ service: { cluster, name } }: ServiceInUse, does: Text): Remedy {
  return look(does, aws('ecs', 'describe-services', { cluster, services: name }));
}

/** What counts where ECS itself replaces tasks, and may stop old ones first. */
export function keepTasksWhole({ service }: ServiceInUse): Remedy | null {
  const { cluster, name, controller, minimumHealthyPercent, maximumPercent, circuitBreaker } = service;
  const least = minimumHealthyPercent ?? 100;
  if (controller !== 'ECS' || least >= 100) return null;
  const most = maximumPercent ?? 200;
  // What is set is set as a whole: what is to stay is said, too.
  const { enabled, rollsBack } = circuitBreaker;
  const breaker = enabled ? { deploymentCircuitBreaker: `{enable=true,rollback=${rollsBack}}` } : {};
  const set = (minimum: number, maximum: number) =>
    aws('ecs', 'update-service', {
      ...{ cluster, service: name },
      deploymentConfiguration: { minimumHealthyPercent: minimum, maximumPercent: maximum, ...breaker },
    });
  return fix(
    text`set ${code('minimumHealthyPercent')} of ${resource(name)} to 100 (it is ${least}), so that new tasks serve before old ones stop`,
    {
      ...{ run: set(100, Math.max(most, 200)), undo: set(least, most) },
      ...{ verify: aws('ecs', 'describe-services', { cluster, services: name }), managedBy: serviceOwner(service) },
    },
  );
}

/** New tasks of the same version take the place of those that run. `worth`: what goes with these. */
export function startTasksAnew({ service, groups }: ServiceInUse, worth: Text): Remedy {
  const anew = startNamedTasksAnew(service.id, groups, worth);
  return { ...anew, run: service.controller === 'ECS' ? anew.run : null, managedBy: serviceOwner(service) };
}

/** Where nothing more of the service was read than that targets are tasks of it: `cluster/service`. */
export function startNamedTasksAnew(id: string, [group = '']: readonly string[], worth: Text): Remedy {
  const [cluster = '', service = ''] = id.split('/');
  return fix(text`restart the tasks of ${resource(service)}: ${worth}`, {
    run: aws('ecs', 'update-service', { cluster, service, forceNewDeployment: true }),
    verify: showHealth(group),
  });
}

/** Why no task starts, as far as ECS tells. */
export function lookAtStarts(inUse: ServiceInUse, stops: readonly TaskStop[]): readonly Remedy[] {
  const events = lookAtService(inUse, text`see in the events of ${resource(inUse.service.name)} why no task starts`);
  return stops.length === 0 ? [events] : [lookAtTasks(inUse, stops), events];
}

/** What tasks lack that could not start, of a version that is to stay. */
export function letTasksStart({ service }: ServiceInUse, reason: string): Remedy {
  return fix(MENDS[startObstacleIn(reason)], { managedBy: serviceOwner(service) });
}

const MENDS: Readonly<Record<StartObstacle, Text>> = {
  'image missing': text`push the image that the task definition names, or deploy a version whose image is in the registry`,
  'not allowed': text`allow the task execution role to read the image and the secrets that the task definition names`,
  'no way there': text`give the tasks' subnets a way to what they could not reach: a NAT gateway, or VPC endpoints for ECR, S3, Secrets Manager and CloudWatch Logs`,
  other: text`fix what ECS reports about the tasks that did not start`,
};

/** Fargate takes Spot tasks back, and starts others only where it has some to spare. What the strategy was nobody read. */
export function runOffSpot({ service, groups }: ServiceInUse): Remedy {
  const { cluster, name, controller } = service;
  const run = aws('ecs', 'update-service', {
    ...{ cluster, service: name },
    ...{ capacityProviderStrategy: { capacityProvider: 'FARGATE', weight: 1 }, forceNewDeployment: true },
  });
  return fix(
    text`run the tasks of ${resource(name)} on Fargate instead of Fargate Spot, which costs more, until there is Spot capacity again; first note its capacity providers (${code('aws ecs describe-services')}), to restore them`,
    {
      run: controller === 'ECS' ? run : null,
      ...{ verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
    },
  );
}

/** Time is what a slow starter lacks; of one that never starts, it lets somebody read why. */
export function longerTaskGrace({ service, groups }: ServiceInUse, seconds: number): Remedy | null {
  const { cluster, name, healthCheckGrace } = service;
  if ((healthCheckGrace ?? 0) >= seconds) return null;
  const set = (healthCheckGracePeriodSeconds: number) =>
    aws('ecs', 'update-service', { cluster, service: name, healthCheckGracePeriodSeconds });
  return fix(
    text`give new tasks of ${resource(name)} ${duration(seconds)} to become healthy: enough for a slow start, and to see on one why it does not start`,
    {
      ...{ run: set(seconds), undo: set(healthCheckGrace ?? 0) },
      ...{ verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
    },
  );
}

/** Long enough to mend what the checks complain about, in seconds. */
const A_DAY = 86_400;

/** ECS forgets the checks of a task for so long after its start: it stays, and serves what it can. */
export function keepFailingTasks({ service }: ServiceInUse): Remedy {
  const { cluster, name, healthCheckGrace } = service;
  const set = (healthCheckGracePeriodSeconds: number) =>
    aws('ecs', 'update-service', { cluster, service: name, healthCheckGracePeriodSeconds });
  return fix(
    text`keep ECS from replacing tasks of ${resource(name)} for this check, by a grace period of a day (if all targets fail, all get requests). Until undone, ECS replaces no task for failed checks`,
    {
      ...{ run: set(A_DAY), undo: set(healthCheckGrace ?? 0) },
      // Their health stays as it is: that nothing is replaced any more, its events tell.
      ...{ verify: aws('ecs', 'describe-services', { cluster, services: name }), managedBy: serviceOwner(service) },
    },
  );
}

/** As many tasks as before somebody or something wanted fewer. */
export function undoTaskCut({ service, groups }: ServiceInUse, { from, at }: TaskCut): Remedy {
  const { cluster, name, desired } = service;
  const want = (desiredCount: number) => aws('ecs', 'update-service', { cluster, service: name, desiredCount });
  return fix(
    text`run ${count(from, 'task')} of ${resource(name)} again, as before ${time(at)}; service auto scaling may change this again`,
    {
      ...{ run: want(from), undo: want(desired) },
      ...{ verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
    },
  );
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
  const around = { verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service), forMany: true } as const;
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

/** A version that is deployed so long before errors, in seconds, may have made them; they are counted by the minute. */
const LATELY = 3600;
const MINUTE = 60;

/** The same; where ECS no longer shows what ran before a version that was deployed shortly before the errors, by hand. */
export function waysBack(inUse: ServiceInUse, failed: readonly (string | null)[], onset: Time): readonly Remedy[] {
  const back = rollBack(inUse, failed);
  const { service, groups } = inUse;
  const { createdAt = null, taskDefinition: now = null } = primaryOf(service) ?? {};
  const age = createdAt === null ? Number.NaN : secondsBetween(createdAt, onset);
  const isNew = -MINUTE <= age && age <= LATELY;
  if (back.length > 0 || now === null || !isNew || failed.some((version) => version !== now)) return back;
  const version = definitionName(now);
  const family = version.slice(0, version.lastIndexOf(':'));
  return [
    {
      ...fix(text`roll ${resource(service.name)} back from ${code(version)} to the version before`, {
        ...{ verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service), forMany: true },
      }),
      fromVersion: version,
    },
    look(
      text`list the versions: ECS no longer shows which of them ran before`,
      aws('ecs', 'list-task-definitions', { familyPrefix: family, sort: 'DESC', maxItems: 10 }),
    ),
  ];
}

export function serviceOwner({ tags, controller }: EcsService): Owner | undefined {
  return managerOf(tags) ?? (controller === 'CODE_DEPLOY' ? { kind: 'other', title: 'CodeDeploy' } : undefined);
}
