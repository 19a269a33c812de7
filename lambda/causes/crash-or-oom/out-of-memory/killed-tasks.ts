import type { ErrorKind } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { Values } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, percent, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtTasks, rollBack, serviceOwner } from '../../../remedies/ecs-service.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
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
import { type Claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { stopSaid } from '../../kit/ecs-words.ts';
import { doubtsOf } from '../crashes/crash-doubts.ts';

/** What ECS and its metrics tell of tasks killed for memory. */

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

type Cites = 'loadBalancerMetrics' | 'ecsTasks' | 'ecsTaskDefinitions' | 'serviceMetrics';
type InTasks = Found<'loadBalancerMetrics', Cites>;

/** Killed by AWS's own word; else by a signal; else a service whose memory was full. */
export function killedTasks(
  inUse: ServiceInUse,
  seen: SeenBy<never, 'ecsTaskDefinitions' | 'serviceMetrics'>,
  episode: EpisodeSpan,
  errors: Values,
  readAt: Time,
): readonly InTasks[] {
  const memory = memoryUseBefore(ifSeen(seen.serviceMetrics), inUse.service.id, episode);
  const isFull = memory !== null && memory.most >= MEMORY_FULL;
  const stops = taskStopsIn(inUse.tasks, inUse.service);
  const crashesBy = (isKill: (stop: TaskStop) => boolean) =>
    serviceCrashesIn(inUse, stops.filter(isKill), episode, errors, readAt);
  const killed = crashesBy(({ kind }) => kind === 'out-of-memory');
  const ended = killed ?? crashesBy(isSignalled);
  if (ended === null) return memory?.rose === true ? [fullMemory(inUse, memory, episode)] : [];
  // An abort (134) is an assertion as often as a full heap: without full memory it says nothing of memory.
  if (killed === null && !isFull && !ended.stops.some((stop) => exitCodesOf(stop).includes(137))) return [];

  const limit = memoryLimitOf(ended.stops[0], ifSeen(seen.ecsTaskDefinitions));
  const name = resource(inUse.service.name);
  const tasks = text`${count(ended.stops.length, 'task')} of ${name}`;
  const were = ended.stops.length === 1 ? 'was' : 'were';
  const signalled = isFull ? 'ended at the limit of memory' : 'may have been killed for memory';
  const inTime = accountsForErrors(ended);
  const proves: Claim<Cites> = { holds: killed !== null && inTime, shows: stopsShown(ended, limit) };
  const agrees: readonly Claim<Cites>[] = [
    { holds: isFull, shows: [isFull && { from: 'serviceMetrics', shows: memorySaid(memory) }] },
    { holds: inTime, shows: doubtsOf(inUse, ended) },
  ];
  return [
    {
      strength: strengthOfClaims({ proves, agrees }),
      says:
        killed === null
          ? text`${tasks} ${signalled}`
          : text`${tasks} ${were} killed for memory: ${code('OutOfMemoryError')}`,
      since: ended.since,
      because: [
        cite.loadBalancerMetrics`${percent(ended.covered)} of the errors fell from a minute before ECS wrote a killed task down as stopped until another could take its place`,
        ...shownBy([proves, ...agrees]),
      ],
      affects: { targetGroups: inUse.groups, targets: [] },
      explains: EXPLAINED,
      fixes: [
        raiseLimit(inUse, limit),
        ...rollBack(
          inUse,
          ended.stops.map(({ task }) => task.taskDefinition),
        ),
        lookAtTasks(inUse, ended.stops),
      ],
      facts: {
        service: inUse.service.id,
        killed: ended.stops.length,
        covered: ended.covered,
        memory: memory?.most ?? null,
      },
    },
  ];
}

function isSignalled(stop: TaskStop): boolean {
  return stop.kind === 'exited' && exitCodesOf(stop).some((exit) => KILLED_EXIT_CODES.includes(exit));
}

function fullMemory(inUse: ServiceInUse, memory: MemoryUse, { onset }: EpisodeSpan): InTasks {
  return {
    strength: 'circumstantial',
    says: text`The memory of ${resource(inUse.service.name)} was full as the errors began`,
    because: [
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      { from: 'serviceMetrics', shows: memorySaid(memory) },
    ],
    affects: { targetGroups: inUse.groups, targets: [] },
    explains: EXPLAINED,
    fixes: [raiseLimit(inUse, null)],
    facts: { service: inUse.service.id, killed: 0, memory: memory.most },
  };
}

function stopsShown({ stops }: ServiceCrashes, limit: MemoryLimit | null): Claim<Cites>['shows'] {
  const [first] = stops;
  const more = stops.length - 1;
  const later = text`; ${count(more, 'more task')} since, the last one at ${time(stops.at(-1)?.at ?? first.at)}`;
  return [
    citeAt(first.at).ecsTasks`${stopSaid(first)}${more === 0 ? '' : later}`,
    limit && { from: 'ecsTaskDefinitions', shows: limitSaid(limit, first) },
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
  return fix(
    text`give the task definition of ${resource(service.name)} ${more}, or the process less to fill: the heap it may use, what it keeps`,
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
  const detail = 'no task was killed for memory, and how much the services used was not seen';
  return blind.length === 0 ? [] : [{ evidence: 'serviceMetrics', why: 'partial', detail }];
}
