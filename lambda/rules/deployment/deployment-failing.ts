import type { ErrorKind } from '../../incident/cause.ts';
import type { Missing } from '../../incident/diagnosis.ts';
import type { AutoScalingGroup, EcsDeployment, Target, Values } from '../../incident/evidence.ts';
import { ifSeen, missingIds, type Observed } from '../../incident/observed.ts';
import { code, count, resource, type Text, type Time, text } from '../../incident/text.ts';
import { eventsOf } from '../../semantics/ecs/events.ts';
import { couldHideStops } from '../../semantics/ecs/hidden-stops.ts';
import {
  definitionName,
  isTargetOf,
  primaryOf,
  type ServiceInUse,
  servicesInUse,
} from '../../semantics/ecs/services.ts';
import { type Stop, stopsIn } from '../../semantics/ecs/stops.ts';
import { type EpisodeSpan, errorEpisode } from '../../semantics/episode.ts';
import { healthyOf, oldOnesCarryOn } from '../../semantics/health-history.ts';
import { earliest, plusSeconds, secondsBetween, timeOf } from '../../semantics/minutes.ts';
import { groupsAsked, lookAtService, lookAtTasks, rollBack, stopSaid, stopsNotSeen } from '../containers.ts';
import { leftVersion } from '../left-version.ts';
import { replacedAgain } from '../replaced-again.ts';
import { defineRule, type Found, foundOr, notApplicable, ruledOut, unsure } from '../rule.ts';
import { HEALTH_ENDPOINT } from '../settings.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503'];
/** A deployment that is older than this when the errors begin has not brought them, in seconds. */
const RECENT = 2 * 3600;
/** A service that has gone back to another version has its targets again after this, in seconds. */
const LEFT = 10 * 60;
/** Two tasks in a row are no accident; without a deployment, three. */
const AGAIN = 2;
const LOOP = 3;
/** A task that fails its checks later than this had been up, in seconds. */
const YOUNG = 20 * 60;

