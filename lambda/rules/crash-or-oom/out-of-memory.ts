import type { ErrorKind } from '../../incident/cause.ts';
import type { Missing } from '../../incident/diagnosis.ts';
import type { MetricsById, ServiceMetric } from '../../incident/evidence.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { code, count, percent, resource, type Text, text, time } from '../../incident/text.ts';
import { showHealth } from '../../semantics/commands.ts';
import { type Crashing, crashingIn } from '../../semantics/ecs/crashes.ts';
import { type MemoryLimit, memoryLimitOf } from '../../semantics/ecs/memory-limit.ts';
import { definitionName, type ServiceInUse, servicesInUse } from '../../semantics/ecs/services.ts';
import { exitCodesOf, stopsIn } from '../../semantics/ecs/stops.ts';
import { type EpisodeSpan, errorEpisode } from '../../semantics/episode.ts';
import { errorSeries, errorsOfKinds } from '../../semantics/errors.ts';
import { maxOf, meanOf, sumOf, within } from '../../semantics/minutes.ts';
import { routedGroups } from '../../semantics/routing.ts';
import { groupsAsked, lookAtTasks, ownerOf, rollBack, stopSaid, stopsNotSeen } from '../containers.ts';
import { consoleNotSeen, killedOnInstances } from '../killed-instances.ts';
import { defineRule, type Found, foundOr, notApplicable, ruledOut, unsure } from '../rule.ts';
import { MEMORY_LIMITS } from '../settings.ts';

/** Percent of a service's memory from which on the next allocation may be the last. */
const FULL = 95;
/** A service whose memory always stands there has been made so: a heap of fixed size. */
const USUAL = 90;
/** Minutes before the errors in which memory must have been full. */
const JUST_BEFORE = 10;
const KILLED = [134, 137];
const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

export const outOfMemory = defineRule({
  id: 'out-of-memory',
  category: 'crash-or-oom',
  title: 'Targets are killed because they use more memory than they may',
  explains: `A container that grows beyond its memory limit is killed by the kernel, at once and without a chance to finish: the
requests it was serving end in 502, those that wait for it in 504. ECS starts another task, which takes minutes to serve; when several
go at a time, none is left and requests get 503. A leak does it again and again.`,
  proof: `ECS gives \`OutOfMemoryError\` as the reason why the container ended, at or before the first errors: decisive; so is the kernel of a failing
instance that says on its console, just before the errors, that it killed a process. Exit code 137 or
134 without a reason, and the memory of the service at ${FULL} % before it: strong. One of these alone: circumstantial.`,
  resembles: `Exit code 137 is SIGKILL: a task that does not end within its stop timeout after SIGTERM gets it as well, whenever a deployment,
a scale-in or a failed health check stops it. Those are never counted here. A kill long after the errors began is their effect.`,
  remedy: `To serve again: more memory for the task or the container (a new revision of the task definition) or a larger
instance type; a rollback, where it began with a release. Then find what grows: compare memory before and after the release,
take a heap dump.`,
  prevention: `Set the limit from what the process uses under load, and the heap of the runtime below the limit (\`-XX:MaxRAMPercentage\`,
\`--max-old-space-size\`). Alarm on MemoryUtilization at 85 %. Run more, smaller tasks, so that one kill is a small loss.`,
  settings: [MEMORY_LIMITS],
  docs: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html',
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-tasksize-best-practice.html',
  ],
  needs: ['ecsServices', 'loadBalancerMetrics'],
  uses: [
    'ecsTasks',
    'ecsTaskDefinitions',
    'serviceMetrics',
    'targetGroups',
    'listenerRules',
    'targetHealth',
    'consoleOutput',
    'instances',
  ],
  causes: [
    'crashing-backend',
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'unresponsive-backend',
    'too-few-healthy-targets',
    'targets-not-yet-healthy',
    'deregistration-cuts-requests',
  ],

  examine(seen, { window, readAt }) {
    const { ecsServices, loadBalancerMetrics } = seen;
    const services = servicesInUse(
      ecsServices,
      ifSeen(seen.ecsTasks) ?? [],
      groupsAsked(seen.targetGroups, seen.listenerRules),
    );
    const rules = ifSeen(seen.listenerRules);
    const routed = rules && new Set(routedGroups(rules));
    const failing = (ifSeen(seen.targetHealth) ?? []).filter(
      ({ id, state, targetGroup }) =>
        id.startsWith('i-') && state === 'unhealthy' && (routed?.has(targetGroup) ?? true),
    );
    const [unknown] = notRead('targetHealth', seen.targetHealth);
    if (services.length === 0 && failing.length === 0) {
      if (unknown !== undefined) return unsure(unknown);
      return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    }
    const episode = errorEpisode(loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');

    const errors = errorsOfKinds(errorSeries(loadBalancerMetrics), EXPLAINED);
    if ((sumOf(within(errors, episode.span)) ?? 0) === 0) {
      return ruledOut(
        text`no request was answered ${code('502')}, ${code('503')} or ${code('504')}`,
        'loadBalancerMetrics',
      );
    }
    const onInstances = killedOnInstances(failing, seen, episode, readAt);
    const ofTasks = services.flatMap((inUse): readonly OfTasks[] => {
      const memory = memoryBefore(ifSeen(seen.serviceMetrics), inUse.service.id, episode);
      const all = stopsIn(inUse.tasks, inUse.service);
      const killed = crashingIn(
        inUse,
        all.filter(({ kind }) => kind === 'out-of-memory'),
        episode,
        errors,
        readAt,
      );
      const limitOf = ({ stops: [first] }: Crashing) => memoryLimitOf(first, ifSeen(seen.ecsTaskDefinitions));
      if (killed !== null) return [ofKilled(inUse, killed, memory, limitOf(killed))];
      const signalled = all.filter(
        (stop) => stop.kind === 'exited' && exitCodesOf(stop).some((exit) => KILLED.includes(exit)),
      );
      const maybe = crashingIn(inUse, signalled, episode, errors, readAt);
      if (maybe !== null) return ofSignalled(inUse, maybe, memory, limitOf(maybe));
      return memory === null || !memory.rose ? [] : [ofFull(inUse, memory, episode)];
    });
    const findings = [...ofTasks, ...onInstances];
    const [unread] =
      findings.length > 0
        ? []
        : [
            ...(services.length === 0 ? [] : notRead('ecsTasks', seen.ecsTasks)),
            ...stopsNotSeen(services, episode, readAt),
            ...memoryNotSeen(services, seen),
            ...(unknown === undefined ? [] : [unknown]),
            ...consoleNotSeen(failing, seen, episode.onset),
          ];
    if (unread !== undefined) return unsure(unread);
    return foundOr(
      findings,
      failing.length === 0
        ? text`no task was killed for memory, and no service was near its limit`
        : text`no task was killed for memory, and no console of a failing instance tells of a kill`,
    );
  },
});

