import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, foundOr, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { rollout } from '../../kit/changes.ts';
import { groupsAsked, stopsNotSeen } from '../../kit/ecs-words.ts';
import { consoleNotSeen, killedOnInstances } from './killed-instances.ts';
import { killedInTasks, memoryNotSeen } from './killed-tasks.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

export default defineCause({
  id: 'out-of-memory',
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
  setOffBy: [rollout],
  inCluster: { see: ['restarts'] },

  examine(seen, { window, readAt }) {
    const { ecsServices, loadBalancerMetrics } = seen;
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const services = servicesInUse(ecsServices, ifSeen(seen.ecsTasks) ?? [], routed);
    const failing = failingInstances(seen.targetHealth, seen.listenerRules);
    const [healthUnread] = notRead('targetHealth', seen.targetHealth);
    if (services.length === 0 && failing.length === 0) {
      if (healthUnread !== undefined) return unsure(healthUnread);
      return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    }
    const episode = errorEpisode(loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');

    const errors = errorsOfKinds(errorSeries(loadBalancerMetrics), EXPLAINED);
    if ((sumOf(valuesIn(errors, episode.span)) ?? 0) === 0) {
      return ruledOut(
        text`no request was answered ${code('502')}, ${code('503')} or ${code('504')}`,
        'loadBalancerMetrics',
      );
    }

    const inTasks = services.flatMap((inUse) => killedInTasks(inUse, seen, episode, errors, readAt));
    const findings = [...inTasks, ...killedOnInstances(failing, seen, episode, readAt)];
    if (findings.length > 0) return foundOr(findings, text``);
    // Nothing that was seen was killed: that says nothing of the rest.
    const [unread] = [
      ...(services.length === 0 ? [] : notRead('ecsTasks', seen.ecsTasks)),
      ...stopsNotSeen(services, episode, readAt),
      ...memoryNotSeen(services, seen),
      ...(healthUnread === undefined ? [] : [healthUnread]),
      ...consoleNotSeen(failing, seen, episode.onset),
    ];
    if (unread !== undefined) return unsure(unread);
    return ruledOut(
      failing.length === 0
        ? text`no task was killed for memory, and no service was near its limit`
        : text`no task was killed for memory, and no console of a failing instance tells of a kill`,
    );
  },
});

/** Instances that fail their checks; where the rules were not read, in any group. */
function failingInstances(
  targetHealth: Observed<readonly Target[]>,
  listenerRules: Observed<readonly ListenerRule[]>,
): readonly Target[] {
  const rules = ifSeen(listenerRules);
  const routed = rules && new Set(routedGroups(rules));
  return (ifSeen(targetHealth) ?? []).filter(
    ({ id, state, targetGroup }) => id.startsWith('i-') && state === 'unhealthy' && (routed?.has(targetGroup) ?? true),
  );
}
