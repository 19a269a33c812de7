import type { Missing } from '../../incident/diagnosis.ts';
import type { EcsService, ListenerRule, TargetGroup } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { code, count, listed, resource, type Text, type Time, text, verbatim } from '../../incident/text.ts';
import { showHealth } from '../../remedies/look.ts';
import { managerOf } from '../../remedies/owner.ts';
import type { Remedy } from '../../remedies/remedy.ts';
import { couldHideStops } from '../../semantics/ecs/hidden-stops.ts';
import { eventsOf } from '../../semantics/ecs/service-events.ts';
import { definitionName, primaryOf, type ServiceInUse } from '../../semantics/ecs/services.ts';
import { exitCodesOf, stopReasonOf, type TaskStop } from '../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../semantics/errors/episode.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** What the rules about ECS share: which groups count, how a stop is told, and what to do about a service. */

/** The groups that get requests; where the rules were not read, all of the load balancer's. */
export function groupsAsked(
  targetGroups: Observed<readonly TargetGroup[]>,
  listenerRules: Observed<readonly ListenerRule[]>,
): readonly string[] {
  const rules = ifSeen(listenerRules);
  return rules === undefined ? (ifSeen(targetGroups) ?? []).map(({ arn }) => arn) : routedGroups(rules);
}

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

/** In AWS's words; with its exit code where it ended by itself: that of a stopped one says nothing. */
export function stopSaid(stop: TaskStop): Text {
  const codes = stop.kind === 'exited' || stop.kind === 'out-of-memory' ? exitCodesOf(stop) : [];
  return text`${resource(shortId(stop.task.id))}: ${verbatim(withoutArn(stopReasonOf(stop)))}${exitsSaid(codes)}`;
}

/** `, exit codes 1 and 137`, to follow what it tells of. */
export function exitsSaid(codes: readonly number[]): Text {
  if (codes.length === 0) return text``;
  return text`, exit ${codes.length === 1 ? 'code' : 'codes'} ${listed(codes.map((each) => code(each)))}`;
}

/** What the load balancer said of its targets, as ECS passed it on. */
export function unhealthySaid({ service }: ServiceInUse, since: Time) {
  const told = eventsOf(service).findLast(({ kind, at }) => kind === 'unhealthy' && secondsBetween(since, at) >= 0);
  return told === undefined || told.reason === null
    ? []
    : [
        {
          from: 'ecsServices' as const,
          shows: text`its targets are called unhealthy: ${verbatim(told.reason)}`,
          at: told.at,
        },
      ];
}

/** `(target-group web)`: the rest of the ARN says nothing to a reader. */
function withoutArn(reason: string): string {
  return reason.replace(/\(target-group arn:[^)]*:targetgroup\/([^/)]+)[^)]*\)/g, '(target-group $1)');
}

/** Task ids are 32 characters long; people tell them apart by the first eight. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}

const MOST_TASKS = 5;

export function lookAtTasks({ service }: ServiceInUse, stops: readonly TaskStop[]): Remedy {
  const ids = stops.slice(-MOST_TASKS).map(({ task }) => task.id);
  return {
    does: text`see how ${count(ids.length, 'stopped task')} ended, while ECS still shows ${ids.length === 1 ? 'it' : 'them'}`,
    run: ['aws', 'ecs', 'describe-tasks', '--cluster', service.cluster, '--tasks', ...ids],
    changes: false,
    undo: null,
    verify: null,
  };
}

export function lookAtService({ service: { cluster, name } }: ServiceInUse, does: Text): Remedy {
  const run = ['aws', 'ecs', 'describe-services', '--cluster', cluster, '--services', name];
  return { does, run, changes: false, undo: null, verify: null };
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
  const left = now !== null && !failed.includes(null) && !failed.includes(now);
  if (left) return [];
  const verify = showHealth(groups[0] ?? '');
  const owner = ownerOf(service);
  if (service.controller !== 'ECS') {
    const does = text`roll ${resource(service.name)} back in ${service.controller === 'CODE_DEPLOY' ? 'CodeDeploy' : 'what deploys it'}`;
    return [{ does, run: null, changes: true, undo: null, verify, ...owner }];
  }
  if (now === null || before === null) return [];
  const update = (definition: string) => [
    ...['aws', 'ecs', 'update-service', '--cluster', service.cluster, '--service', service.name],
    ...['--task-definition', definition],
  ];
  return [
    {
      does: text`roll ${resource(service.name)} back from ${code(definitionName(now))} to ${code(definitionName(before))}`,
      run: update(before),
      changes: true,
      undo: update(now),
      verify,
      ...owner,
    },
  ];
}

/** The definition of an older deployment, or of the tasks that such a one has left. */
function definitionBefore(
  service: EcsService,
  tasks: ServiceInUse['tasks'],
  failed: readonly (string | null)[],
): string | null {
  const primary = primaryOf(service);
  const now = primary?.taskDefinition ?? service.taskDefinition;
  const older = service.deployments.filter((each) => each !== primary && each.rolloutState !== 'FAILED');
  const left = tasks
    .filter(({ startedAt, startedBy }) => startedAt !== null && startedBy !== primary?.id)
    .sort((a, b) => Date.parse(b.startedAt ?? '') - Date.parse(a.startedAt ?? ''));
  const known = [...older, ...left].flatMap(({ taskDefinition }) => taskDefinition ?? []);
  return (
    known.find((definition) => definition !== now && !failed.includes(definition) && !isNewer(definition, now)) ?? null
  );
}

/** `web:9` is newer than `web:8`; of different families, nobody can say. */
function isNewer(definition: string, than: string | null): boolean {
  const [family, revision] = splitRevision(definition);
  const [other, its] = splitRevision(than ?? '');
  return family === other && revision > its;
}

function splitRevision(definition: string): readonly [string, number] {
  const colon = definition.lastIndexOf(':');
  return [definition.slice(0, colon), Number(definition.slice(colon + 1))];
}

export function ownerOf({ tags, controller }: EcsService): { readonly managedBy?: string } {
  const owner = managerOf(tags) ?? (controller === 'CODE_DEPLOY' ? 'CodeDeploy' : undefined);
  return owner === undefined ? {} : { managedBy: owner };
}

export function namesOf(groups: readonly string[]): Text {
  return listed(groups.map((arn) => resource(arn.split('/')[1] ?? arn)));
}
