import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { asQuoted, code, count, resource, type Time, text } from '../../../incident/text.ts';
import { letTasksStart, lookAtStarts, rollBack, runOffSpot, wantTasks } from '../../../remedies/ecs-service.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { scaling } from '../../../semantics/changes/change-kinds.ts';
import { eventsOf } from '../../../semantics/ecs/service-events.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { standingFailures } from '../../../semantics/ecs/standing-failures.ts';
import { isBetweenTasks } from '../../../semantics/ecs/task-gaps.ts';
import { hadRun, stopReasonOf, type TaskStop, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { tasksBeforeNone } from '../../../semantics/ecs/tasks-before.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { gapWithoutTasks } from './gap-without-tasks.ts';

type OfService = Found<'ecsServices' | 'ecsTasks', 'ecsServices' | 'ecsTasks'>;

export default defineCause({
  id: 'no-running-tasks',
  needs: ['services', 'ecsTasks'],
  uses: ['targetHealth', 'errors', 'serviceMetrics', 'targetGroupMetrics'],
  causes: ['no-registered-targets', 'targets-not-yet-healthy'],
  madeBy: [scaling],

  examine({ services, targetHealth, errors, ...seen }, { at, readAt }) {
    if (services.length === 0) return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    const signs = { serviceMetrics: ifSeen(seen.serviceMetrics), groupMetrics: ifSeen(seen.targetGroupMetrics) };
    const served = new Set(services.filter(({ service }) => service.running > 0).flatMap(({ groups }) => groups));
    const findings = services.flatMap((inUse): readonly OfService[] => {
      if (inUse.service.running === 0) {
        // Two services of a blue/green pair may share a group: one of them is enough.
        const empty = inUse.groups.filter((arn) => !served.has(arn));
        return empty.length === 0 || isServed(empty, ifSeen(targetHealth)) ? [] : [runsNone(inUse, empty, at)];
      }
      const alone = services.every((one) => one === inUse || !one.groups.some((arn) => inUse.groups.includes(arn)));
      return alone && errors !== undefined ? gapWithoutTasks(inUse, errors, readAt, signs) : [];
    });
    return foundOr(findings, text`every ECS service that gets requests runs tasks`);
  },
});

const LEAVES_WITH_COUNT = [
  'no-registered-targets',
  'targets-not-yet-healthy',
  'deployment-replacing-targets',
  'deregistration-cuts-requests',
] as const;

/** Something answers there that no service runs. AWS knows better what is healthy than a count of tasks. */
function isServed(groups: readonly string[], targets: readonly Target[] | undefined): boolean {
  return groups.some((arn) => targets?.some(({ targetGroup, state }) => targetGroup === arn && state === 'healthy'));
}

function runsNone(inUse: ServiceInUse, groups: readonly string[], at: Time): OfService {
  const { service, tasks } = inUse;
  const { name, desired, running, pending } = service;
  const stops = taskStopsIn(tasks, service);
  const events = eventsOf(service);
  const lastRan = stops.findLast(hadRun);
  const { failed, why, notPlaced } = standingFailures(service, tasks);
  const ends = [lastRan, events.findLast(({ kind }) => kind === 'stopped')].flatMap((end) => end?.at ?? []);
  return {
    // What replaces failed tasks is without one now and then: it tells nothing of why they fail.
    strength: desired > 0 && isBetweenTasks(inUse, lastRan, null) ? 'circumstantial' : 'decisive',
    says:
      desired === 0
        ? text`${resource(name)} runs no task: its desired count is ${code(0)}`
        : text`${resource(name)} runs ${code(0)} of ${count(desired, 'desired task')}`,
    since: ends.find((moment) => secondsBetween(moment, at) >= 0),
    because: [
      cite.ecsServices`${resource(service.id)}: ${desired} desired, ${running} running, ${pending} pending; it serves ${groupsSaid(groups)}`,
      lastRan && citeAt(lastRan.at).ecsTasks`its last task stopped: ${asQuoted(stopReasonOf(lastRan))}`,
      why && citeAt(why.at).ecsTasks`${count(failed.length, 'task')} could not start: ${asQuoted(stopReasonOf(why))}`,
      desired > 0 && notPlaced && citeAt(notPlaced.at).ecsServices`${asQuoted(notPlaced.message)}`,
    ],
    affects: { targetGroups: groups, targets: [] },
    restsOn: desired > 0 && tasks.length === 0 ? [service.id] : [],
    explains: ['503'],
    // ECS never sets the count: checks that fail make no service want none. What left then left for it.
    ...(desired === 0 ? { asSet: true, causes: LEAVES_WITH_COUNT } : {}),
    fixes:
      desired === 0
        ? [wantAgain({ ...inUse, groups }, stops)]
        : [
            why === undefined && lastRan?.task.stopCode === 'SpotInterruption' && runOffSpot({ ...inUse, groups }),
            ...(why === undefined ? [] : rollBack(inUse, [service.taskDefinition])),
            why && letTasksStart(inUse, stopReasonOf(why)),
            ...lookAtStarts(inUse, why ? failed : stops),
          ],
    facts: { service: service.id, desired, running: 0, pending },
  };
}

function wantAgain(inUse: ServiceInUse, stops: readonly TaskStop[]): Remedy {
  const before = tasksBeforeNone(inUse, stops);
  return before > 0
    ? wantTasks(inUse, before, text`run ${count(before, 'task')} again, as many as stopped last`)
    : wantTasks(inUse, 1, text`run one task to begin with: how many there were is not known`);
}
