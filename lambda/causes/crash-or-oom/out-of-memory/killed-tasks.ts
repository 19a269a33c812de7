import type { Missing } from '../../../incident/diagnosis.ts';
import type { Values } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, percent, percentBelow, resource, type Time, text, time } from '../../../incident/text.ts';
import { lookAtTasks, rollBack, serviceOwner, startTasksAnew } from '../../../remedies/ecs-service.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import { KILLED_EXIT_CODES, type MemoryLimit, memoryLimitOf } from '../../../semantics/ecs/memory-limit.ts';
import { definitionName, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import { accountsForErrors, type ServiceCrashes, serviceCrashesIn } from '../../../semantics/ecs/task-crashes.ts';
import { exitCodesOf, type TaskStop, taskStopsBetween, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import {
  MEMORY_FULL,
  MEMORY_LEAD_MINUTES,
  type MemoryUse,
  memoryUseBefore,
} from '../../../semantics/load/memory-use.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { stopSaid } from '../../kit/ecs-words.ts';
import { doubtsOf } from '../crashes/crash-doubts.ts';

/** What ECS and its metrics tell of tasks killed for memory. */

type Cites = 'loadBalancerMetrics' | 'ecsTasks' | 'ecsTaskDefinitions' | 'serviceMetrics';
type InTasks = Found<'loadBalancerMetrics', Cites>;

/** Killed by AWS's own word; else by a signal; else a service whose memory was full. */
export function killedTasks(
  inUse: ServiceInUse,
  seen: SeenBy<never, 'ecsTaskDefinitions' | 'serviceMetrics' | 'targetGroupMetrics'>,
  episode: EpisodeSpan,
  errors: Values,
  readAt: Time,
): readonly InTasks[] {
  const { service } = inUse;
  const used = ifSeen(seen.serviceMetrics)?.of.find(({ id }) => id === service.id)?.values.MemoryUtilization;
  const memory = memoryUseBefore(used, episode);
  const isFull = memory !== null && memory.most >= MEMORY_FULL;
  const all = taskStopsIn(inUse.tasks, service);
  const crashesBy = (isKill: (stop: TaskStop) => boolean) =>
    serviceCrashesIn(inUse, all.filter(isKill), episode, errors, {
      readAt,
      groupMetrics: ifSeen(seen.targetGroupMetrics),
    });
  const killed = crashesBy(({ kind }) => kind === 'out-of-memory');
  const ended = killed ?? crashesBy(isSignalled);
  if (ended === null) return memory?.rose === true ? [fullMemory(inUse, memory, episode)] : [];
  // An abort (134) is an assertion as often as a full heap: without full memory it says nothing of memory.
  if (killed === null && !isFull && !ended.stops.some((stop) => exitCodesOf(stop).includes(137))) return [];

  const { stops, since, covered } = ended;
  const limit = memoryLimitOf(stops[0], ifSeen(seen.ecsTaskDefinitions));
  const told = toldOf(stops, inUse, limit);
  const signalled = isFull ? 'exited at the memory limit' : 'may have been killed for using too much memory';
  const inTime = accountsForErrors(ended);
  const proves = claim<Cites>(killed !== null && inTime, ...stopsShown(stops, limit));
  const agrees = [claim<Cites>(isFull, isFull && memoryShown(memory)), claim<Cites>(inTime, ...doubtsOf(inUse, ended))];
  return [
    {
      ...told,
      strength: strengthOfClaims({ proves, agrees }),
      ...(killed === null
        ? { says: text`${count(stops.length, 'task')} of ${resource(service.name)} ${signalled}` }
        : {}),
      since,
      because: [
        cite.loadBalancerMetrics`${percent(covered)} of the errors came while a killed task was missing: from a minute before ECS recorded it as stopped until another could take its place`,
        ...shownBy([proves, ...agrees]),
      ],
      facts: { ...told.facts, covered, memory: memory?.most ?? null },
    },
  ];
}

/** By AWS's own word, where nothing tells when requests failed. */
export function killedIn(
  window: Window,
  inUse: ServiceInUse,
  { ecsTaskDefinitions }: SeenBy<never, 'ecsTaskDefinitions'>,
): readonly Found<'ecsTasks', Cites>[] {
  const [first, ...more] = taskStopsBetween(window, 'out-of-memory', inUse.tasks, inUse.service);
  if (first === undefined) return [];
  const limit = memoryLimitOf(first, ifSeen(ecsTaskDefinitions));
  const stops = [first, ...more] as const;
  return [{ ...toldOf(stops, inUse, limit), strength: 'decisive', because: stopsShown(stops, limit) }];
}

/** What is said of tasks whatever shows that they were killed. */
function toldOf(stops: readonly [TaskStop, ...TaskStop[]], inUse: ServiceInUse, limit: MemoryLimit | null) {
  const { service, groups } = inUse;
  const definitions = stops.map(({ task }) => task.taskDefinition);
  return {
    says: text`${count(stops.length, 'task')} of ${resource(service.name)} ran out of memory: ${code('OutOfMemoryError')}`,
    happened: { first: stops[0].at, last: stops.at(-1)?.at ?? stops[0].at, recordedBy: 'ECS' },
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503', '504'],
    fixes: [raiseLimit(inUse, limit), ...rollBack(inUse, definitions), lookAtTasks(inUse, stops)],
    facts: { service: service.id, killed: stops.length },
  } as const;
}

function isSignalled(stop: TaskStop): boolean {
  return stop.kind === 'exited' && exitCodesOf(stop).some((exit) => KILLED_EXIT_CODES.includes(exit));
}

function fullMemory(inUse: ServiceInUse, memory: MemoryUse, { onset, grid }: EpisodeSpan): InTasks {
  const since = timeOfMinute(grid, memory.first ?? 0);
  return {
    strength: 'circumstantial',
    says: text`The memory of ${resource(inUse.service.name)} was full as the errors began`,
    since,
    because: [
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      citeAt(since)
        .serviceMetrics`${code('MemoryUtilization')} of the service at ${MEMORY_FULL} % or more from ${time(since)} on, up to ${percent(Math.min(1, memory.most / 100))}, against ${percent((memory.usual ?? 0) / 100)} before`,
    ],
    affects: { targetGroups: inUse.groups, targets: [] },
    explains: ['502', '503', '504'],
    fixes: [startTasksAnew(inUse, text`it frees their memory`), raiseLimit(inUse, null)],
    facts: { service: inUse.service.id, killed: 0, memory: memory.most },
  };
}

function stopsShown(stops: ServiceCrashes['stops'], limit: MemoryLimit | null) {
  const [first] = stops;
  const more = stops.length - 1;
  const later = text`; ${count(more, 'more task')} since, the last one at ${time(stops.at(-1)?.at ?? first.at)}`;
  const shown = citeAt(first.at).ecsTasks`${stopSaid(first)}${more === 0 ? '' : later}`;
  return [shown, limit && limitShown(limit, first)] as const;
}

function memoryShown({ most }: MemoryUse) {
  return cite.serviceMetrics`${code('MemoryUtilization')} of the service at ${percentBelow(Math.min(1, most / 100), MEMORY_FULL / 100)} in the ${MEMORY_LEAD_MINUTES} minutes before the errors`;
}

function limitShown({ mebibytes, container }: MemoryLimit, { task }: TaskStop) {
  const whose = container === null ? text`the whole task` : text`container ${resource(container)}`;
  return cite.ecsTaskDefinitions`limit ${mebibytes} MiB of ${whose} in ${code(definitionName(task.taskDefinition ?? ''))}`;
}

function raiseLimit({ service, groups }: ServiceInUse, limit: MemoryLimit | null): Remedy {
  const more = limit === null ? text`more memory` : text`more memory than ${limit.mebibytes} MiB`;
  return fix(
    text`give the task definition of ${resource(service.name)} ${more}, or the process a smaller heap and caches`,
    { verify: showHealth(groups[0] ?? ''), managedBy: serviceOwner(service) },
  );
}

/** That no task was killed denies nothing of a service of which nobody sees how much it used. */
export function memoryNotSeen(
  services: readonly ServiceInUse[],
  { serviceMetrics }: SeenBy<never, 'serviceMetrics'>,
): readonly Missing[] {
  const known = ifSeen(serviceMetrics)?.of.filter(({ values }) => values.MemoryUtilization !== undefined) ?? [];
  const blind = services.filter(({ service }) => !known.some(({ id }) => id === service.id));
  const detail = 'no task was killed for using too much memory, and how much memory the services used was not seen';
  return blind.length === 0 ? [] : [{ evidence: 'serviceMetrics', why: 'partial', detail }];
}
