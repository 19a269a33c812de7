import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, resource, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtService, lookAtTasks, serviceOwner } from '../../../remedies/ecs-service.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { eventsOf } from '../../../semantics/ecs/service-events.ts';
import { type ServiceInUse, servicesInUse, stopsVisibleFrom } from '../../../semantics/ecs/services.ts';
import { stopReasonOf, type TaskStop, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { earliest, latest, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable } from '../../cause.ts';
import { scaling } from '../../kit/changes.ts';
import { groupsAsked, namesOf } from '../../kit/ecs-words.ts';

/** Seconds in which what went together is told apart: the tasks that one change of the desired number stopped. */
const TOGETHER = 120;
/** One task takes the place of another: a gap of less than this, in seconds, is none. */
const SHORT = 60;

export default defineCause({
  id: 'no-running-tasks',
  needs: ['ecsServices', 'ecsTasks'],
  uses: ['targetHealth', 'loadBalancerMetrics', 'targetGroups', 'listenerRules'],
  causes: ['no-registered-targets', 'targets-not-yet-healthy'],
  madeBy: [scaling],

  examine(seen, { at, window, readAt }) {
    const services = servicesInUse(seen.ecsServices, seen.ecsTasks, groupsAsked(seen.targetGroups, seen.listenerRules));
    if (services.length === 0) return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    const metrics = ifSeen(seen.loadBalancerMetrics);
    const episode = metrics === undefined ? null : errorEpisode(metrics, window);
    const served = new Set(services.filter(({ service }) => service.running > 0).flatMap(({ groups }) => groups));
    const findings = services.flatMap((inUse): readonly OfService[] => {
      // Two services of a blue/green pair may share a group: one of them is enough.
      const empty = inUse.groups.filter((arn) => !served.has(arn));
      if (inUse.service.running === 0) {
        const others = isServed(empty, ifSeen(seen.targetHealth));
        return empty.length === 0 || others ? [] : [runsNone({ ...inUse, groups: empty }, at)];
      }
      const alone = services.every((one) => one === inUse || !one.groups.some((arn) => inUse.groups.includes(arn)));
      const none = alone && episode !== null ? noneRan(inUse, episode, readAt) : null;
      return none === null || episode === null ? [] : [ranNone(inUse, none, episode)];
    });
    return foundOr(findings, text`every ECS service that gets requests runs tasks`);
  },
});

type OfService = Found<'ecsServices' | 'ecsTasks', 'ecsServices' | 'ecsTasks'>;

/** Something answers there that no service runs. AWS knows better what is healthy than a count of tasks. */
function isServed(groups: readonly string[], targets: readonly Target[] | undefined): boolean {
  return groups.some((arn) => targets?.some(({ targetGroup, state }) => targetGroup === arn && state === 'healthy'));
}

function runsNone(inUse: ServiceInUse, at: Time): OfService {
  const { service, groups } = inUse;
  const stops = taskStopsIn(inUse.tasks, service);
  const failed = stops.filter(({ kind }) => kind === 'never-started');
  const lastRan = stops.filter(hadRun).at(-1);
  const stoppedLast = eventsOf(service)
    .filter(({ kind }) => kind === 'stopped')
    .at(-1);
  const since = [lastRan?.at, stoppedLast?.at].find(
    (moment) => moment !== undefined && secondsBetween(moment, at) >= 0,
  );
  const why = failed.at(-1);
  const notPlaced = eventsOf(service).findLast(({ kind }) => kind === 'not-placed' || kind === 'not-started');
  return {
    strength: 'decisive',
    says:
      service.desired === 0
        ? text`${resource(service.name)} runs no task: its desired count is ${code(0)}`
        : text`${resource(service.name)} runs none of the ${count(service.desired, 'task')} that it should`,
    ...(since === undefined ? {} : { since }),
    because: [
      {
        from: 'ecsServices',
        shows: text`${resource(service.id)}: ${service.desired} desired, ${service.running} running, ${service.pending} pending; it serves ${namesOf(groups)}`,
      },
      ...(lastRan === undefined
        ? []
        : [
            {
              from: 'ecsTasks' as const,
              shows: text`its last task stopped: ${verbatim(stopReasonOf(lastRan))}`,
              at: lastRan.at,
            },
          ]),
      ...(why === undefined
        ? []
        : [
            {
              from: 'ecsTasks' as const,
              shows: text`${count(failed.length, 'task')} could not start: ${verbatim(stopReasonOf(why))}`,
              at: why.at,
            },
          ]),
      ...(notPlaced === undefined || service.desired === 0
        ? []
        : [{ from: 'ecsServices' as const, shows: verbatim(notPlaced.message), at: notPlaced.at }]),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['503'],
    fixes: service.desired === 0 ? [wantAgain(inUse, stops)] : whyNone(inUse, failed.length > 0 ? failed : stops),
    facts: { service: service.id, desired: service.desired, running: 0, pending: service.pending },
  };
}

/** One that could not start has not run, whatever its times say. */
function hadRun({ task, kind }: TaskStop): boolean {
  return task.startedAt !== null && kind !== 'never-started';
}

/** As many as stopped together at the end; one, where nobody knows how many there were. */
function wantAgain({ service, groups }: ServiceInUse, stops: readonly TaskStop[]): Remedy {
  const ran = stops.filter(hadRun);
  const last = ran.at(-1);
  const together = last === undefined ? 0 : ran.filter(({ at }) => secondsBetween(at, last.at) <= TOGETHER).length;
  const told = eventsOf(service).findLast(({ kind }) => kind === 'stopped')?.count ?? 0;
  const before = Math.max(together, told);
  const set = (wanted: number) => [
    ...['aws', 'ecs', 'update-service', '--cluster', service.cluster, '--service', service.name],
    ...['--desired-count', String(wanted)],
  ];
  return {
    does:
      before > 0
        ? text`run ${count(before, 'task')} again, as many as stopped last`
        : text`run one task, to begin with: how many there were is not known`,
    run: set(Math.max(1, before)),
    changes: true,
    undo: set(0),
    verify: showHealth(groups[0] ?? ''),
    managedBy: serviceOwner(service),
  };
}

function whyNone(inUse: ServiceInUse, stops: readonly TaskStop[]): readonly Remedy[] {
  return [
    ...(stops.length === 0 ? [] : [lookAtTasks(inUse, stops)]),
    lookAtService(inUse, text`see in the events of ${resource(inUse.service.name)} why no task starts`),
  ];
}

/** Minutes of the errors in which no task ran, known only as far back as ECS shows stopped ones. */
function noneRan(
  { service, tasks }: ServiceInUse,
  { grid, span }: EpisodeSpan,
  readAt: Time,
): { from: Time; to: Time } | null {
  // A list that lacks tasks of now may lack those of then.
  if (tasks.filter(({ status }) => status === 'RUNNING').length < service.running) return null;
  const neverRan = new Set(taskStopsIn(tasks, service).flatMap((stop) => (hadRun(stop) ? [] : [stop.task])));
  const ran = tasks.filter((task) => !neverRan.has(task));
  const ranAt = (moment: Time): boolean =>
    ran.some(
      ({ startedAt, stoppingAt, stoppedAt }) =>
        startedAt !== null &&
        secondsBetween(startedAt, moment) >= 0 &&
        (stoppingAt === null || secondsBetween(moment, stoppingAt) > 0) &&
        (stoppedAt === null || secondsBetween(moment, stoppedAt) > 0),
    );
  const visible = stopsVisibleFrom(readAt);
  const minutes = Array.from({ length: span.last - span.first + 1 }, (_, n) => timeOfMinute(grid, span.first + n));
  const [first, ...rest] = minutes.filter((minute) => secondsBetween(visible, minute) >= 0 && !ranAt(minute));
  if (first === undefined) return null;
  const last = rest.at(-1) ?? first;
  const stops = ran.flatMap(({ stoppingAt, stoppedAt }) => earliest([stoppingAt, stoppedAt]) ?? []);
  const starts = ran.flatMap(({ startedAt }) => startedAt ?? []);
  const from = latest(stops.filter((at) => secondsBetween(at, first) >= 0)) ?? first;
  const to = earliest(starts.filter((at) => secondsBetween(last, at) > 0)) ?? last;
  return secondsBetween(from, to) < SHORT ? null : { from, to };
}

function ranNone(inUse: ServiceInUse, { from, to }: { from: Time; to: Time }, { onset }: EpisodeSpan): OfService {
  const { service, groups } = inUse;
  const stops = taskStopsIn(inUse.tasks, service).filter(({ at }) => secondsBetween(at, to) >= 0);
  const last = stops.at(-1);
  return {
    strength: 'strong',
    says: text`${resource(service.name)} ran no task from ${time(from)} to ${time(to)}`,
    since: from,
    because: [
      {
        from: 'ecsTasks',
        shows: text`between these times none of its tasks ran; the errors began at ${time(onset)}`,
        at: from,
      },
      ...(last === undefined
        ? []
        : [
            {
              from: 'ecsTasks' as const,
              shows: text`the last one before it stopped: ${verbatim(stopReasonOf(last))}`,
              at: last.at,
            },
          ]),
      {
        from: 'ecsServices',
        shows: text`now ${service.running} of ${count(service.desired, 'task')} run`,
      },
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['503'],
    fromAbsence: true,
    fixes: whyNone(inUse, stops),
    facts: { service: service.id, desired: service.desired, running: service.running, from, to },
  };
}
