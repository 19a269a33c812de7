import type { Missing } from '../../incident/diagnosis.ts';
import { andList, asQuoted, code, resource, type Text, type Time, text } from '../../incident/text.ts';
import { couldHideStops } from '../../semantics/ecs/hidden-stops.ts';
import { eventsOf } from '../../semantics/ecs/service-events.ts';
import type { ServiceInUse } from '../../semantics/ecs/services.ts';
import type { TakenTarget } from '../../semantics/ecs/taken-targets.ts';
import { exitCodesOf, failedOwnCheck, stopReasonOf, type TaskStop } from '../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../semantics/errors/episode.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { citeAt } from '../cite.ts';

/** What several causes say of ECS: how a stop is told. */

/** That no stop is seen denies nothing where the errors are older than what ECS still shows. */
export function stopsNotSeen(
  services: readonly ServiceInUse[],
  episode: EpisodeSpan,
  readAt: Time,
): readonly [Missing] | readonly [] {
  const hidden = services.filter((inUse) => couldHideStops(inUse, episode, readAt));
  if (hidden.length === 0) return [];
  const detail = 'ECS shows a stopped task for about an hour, and the errors are older';
  return [{ evidence: 'ecsTasks', why: 'partial', detail, ids: hidden.map(({ service }) => service.id) }];
}

/** What is registered now tells nothing of what ECS took away for its checks, where these failed in one of these ways. */
export function takenAway(taken: readonly TakenTarget[] = [], ...reasons: readonly string[]): Missing | undefined {
  const gone = taken.filter(({ reason }) => reason !== null && reasons.includes(reason));
  if (gone.length === 0) return undefined;
  const detail = `ECS replaced ${gone.length === 1 ? 'a target' : 'targets'} for failed health checks: what is registered now shows nothing about ${gone.length === 1 ? 'it' : 'them'}`;
  return { evidence: 'targetHealth', why: 'partial', detail, ids: gone.map(({ id }) => id) };
}

/** In AWS's words; with its exit code where it ended by itself: that of a stopped one says nothing. */
export function stopSaid(stop: TaskStop): Text {
  const codes = stop.kind === 'exited' || stop.kind === 'out-of-memory' ? exitCodesOf(stop) : [];
  return text`${resource(shortId(stop.task.id))}: ${asQuoted(withoutArn(stopReasonOf(stop)))}${exitsSaid(codes)}`;
}

/** Which health checks they failed: a container's own, which ECS runs within it, has nothing to do with the target group's. */
export function failedChecksSaid(stops: readonly TaskStop[]): Text {
  const own = stops.filter(failedOwnCheck).length;
  if (own === 0) return text`their health checks`;
  return own === stops.length
    ? text`their containers' own health check, which is not the target group's`
    : text`their health checks, ${own} of ${stops.length} their containers' own`;
}

/** `, exit codes 1 and 137`, to follow what it tells of. */
export function exitsSaid(codes: readonly number[]): Text {
  if (codes.length === 0) return text``;
  return text`, exit ${codes.length === 1 ? 'code' : 'codes'} ${andList(codes.map((each) => code(each)))}`;
}

/** What the load balancer said of its targets, as ECS passed it on. */
export function unhealthySaid({ service }: ServiceInUse, since: Time) {
  const told = eventsOf(service).findLast(({ kind, at }) => kind === 'unhealthy' && secondsBetween(since, at) >= 0);
  return told === undefined || told.reason === null
    ? []
    : [citeAt(told.at).ecsServices`ECS reports its targets as unhealthy: ${asQuoted(told.reason)}`];
}

/** `(target-group web)`: the rest of the ARN says nothing to a reader. */
function withoutArn(reason: string): string {
  return reason.replace(/\(target-group arn:[^)]*:targetgroup\/([^/)]+)[^)]*\)/g, '(target-group $1)');
}

/** Task ids are 32 characters long; people tell them apart by the first eight. */
function shortId(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}