export const deploymentFailing = defineRule({
  id: 'deployment-failing',
  category: 'deployment',
  title: 'The new version never becomes healthy',
  explains: `A deployment starts tasks of a new version that never come up, exit, or fail their health checks. ECS stops them and starts others,
again and again. Old tasks may be gone already: then requests meet tasks that are not ready (502) or none at all (503). Auto Scaling does the
same with instances that are not healthy when their grace period ends, be it because they fail or because they start slowly.`,
  proof: `ECS calls the deployment \`FAILED\`, its circuit breaker tripped, or its tasks were stopped again and again for failed health
checks since it began: decisive. Tasks or instances that are replaced again and again soon after their start, without a deployment: strong; after an instance
refresh began: decisive. A version that came as the errors began and was left as they ended, of whose tasks ECS shows nothing
any more: strong where the service's events tell that they did not come up.`,
  resembles: `Tasks that were up for long and then fail their health checks: something else broke, and a deployment is not it. While the old
version carries on in full number, a failing deployment harms nobody.`,
  remedy: `Roll back: set the service to the task definition that ran last. The service's events and the stopped tasks say what
the new version fails at: the answer to the health check, an exit code, an image, a secret.`,
  prevention: `Turn on the deployment circuit breaker with rollback. Give slow starters a health check grace period
(healthCheckGracePeriodSeconds) above their start-up time, and an Auto Scaling group one
(\`--health-check-grace-period\`; the API's default is 0). Try the image with the same settings in a test environment.`,
  settings: [HEALTH_ENDPOINT],
  docs: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html',
  ],
  needs: ['ecsServices', 'ecsTasks', 'loadBalancerMetrics'],
  uses: ['targetHealth', 'targetGroupMetrics', 'targetGroups', 'listenerRules', 'autoScalingGroups', 'changes'],
  causes: [
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'health-check-code-mismatch',
    'crashing-backend',
    'targets-not-yet-healthy',
    'deployment-replacing-targets',
    'deregistration-cuts-requests',
    'too-few-healthy-targets',
  ],

  examine(seen, { window, readAt }) {
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const services = servicesInUse(seen.ecsServices, seen.ecsTasks, routed);
    const targets = ifSeen(seen.targetHealth);
    const scaled = (ifSeen(seen.autoScalingGroups) ?? []).filter((group) => serves(group, routed));
    const hidden = scalingUnseen(seen.autoScalingGroups, targets);
    if (services.length === 0 && scaled.length === 0) {
      if (hidden !== null) return unsure(hidden);
      return notApplicable(text`no ECS service or Auto Scaling group gets requests`, 'ecsServices');
    }
    const episode = errorEpisode(seen.loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const findings = services.flatMap((inUse): readonly Failing[] => {
      const stops = stopsIn(inUse.tasks, inUse.service);
      const healthy = healthyOf(ifSeen(seen.targetGroupMetrics), inUse.groups);
      const recent = [...inUse.service.deployments, ...givenUp(inUse, stops)]
        .filter((one) => one.createdAt !== null && isRecent(one.createdAt, episode))
        .filter((one) => !wasLeft(one, inUse.service, episode))
        .find((one) => isFailing(one, inUse, stops, targets, episode));
      if (recent !== undefined) return [ofDeployment(inUse, recent, stops, healthy, episode)];
      const loop = inALoop(inUse, stops, targets, episode);
      if (loop.length > 0 || !couldHideStops(inUse, episode, readAt)) return loop;
      return leftVersion(inUse, ifSeen(seen.changes) ?? [], episode);
    });
    const groupMetrics = ifSeen(seen.targetGroupMetrics);
    const loops = replacedAgain(
      { groups: scaled, routed, targets, groupMetrics, cutOff: missingIds(withoutRefreshes(seen.autoScalingGroups)) },
      episode,
    );
    const unread = hidden ?? stopsNotSeen(services, episode, readAt)[0];
    if (findings.length + loops.length === 0 && unread !== undefined) return unsure(unread);
    return foundOr(
      [...findings, ...loops],
      text`no deployment of what gets requests fails, nor is it replaced again and again`,
    );
  },
});

/** What is known of instance refreshes says nothing of whether all activities were read. */
function withoutRefreshes<T>(groups: Observed<T>): Observed<T> {
  if (!groups.seen) return groups;
  return { ...groups, gaps: groups.gaps.filter(({ action }) => action !== 'autoscaling:DescribeInstanceRefreshes') };
}

function serves({ targetGroups }: AutoScalingGroup, routed: readonly string[]): boolean {
  return targetGroups.some((arn) => routed.includes(arn));
}

/** Where instances are targets, and what Auto Scaling did with them was not read. */
function scalingUnseen(
  groups: Observed<readonly AutoScalingGroup[]>,
  targets: readonly Target[] | undefined,
): Missing | null {
  if (!targets?.some(({ id }) => id.startsWith('i-'))) return null;
  const [gap] = groups.seen ? groups.gaps : [groups];
  if (gap === undefined) return null;
  const { why, detail, action } = gap;
  return { evidence: 'autoScalingGroups', why, detail, ...(action === undefined ? {} : { action }) };
}

type Failing = Found<
  'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics',
  'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'changes'
>;

function isRecent(createdAt: Time, { onset, grid, span }: EpisodeSpan): boolean {
  const before = secondsBetween(createdAt, onset);
  return before <= RECENT && secondsBetween(createdAt, timeOf(grid, span.last + 1)) >= 0;
}

/** The service has run another version again for so long that its errors are not those of this one. */
function wasLeft(deployment: EcsDeployment, service: ServiceInUse['service'], { onset }: EpisodeSpan): boolean {
  const primary = primaryOf(service);
  if (primary === undefined || deployment === primary || primary.createdAt === null) return false;
  return secondsBetween(primary.createdAt, onset) > LEFT;
}

