import type { EcsService, EcsTask, EcsTaskDefinition, Target, TargetGroup } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { plusSeconds } from '../time/minutes.ts';

/** ECS shows a stopped task for an hour at least, and promises no more. */
const STOPPED_VISIBLE_SECONDS = 3600;

/** From when on no task can have stopped without being shown. */
export function stopsVisibleFrom(readAt: Time): Time {
  return plusSeconds(readAt, -STOPPED_VISIBLE_SECONDS);
}

/** A service with its tasks, and the groups in which they get requests. */
export interface ServiceInUse {
  readonly service: EcsService;
  readonly groups: readonly string[];
  readonly tasks: readonly EcsTask[];
}

/** Services of which a group gets requests: an idle green one may be as ill as it likes. */
export function servicesInUse(
  services: readonly EcsService[],
  tasks: readonly EcsTask[],
  routed: readonly string[],
): readonly ServiceInUse[] {
  const byService = new Map<string, EcsTask[]>();
  for (const task of tasks) byService.set(task.service, [...(byService.get(task.service) ?? []), task]);
  return services.flatMap((service) => {
    const groups = [...new Set(service.targetGroups.map(({ arn }) => arn))]
      .filter((arn) => routed.includes(arn))
      .sort();
    return groups.length === 0 ? [] : [{ service, groups, tasks: byService.get(service.id) ?? [] }];
  });
}

/** The deployment that is being rolled out, or was. */
export function primaryOf({ deployments }: EcsService): EcsService['deployments'][number] | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY') ?? deployments[0];
}

/** A task as a target: by its own address, or by instance and host port. */
export function isTargetOf(target: Target, task: EcsTask): boolean {
  if (task.addresses.includes(target.id)) return true;
  return task.instanceId === target.id && target.port !== null && task.hostPorts.includes(target.port);
}

/** `undefined` where the target is no task that was read whole. */
function containerPortsOf(
  target: Target,
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): readonly number[] | undefined {
  // On instances a host port stands for the container's: any may be right.
  const task = tasks.find(({ addresses, status }) => status === 'RUNNING' && addresses.includes(target.id));
  const definition = definitions.find(({ arn }) => arn === task?.taskDefinition);
  const ports = portsIn(definition);
  return ports.length === 0 ? undefined : [...new Set(ports)].sort((a, b) => a - b);
}

/** What a target's task maps: ports of its containers or, on an instance, of the host. `undefined`: not known. */
function mappedPortsOf(
  target: Target,
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): readonly number[] | undefined {
  const task = tasks.find((one) => one.status === 'RUNNING' && isTargetOf(target, one));
  if (task === undefined) return undefined;
  return task.addresses.includes(target.id) ? containerPortsOf(target, tasks, definitions) : task.hostPorts;
}

/** What the tasks of these targets map, where all map the port of their requests, and none that of its health checks. */
export function portsMappedInstead(
  targets: readonly (Target & { readonly port: number; readonly healthCheckPort: number })[],
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): readonly number[] | null {
  const mapped = targets.map((target) => {
    const ports = mappedPortsOf(target, tasks, definitions);
    return ports?.includes(target.port) && !ports.includes(target.healthCheckPort) ? ports : undefined;
  });
  if (mapped.length === 0 || mapped.includes(undefined)) return null;
  return [...new Set(mapped.flatMap((ports) => ports ?? []))].sort((a, b) => a - b);
}

/**
 * The port of a group's health checks, where the definition of none of these tasks maps it and that of each maps the port of
 * the requests. Only of tasks with addresses of their own: on an instance, a port of the container is not one of the host.
 */
export function unmappedCheckPort(
  group: TargetGroup,
  service: EcsService,
  stops: readonly { readonly task: EcsTask }[],
  definitions: readonly EcsTaskDefinition[],
): { readonly checked: number; readonly asked: number; readonly mapped: readonly number[] } | null {
  const checked = Number(group.healthCheck.port);
  const asked = service.targetGroups.find(({ arn }) => arn === group.arn)?.containerPort ?? group.port;
  if (group.targetType !== 'ip' || !Number.isInteger(checked) || asked === null || asked === checked) return null;
  const mapped = stops.map(({ task }) => portsIn(definitions.find(({ arn }) => arn === task.taskDefinition)));
  if (!mapped.every((ports) => ports.includes(asked) && !ports.includes(checked))) return null;
  return { checked, asked, mapped: [...new Set(mapped.flat())].sort((a, b) => a - b) };
}

const portsIn = (definition: EcsTaskDefinition | undefined): readonly number[] =>
  definition?.containers.flatMap(({ ports }) => ports) ?? [];

/** What the containers of these targets open, where each is a task that was read, and none opens the port of its target. */
export function portsOpenedInstead(
  targets: readonly Target[],
  tasks: readonly EcsTask[],
  definitions: readonly EcsTaskDefinition[],
): readonly number[] | null {
  const open = targets.map((target) => {
    const ports = containerPortsOf(target, tasks, definitions);
    return target.port === null || ports?.includes(target.port) ? undefined : ports;
  });
  if (open.includes(undefined)) return null;
  return [...new Set(open.flatMap((ports) => ports ?? []))].sort((a, b) => a - b);
}

/** `web:7` of `arn:aws:ecs:us-east-1:123456789012:task-definition/web:7`. */
export function definitionName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** SIGKILL follows SIGTERM after this, in seconds, unless the definition says otherwise. */
const STOP_TIMEOUT = 30;

/** The shortest of its essential containers; `null` where the definition was not read. */
export function stopTimeoutOf(
  service: EcsService,
  definitions: readonly EcsTaskDefinition[] | undefined,
): number | null {
  const definition = definitions?.find(({ arn }) => arn === service.taskDefinition);
  const essential = definition?.containers.filter((container) => container.essential) ?? [];
  return essential.length === 0 ? null : Math.min(...essential.map(({ stopTimeout }) => stopTimeout ?? STOP_TIMEOUT));
}
