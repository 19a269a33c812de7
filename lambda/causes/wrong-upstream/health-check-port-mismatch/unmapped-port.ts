import type { EcsTaskDefinition } from '../../../incident/evidence.ts';
import { andList, asQuoted, code, count, resource, text } from '../../../incident/text.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { type ServiceInUse, unmappedCheckPort } from '../../../semantics/ecs/services.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { stopReasonOf, type TaskStop, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import { requestsReached, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { cite, citeAt } from '../../cite.ts';
import { answersShown, type GroupCheckedApart, MOSTLY, type PortFinding } from './unanswered-ports.ts';

/** Once may be a slow start: a task that is replaced again and again never passes. */
const AGAIN = 2;
/** One that had run for longer than this, in seconds, was past its start when its checks failed. */
const YOUNG = 20 * 60;

/** Tasks were stopped for failing checks on a port that none of their containers maps, and their successor is not judged yet. */
export function checksOfUnmappedPort(
  services: readonly ServiceInUse[],
  definitions: readonly EcsTaskDefinition[],
  taken: readonly TakenTarget[],
  { group, all, inWindow: traffic, from, tags, neverHealthySince }: GroupCheckedApart,
): readonly PortFinding[] {
  if (all.some(({ state }) => state === 'healthy')) return [];
  // What answers with another code, or drops what is sent to it, fails otherwise.
  const refused = taken.filter(
    ({ targetGroup, reason }) =>
      targetGroup === group.arn && (reason === null || reason === 'Target.FailedHealthChecks'),
  );
  return services.flatMap((inUse): readonly PortFinding[] => {
    const stops = taskStopsIn(inUse.tasks, inUse.service).filter((stop) => refused.some((one) => isStopOf(stop, one)));
    const ports = unmappedCheckPort(group, inUse.service, stops, definitions);
    const [first, last] = [stops[0], stops.at(-1)];
    if (ports === null || first === undefined || last === undefined) return [];
    const [checked, asked] = [code(ports.checked), code(ports.asked)];
    const works = traffic !== null && requestsReached(traffic) >= MOSTLY * traffic.requests;
    const agrees = [
      claim(works, works && answersShown(traffic, text`${asked}`)),
      claim(
        neverHealthySince(first.at) && (stops.length >= AGAIN || wasUp(first)),
        citeAt(last.at)
          .ecsTasks`${count(stops.length, 'task')} of ${resource(inUse.service.name)} stopped for this: ${asQuoted(stopReasonOf(last))}`,
      ),
    ];
    const port = String(ports.checked);
    return [
      {
        strength: strengthOfClaims({ agrees }),
        says: text`Health checks of ${resource(group.name)} go to port ${checked}, which no container of its tasks maps; requests go to ${asked}`,
        because: [
          cite.targetGroups`the health check's port is set to ${checked}`,
          cite.ecsTaskDefinitions`the containers of these tasks map ${andList(ports.mapped.map(code))}`,
          ...shownBy(agrees),
        ],
        affects: { targetGroups: [group.arn], targets: [] },
        explains: ['502', '503'],
        restsOn: TRAFFIC_METRICS,
        fixes: [works && checkTrafficPort(group, port, tags), whoChangedHealthCheck(from)],
        facts: { targetGroup: group.arn, checked: ports.checked, asked: ports.asked, stopped: stops.length },
      },
    ];
  });
}

const isStopOf = ({ task, kind, at }: TaskStop, taken: TakenTarget): boolean =>
  kind === 'failed-health-checks' && at === taken.at && task.addresses.includes(taken.id);

const wasUp = ({ task: { startedAt }, at }: TaskStop): boolean =>
  startedAt !== null && secondsBetween(startedAt, at) > YOUNG;