function isFailing(
  deployment: EcsDeployment,
  { service, tasks }: ServiceInUse,
  stops: readonly Stop[],
  targets: readonly Target[] | undefined,
  episode: EpisodeSpan,
): boolean {
  if (deployment.rolloutState === 'FAILED' || /circuit breaker/i.test(deployment.rolloutReason ?? '')) return true;
  const told = eventsOf(service).some(
    (event) => event.kind === 'deployment-failed' && event.deployment === deployment.id,
  );
  if (told) return true;
  // COMPLETED: its tasks were healthy once, and what they fail for now came later.
  if (deployment !== primaryOf(service) || deployment.rolloutState === 'COMPLETED') return false;
  const end = timeOf(episode.grid, episode.span.last + 1);
  const failed = stops.filter(
    ({ task, kind, at }) =>
      task.startedBy === deployment.id && kind === 'failed-health-checks' && secondsBetween(at, end) >= 0,
  );
  // One healthy task of the new version shows that it can be.
  const own = tasks.filter(({ startedBy, status }) => startedBy === deployment.id && status === 'RUNNING');
  const serves = own.some((task) => targets?.some((target) => target.state === 'healthy' && isTargetOf(target, task)));
  return failed.length >= AGAIN && !serves;
}

/** What its circuit breaker gave up ECS lists no longer: its events do, and the tasks it has left date it. */
function givenUp({ service, tasks }: ServiceInUse, stops: readonly Stop[]): readonly EcsDeployment[] {
  return eventsOf(service).flatMap(({ kind, deployment: id, message }) => {
    if (kind !== 'deployment-failed' || id === null) return [];
    const own = tasks.filter(({ startedBy }) => startedBy === id);
    const createdAt = earliest(own.map((task) => task.createdAt ?? task.startedAt));
    if (createdAt === undefined || service.deployments.some((listed) => listed.id === id)) return [];
    return [
      {
        id,
        status: 'INACTIVE',
        rolloutState: 'FAILED',
        rolloutReason: message.replace(/^.*?(?=deployment failed)/, ''),
        taskDefinition: own[0]?.taskDefinition ?? null,
        desired: service.desired,
        running: 0,
        pending: 0,
        failedTasks: stops.filter(({ task }) => task.startedBy === id).length,
        createdAt,
        updatedAt: null,
      },
    ];
  });
}