type OfTasks = Found<
  'loadBalancerMetrics',
  'ecsTasks' | 'ecsTaskDefinitions' | 'serviceMetrics' | 'consoleOutput' | 'loadBalancerMetrics'
>;

interface Memory {
  /** The highest percentage in the minutes before the errors. */
  readonly most: number;
  /** It is full, and was not in the hour before. */
  readonly rose: boolean;
}

function memoryBefore(
  metrics: MetricsById<ServiceMetric> | undefined,
  id: string,
  { span }: EpisodeSpan,
): Memory | null {
  const values = metrics?.of.find((each) => each.id === id)?.values.MemoryUtilization;
  const most = maxOf(within(values, { first: span.first - JUST_BEFORE, last: span.first }));
  if (most === null) return null;
  const usual = meanOf(within(values, { first: span.first - 60, last: span.first - 2 * JUST_BEFORE }));
  return { most, rose: most >= FULL && (usual ?? 0) < USUAL };
}

/** Nothing that was seen was killed: that says nothing of the rest. */
function notRead(evidence: 'ecsTasks' | 'targetHealth', observed: Observed<unknown>): readonly Missing[] {
  const gaps = observed.seen ? observed.gaps : [observed];
  return gaps.map(({ why, detail, action }) => ({
    evidence,
    why,
    detail,
    ...(action === undefined ? {} : { action }),
  }));
}

function memoryNotSeen(
  services: readonly ServiceInUse[],
  { serviceMetrics }: { readonly serviceMetrics: Observed<MetricsById<ServiceMetric>> },
): readonly Missing[] {
  const known = ifSeen(serviceMetrics)?.of.filter(({ values }) => values.MemoryUtilization !== undefined) ?? [];
  const blind = services.filter(({ service }) => !known.some(({ id }) => id === service.id));
  const detail = 'no task was killed for memory, and how much the services used was not seen';
  return blind.length === 0 ? [] : [{ evidence: 'serviceMetrics', why: 'partial', detail }];
}

