import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { rollout } from '../../../semantics/changes/change-kinds.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { defineCause, notApplicable, notRead, ruledOut, type SeenBy, unsure } from '../../cause.ts';
import { stopsNotSeen } from '../../kit/ecs-words.ts';
import { consoleNotSeen, killedOnInstances } from './killed-instances.ts';
import { killedTasks, memoryNotSeen } from './killed-tasks.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

export default defineCause({
  id: 'out-of-memory',
  needs: ['services', 'errors', 'routed'],
  uses: [
    'ecsTasks',
    'ecsTaskDefinitions',
    'serviceMetrics',
    'targetGroupMetrics',
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

  examine(seen, { readAt }) {
    const { services, errors } = seen;
    const failing = failingInstances(seen);
    const healthUnread = notRead('targetHealth', seen.targetHealth);
    if (services.length === 0 && failing.length === 0) {
      if (healthUnread[0] !== undefined) return unsure(healthUnread[0]);
      return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    }
    const { episode } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    if (errors.count(...EXPLAINED) === 0) {
      const codes = text`${code('502')}, ${code('503')} or ${code('504')}`;
      return ruledOut(text`no request was answered ${codes}`, 'loadBalancerMetrics');
    }

    const explained = errorsOfKinds(errors.series, EXPLAINED);
    const inTasks = services.flatMap((inUse) => killedTasks(inUse, seen, episode, explained, readAt));
    const findings = [...inTasks, ...killedOnInstances(failing, seen, episode, readAt)];
    if (findings.length > 0) return { is: 'found', findings };
    // Nothing that was seen was killed: that says nothing of the rest.
    const [unread] = [
      ...(services.length === 0 ? [] : notRead('ecsTasks', seen.ecsTasks)),
      ...stopsNotSeen(services, episode, readAt),
      ...memoryNotSeen(services, seen),
      ...healthUnread,
      ...consoleNotSeen(failing, seen, episode.onset),
    ];
    if (unread !== undefined) return unsure(unread);
    const otherwise =
      failing.length === 0
        ? text`no service was near its limit`
        : text`no console of a failing instance tells of a kill`;
    return ruledOut(text`no task was killed for memory, and ${otherwise}`);
  },
});

/** Instances that fail their checks; where the rules were not read, in any group. */
function failingInstances({ targetHealth, routed }: SeenBy<'routed', 'targetHealth'>): readonly Target[] {
  return (ifSeen(targetHealth) ?? []).filter(
    ({ id, state, targetGroup }) =>
      id.startsWith('i-') && state === 'unhealthy' && (!routed.byRules || routed.has(targetGroup)),
  );
}