function ofDeployment(
  inUse: ServiceInUse,
  deployment: EcsDeployment,
  stops: readonly Stop[],
  healthy: Values | undefined,
  episode: EpisodeSpan,
): Failing {
  const { service, groups } = inUse;
  const since = deployment.createdAt ?? episode.onset;
  const own = stops.filter(({ task }) => task.startedBy === deployment.id);
  const last = own.at(-1);
  const past = deployment !== primaryOf(service);
  const wentBack = past ? eventsOf(service).findLast(({ kind }) => kind === 'rolled-back') : undefined;
  const carriesOn = oldOnesCarryOn(healthy, since, episode);
  const version =
    deployment.taskDefinition === null ? text`` : text` (${code(definitionName(deployment.taskDefinition))})`;
  const state = deployment.rolloutState ?? deployment.status;
  return {
    strength: carriesOn === true ? 'circumstantial' : 'decisive',
    says: text`The new version of ${resource(service.name)}${version} ${past ? 'did' : 'does'} not become healthy${whySaid(own)}`,
    since,
    because: [
      {
        from: 'ecsServices',
        shows: text`${resource(deployment.id)}: ${code(state)}, ${deployment.running} of ${count(deployment.desired, 'task')} running, ${deployment.failedTasks} failed${deployment.rolloutReason === null ? '' : `; ${deployment.rolloutReason}`}`,
        at: since,
      },
      ...(last === undefined
        ? []
        : [
            {
              from: 'ecsTasks' as const,
              shows: text`${count(own.length, 'task')} of it stopped since; ${stopSaid(last)}`,
              at: last.at,
            },
          ]),
      ...unhealthySaid(inUse, since),
      ...(wentBack === undefined
        ? []
        : [{ from: 'ecsServices' as const, shows: text`ECS has gone back to the version before`, at: wentBack.at }]),
      ...(carriesOn === true
        ? [
            {
              from: 'targetGroupMetrics' as const,
              shows: text`as many targets as before stayed healthy: the old version carries on`,
            },
          ]
        : []),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: EXPLAINED,
    fixes: [
      ...(past ? [] : rollBack(inUse, [deployment.taskDefinition])),
      ...(own.length === 0 ? [] : [lookAtTasks(inUse, own)]),
      lookAtService(inUse, text`see how the deployment of ${resource(service.name)} goes on`),
    ],
    facts: {
      service: service.id,
      deployment: deployment.id,
      rolloutState: deployment.rolloutState,
      failedTasks: deployment.failedTasks,
      stopped: own.length,
    },
  };
}

/** In AWS's words, for the newest. */
function whySaid(stops: readonly Stop[]): Text {
  const last = stops.at(-1);
  if (last === undefined) return text``;
  const SAID: Partial<Record<Stop['kind'], string>> = {
    'failed-health-checks': ': its tasks fail their health checks',
    exited: ': its tasks exit',
    'out-of-memory': ': its tasks are killed for memory',
    'never-started': ': its tasks cannot start',
  };
  return text`${SAID[last.kind] ?? ''}`;
}

/** What the load balancer said of its targets, as ECS passed it on. */
function unhealthySaid({ service }: ServiceInUse, since: Time) {
  const told = eventsOf(service).findLast(({ kind, at }) => kind === 'unhealthy' && secondsBetween(since, at) >= 0);
  return told === undefined || told.reason === null
    ? []
    : [{ from: 'ecsServices' as const, shows: text`its targets are called unhealthy: ${told.reason}`, at: told.at }];
}

/** Tasks that fail soon after each start, and nothing was deployed. */
function inALoop(
  inUse: ServiceInUse,
  stops: readonly Stop[],
  targets: readonly Target[] | undefined,
  episode: EpisodeSpan,
): readonly Failing[] {
  const from = plusSeconds(episode.onset, -1800);
  const failed = stops.filter(({ kind, at }) => kind === 'failed-health-checks' && secondsBetween(from, at) >= 0);
  const [first] = failed;
  if (first === undefined || failed.length < LOOP) return [];
  const young = failed.every(({ task, at }) => task.startedAt !== null && secondsBetween(task.startedAt, at) <= YOUNG);
  // Where the load balancer says why the checks fail, that is the cause, and the loop is what comes of it.
  const explained = targets?.some(
    ({ targetGroup, reason }) =>
      inUse.groups.includes(targetGroup) &&
      reason?.startsWith('Target.') === true &&
      reason !== 'Target.DeregistrationInProgress',
  );
  const strong = young && explained !== true && secondsBetween(first.at, episode.onset) >= -120;
  return [
    {
      strength: strong ? 'strong' : 'circumstantial',
      says: text`${resource(inUse.service.name)} replaces its tasks again and again: they fail their health checks`,
      since: first.at,
      because: [
        {
          from: 'ecsTasks',
          shows: text`${count(failed.length, 'task')} stopped; ${stopSaid(first)}`,
          at: first.at,
        },
        ...unhealthySaid(inUse, from),
      ],
      affects: { targetGroups: inUse.groups, targets: [] },
      explains: EXPLAINED,
      fixes: [
        lookAtTasks(inUse, failed),
        lookAtService(
          inUse,
          text`see in the events of ${resource(inUse.service.name)} why its targets are called unhealthy`,
        ),
      ],
      facts: { service: inUse.service.id, stopped: failed.length },
    },
  ];
}