function ofKilled(inUse: ServiceInUse, killed: Crashing, memory: Memory | null, limit: MemoryLimit | null): OfTasks {
  const { stops, since, covered, plausible } = killed;
  const sure = since !== undefined && covered >= 0.5 && plausible;
  return {
    strength: sure ? 'decisive' : 'circumstantial',
    says: text`${count(stops.length, 'task')} of ${resource(inUse.service.name)} ${stops.length === 1 ? 'was' : 'were'} killed for memory: ${code('OutOfMemoryError')}`,
    ...(since === undefined ? {} : { since }),
    because: shown(inUse, killed, memory, limit),
    affects: { targetGroups: inUse.groups, targets: [] },
    explains: EXPLAINED,
    fixes: fixesFor(inUse, killed, limit),
    facts: { service: inUse.service.id, killed: stops.length, covered, memory: memory?.most ?? null },
  };
}

function ofSignalled(
  inUse: ServiceInUse,
  maybe: Crashing,
  memory: Memory | null,
  limit: MemoryLimit | null,
): readonly OfTasks[] {
  const { stops, since, covered, plausible } = maybe;
  const full = memory !== null && memory.most >= FULL;
  // An abort (134) is an assertion as often as a full heap: without full memory it says nothing of memory.
  if (!full && !stops.some((stop) => exitCodesOf(stop).includes(137))) return [];
  const strong = full && since !== undefined && covered >= 0.5 && plausible;
  return [
    {
      strength: strong ? 'strong' : 'circumstantial',
      says: text`${count(stops.length, 'task')} of ${resource(inUse.service.name)} ${full ? 'ended at the limit of memory' : 'may have been killed for memory'}`,
      ...(since === undefined ? {} : { since }),
      because: shown(inUse, maybe, memory, limit),
      affects: { targetGroups: inUse.groups, targets: [] },
      explains: EXPLAINED,
      fixes: fixesFor(inUse, maybe, limit),
      facts: { service: inUse.service.id, killed: stops.length, covered, memory: memory?.most ?? null },
    },
  ];
}

function ofFull(inUse: ServiceInUse, memory: Memory, { onset }: EpisodeSpan): OfTasks {
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

function shown(
  { service }: ServiceInUse,
  { stops, since, covered, plausible }: Crashing,
  memory: Memory | null,
  limit: MemoryLimit | null,
): OfTasks['because'] {
  const [first] = stops;
  const more = stops.length - 1;
  const later = text`; ${count(more, 'more task')} since, the last one at ${time(stops.at(-1)?.at ?? first.at)}`;
  return [
    {
      from: 'loadBalancerMetrics',
      shows: text`${percent(covered)} of the errors fell while a killed task was away`,
    },
    { from: 'ecsTasks', shows: text`${stopSaid(first)}${more === 0 ? text`` : later}`, at: first.at },
    ...(limit === null ? [] : [{ from: 'ecsTaskDefinitions' as const, shows: limitSaid(limit, first) }]),
    ...(memory === null || memory.most < FULL ? [] : [{ from: 'serviceMetrics' as const, shows: memorySaid(memory) }]),
    ...(plausible
      ? []
      : [
          {
            from: 'loadBalancerMetrics' as const,
            shows: text`more requests fail than ${count(stops.length, 'task')} of ${service.desired} could answer for`,
          },
        ]),
    ...(since === undefined ? [{ from: 'ecsTasks' as const, shows: HIDDEN }] : []),
  ];
}

const HIDDEN = text`ECS shows stopped tasks for an hour, and the errors are older: what came first is hidden`;

function memorySaid({ most }: Memory): Text {
  return text`${code('MemoryUtilization')} of the service at ${percent(Math.min(1, most / 100))} in the ${JUST_BEFORE} minutes before the errors`;
}

function fixesFor(inUse: ServiceInUse, { stops }: Crashing, limit: MemoryLimit | null): readonly Fix<Text>[] {
  const killed = stops.map(({ task }) => task.taskDefinition);
  return [raiseLimit(inUse, limit), ...rollBack(inUse, killed), lookAtTasks(inUse, stops)];
}

function limitSaid({ mebibytes, container }: MemoryLimit, { task }: Crashing['stops'][0]): Text {
  const whose = container === null ? text`the whole task` : text`container ${resource(container)}`;
  return text`limit ${mebibytes} MiB of ${whose} in ${code(definitionName(task.taskDefinition ?? ''))}`;
}

function raiseLimit({ service, groups }: ServiceInUse, limit: MemoryLimit | null): Fix<Text> {
  const more = limit === null ? text`more memory` : text`more memory than ${limit.mebibytes} MiB`;
  return {
    does: text`give the task definition of ${resource(service.name)} ${more}, or the process less to fill: the heap it may use, what it keeps`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(groups[0] ?? ''),
    ...ownerOf(service),
  };
}
