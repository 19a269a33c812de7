import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import { sorted } from '../../incident/evidence/order.ts';
import type { EcsService, EcsTask, TargetGroup } from '../../incident/evidence.ts';
import { type Gap, seen } from '../../incident/observed.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, keptNoLonger, unseenLike } from '../collector.ts';
import { describeContainerInstances, describeTasks, listTasks } from '../services/ecs.ts';
import { utcTime } from '../time.ts';

const TASKS_A_CALL = 100;
/** Of each service, running and stopped: what is newer than these says enough. */
const TASKS = 300;

export const ecsTasks = defineCollector({
  key: 'ecsTasks',
  after: ['ecsServices', 'targetGroups'],
  actions: [listTasks.action, describeTasks.action, describeContainerInstances.action],
  resources: {
    [describeTasks.action]: 'arn:*:ecs:*:*:task/*',
    [describeContainerInstances.action]: 'arn:*:ecs:*:*:container-instance/*',
  },
  async collect({ at }, { ecsServices, targetGroups }, aws) {
    if (!ecsServices.seen) return unseenLike(ecsServices, 'the ECS services');
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const { items, gaps } = await inBatches(
      ecsServices.value,
      1,
      async ([service]) => (service === undefined ? NOTHING : await tasksOf(service, targetGroups.value, aws)),
      ({ id }) => id,
    );
    const late = ecsServices.value.length > 0 ? keptNoLonger(at, STOPPED_KEPT, STOPPED_GONE, aws) : [];
    return seen(items, [...ecsServices.gaps, ...gaps, ...late]);
  },
});

const STOPPED_KEPT = 3600;
const STOPPED_GONE = 'ECS shows a stopped task for about an hour: those of that time are gone';

const NOTHING: PartialList<EcsTask> = { items: [], gaps: [] };

async function tasksOf(service: EcsService, groups: readonly TargetGroup[], aws: Aws): Promise<PartialList<EcsTask>> {
  const { cluster, name, id } = service;
  const listed = await Promise.all(
    (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
      aws.pages(
        listTasks,
        { cluster, serviceName: name, desiredStatus, maxResults: TASKS_A_CALL },
        (answer) => answer.taskArns,
        TASKS / TASKS_A_CALL,
      ),
    ),
  );
  const arns = listed.flatMap(({ items }) => sorted(items));
  const described = await inBatches(arns, TASKS_A_CALL, async (batch) => {
    const { tasks = [] } = await aws.ask(describeTasks, { cluster, tasks: [...batch] });
    return withGapForMissing(
      batch,
      { items: tasks, gaps: [] },
      ({ taskArn = '' }) => [taskArn],
      describeTasks.action,
      'task',
    );
  });
  const onInstances = service.targetGroups.some(({ arn }) =>
    groups.some((group) => group.arn === arn && group.targetType === 'instance'),
  );
  const hosts = onInstances ? await hostsOf(cluster, described.items, aws) : { items: [], gaps: [] };
  const instanceIds = new Map(hosts.items.map((host) => [host.containerInstanceArn, host.ec2InstanceId]));
  return {
    items: described.items.map((task) => taskOf(task, id, instanceIds.get(task.containerInstanceArn) ?? null)),
    gaps: [
      ...listed.flatMap(({ gaps }) =>
        gaps.map((gap) => (gap.why === 'not-asked' ? tooMany(id) : { ...gap, ids: [id] })),
      ),
      ...described.gaps,
      ...hosts.gaps,
    ],
  };
}

function tooMany(id: string): Gap {
  return { why: 'not-asked', detail: `${id} has more than the ${TASKS} tasks that were read`, ids: [id] };
}

function hostsOf(cluster: string, tasks: readonly Task[], aws: Aws): Promise<PartialList<ContainerInstance>> {
  const arns = [...new Set(tasks.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []))];
  return inBatches(arns, TASKS_A_CALL, async (batch) => {
    const { containerInstances = [] } = await aws.ask(describeContainerInstances, {
      cluster,
      containerInstances: [...batch],
    });
    return { items: containerInstances, gaps: [] };
  });
}

function taskOf(task: Task, service: string, instanceId: string | null): EcsTask {
  const { containers = [], taskArn = '' } = task;
  return {
    id: taskArn.slice(taskArn.lastIndexOf('/') + 1),
    arn: taskArn,
    service,
    startedBy: task.startedBy ?? null,
    taskDefinition: task.taskDefinitionArn ?? null,
    status: task.lastStatus ?? '',
    zone: task.availabilityZone ?? null,
    addresses: addressesOf(task),
    instanceId,
    hostPorts: containers.flatMap(({ networkBindings = [] }) =>
      networkBindings.flatMap(({ hostPort, protocol }) => (protocol === 'udp' ? [] : (hostPort ?? []))),
    ),
    createdAt: utcTime(task.createdAt),
    startedAt: utcTime(task.startedAt),
    stoppingAt: utcTime(task.stoppingAt),
    stoppedAt: utcTime(task.executionStoppedAt ?? task.stoppedAt),
    stopCode: task.stopCode ?? null,
    stoppedReason: task.stoppedReason ?? null,
    containers: containers.map(({ name = '', exitCode, reason }) => ({
      name,
      exitCode: exitCode ?? null,
      reason: reason ?? null,
    })),
  };
}

/** Those of its interface stay in its description when it has stopped. */
function addressesOf({ attachments = [], containers = [] }: Task): readonly string[] {
  const attached = attachments.flatMap(({ details = [] }) =>
    details.flatMap(({ name, value }) => (name?.startsWith('privateIPv') ? (value ?? []) : [])),
  );
  const own = containers.flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ privateIpv4Address, ipv6Address }) =>
      [privateIpv4Address ?? [], ipv6Address ?? []].flat(),
    ),
  );
  return [...new Set([...attached, ...own])].filter((address) => address !== '');
}
