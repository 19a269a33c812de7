import type { ErrorKind } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { EcsTaskDefinition, MetricsById, ServiceMetric, Values } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, count, percent, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtTasks, rollBack, serviceOwner } from '../../../remedies/ecs-service.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { KILLED_EXIT_CODES, type MemoryLimit, memoryLimitOf } from '../../../semantics/ecs/memory-limit.ts';
import {
  MEMORY_FULL,
  MEMORY_LEAD_MINUTES,
  type MemoryUse,
  memoryUseBefore,
} from '../../../semantics/ecs/memory-use.ts';
import { definitionName, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import { accountsForErrors, type ServiceCrashes, serviceCrashesIn } from '../../../semantics/ecs/task-crashes.ts';
import { exitCodesOf, type TaskStop, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import type { Found } from '../../cause.ts';
import { stopSaid } from '../../kit/ecs-words.ts';
import { doubtsOf } from '../crashes/crash-doubts.ts';

/** What ECS and its metrics tell of tasks killed for memory. */

export interface MemoryEvidence {
  readonly ecsTaskDefinitions: Observed<readonly EcsTaskDefinition[]>;
  readonly serviceMetrics: Observed<MetricsById<ServiceMetric>>;
}

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

type InTasks = Found<
  'loadBalancerMetrics',
  'loadBalancerMetrics' | 'ecsTasks' | 'ecsTaskDefinitions' | 'serviceMetrics'
>;

/** Crashes of a service's tasks, held against its memory. */
interface Killing extends ServiceCrashes {
  readonly memory: MemoryUse | null;
  readonly limit: MemoryLimit | null;
}

/** Killed by AWS's own word; else by a signal; else a service whose memory was full. */
export function killedInTasks(
  inUse: ServiceInUse,
  evidence: MemoryEvidence,
  episode: EpisodeSpan,
  errors: Values,
  readAt: Time,
): readonly InTasks[] {
  const memory = memoryUseBefore(ifSeen(evidence.serviceMetrics), inUse.service.id, episode);
  const stops = taskStopsIn(inUse.tasks, inUse.service);
  const killingBy = (isKill: (stop: TaskStop) => boolean): Killing | null => {
    const crashing = serviceCrashesIn(inUse, stops.filter(isKill), episode, errors, readAt);
    if (crashing === null) return null;
    return { ...crashing, memory, limit: memoryLimitOf(crashing.stops[0], ifSeen(evidence.ecsTaskDefinitions)) };
  };
  const killed = killingBy(({ kind }) => kind === 'out-of-memory');
  if (killed !== null) return [ofKilled(inUse, killed)];
  const signalled = killingBy(isSignalled);
  if (signalled !== null) return ofSignalled(inUse, signalled);
  return memory?.rose === true ? [ofFull(inUse, memory, episode)] : [];
}

function isSignalled(stop: TaskStop): boolean {
  return stop.kind === 'exited' && exitCodesOf(stop).some((exit) => KILLED_EXIT_CODES.includes(exit));
}

function ofKilled(inUse: ServiceInUse, killed: Killing): InTasks {
  const { length } = killed.stops;
  return {
    strength: accountsForErrors(killed) ? 'decisive' : 'circumstantial',
    says: text`${count(length, 'task')} of ${resource(inUse.service.name)} ${length === 1 ? 'was' : 'were'} killed for memory: ${code('OutOfMemoryError')}`,
    ...told(inUse, killed),
  };
}

function ofSignalled(inUse: ServiceInUse, signalled: Killing): readonly InTasks[] {
  const { stops, memory } = signalled;
  const full = memory !== null && memory.most >= MEMORY_FULL;
  // An abort (134) is an assertion as often as a full heap: without full memory it says nothing of memory.
  if (!full && !stops.some((stop) => exitCodesOf(stop).includes(137))) return [];
  return [
    {
      strength: full && accountsForErrors(signalled) ? 'strong' : 'circumstantial',
      says: text`${count(stops.length, 'task')} of ${resource(inUse.service.name)} ${full ? 'ended at the limit of memory' : 'may have been killed for memory'}`,
      ...told(inUse, signalled),
    },
  ];
}

/** What both say of tasks that ended. */
function told(inUse: ServiceInUse, killing: Killing): Omit<InTasks, 'strength' | 'says'> {
  const { stops, since, covered, memory, limit } = killing;
  const definitions = stops.map(({ task }) => task.taskDefinition);
  return {
    ...(since === undefined ? {} : { since }),
    because: shown(inUse, killing),
    affects: { targetGroups: inUse.groups, targets: [] },
    explains: EXPLAINED,
    fixes: [raiseLimit(inUse, limit), ...rollBack(inUse, definitions), lookAtTasks(inUse, stops)],
    facts: { service: inUse.service.id, killed: stops.length, covered, memory: memory?.most ?? null },
  };
}

function ofFull(inUse: ServiceInUse, memory: MemoryUse, { onset }: EpisodeSpan): InTasks {
  return {
    strength: 'circumstantial',
    says: text`The memory of ${resource(inUse.service.name)} was full as the errors began`,
    because: [
      { from: 'loadBalancerMetrics', shows: text`the errors began at ${time(onset)}`, at: onset },
      { from: 'serviceMetrics', shows: memorySaid(memory) },
    ],
    affects: { targetGroups: inUse.groups, targets: [] },
    explains: EXPLAINED,
    fixes: [raiseLimit(inUse, null)],
    facts: { service: inUse.service.id, killed: 0, memory: memory.most },
  };
}

function shown(inUse: ServiceInUse, killing: Killing): InTasks['because'] {
  const { stops, covered, memory, limit } = killing;
  const [first] = stops;
  const more = stops.length - 1;
  const later = text`; ${count(more, 'more task')} since, the last one at ${time(stops.at(-1)?.at ?? first.at)}`;
  return [
    {
      from: 'loadBalancerMetrics',
      shows: text`${percent(covered)} of the errors fell from a minute before ECS wrote a killed task down as stopped until another could take its place`,
    },
    { from: 'ecsTasks', shows: text`${stopSaid(first)}${more === 0 ? text`` : later}`, at: first.at },
    ...(limit === null ? [] : [{ from: 'ecsTaskDefinitions' as const, shows: limitSaid(limit, first) }]),
    ...(memory === null || memory.most < MEMORY_FULL
      ? []
      : [{ from: 'serviceMetrics' as const, shows: memorySaid(memory) }]),
    ...doubtsOf(inUse, killing),
  ];
}

function memorySaid({ most }: MemoryUse): Text {
  return text`${code('MemoryUtilization')} of the service at ${percent(Math.min(1, most / 100))} in the ${MEMORY_LEAD_MINUTES} minutes before the errors`;
}

function limitSaid({ mebibytes, container }: MemoryLimit, { task }: TaskStop): Text {
  const whose = container === null ? text`the whole task` : text`container ${resource(container)}`;
  return text`limit ${mebibytes} MiB of ${whose} in ${code(definitionName(task.taskDefinition ?? ''))}`;
}

function raiseLimit({ service, groups }: ServiceInUse, limit: MemoryLimit | null): Remedy {
  const more = limit === null ? text`more memory` : text`more memory than ${limit.mebibytes} MiB`;
  return {
    does: text`give the task definition of ${resource(service.name)} ${more}, or the process less to fill: the heap it may use, what it keeps`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(groups[0] ?? ''),
    managedBy: serviceOwner(service),
  };
}

/** That no task was killed denies nothing of a service of which nobody sees how much it used. */
export function memoryNotSeen(
  services: readonly ServiceInUse[],
  { serviceMetrics }: MemoryEvidence,
): readonly Missing[] {
  const known = ifSeen(serviceMetrics)?.of.filter(({ values }) => values.MemoryUtilization !== undefined) ?? [];
  const blind = services.filter(({ service }) => !known.some(({ id }) => id === service.id));
  const detail = 'no task was killed for memory, and how much the services used was not seen';
  return blind.length === 0 ? [] : [{ evidence: 'serviceMetrics', why: 'partial', detail }];
}
