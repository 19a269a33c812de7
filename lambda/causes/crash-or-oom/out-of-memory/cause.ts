import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { rollout } from '../../../semantics/changes/change-kinds.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { failsChecks, isUsable } from '../../../semantics/targets/targets.ts';
import { defineCause, notApplicable, notRead, ruledOut, type SeenBy, unsure } from '../../cause.ts';
import { stopsNotSeen } from '../../kit/ecs-words.ts';
import { fullInstances } from './full-instances.ts';
import { consoleNotSeen, killedOnInstances } from './killed-instances.ts';
import { killedIn, killedTasks, memoryNotSeen } from './killed-tasks.ts';

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
    'instanceMetrics',
  ],
  causes: [
    'crashing-backend',
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'too-few-healthy-targets',
    'targets-not-yet-healthy',
    'deregistration-cuts-requests',
  ],
  setOffBy: [rollout],
  inCluster: { see: ['restarts'] },

  examine(seen, { readAt }) {
    const { services, errors } = seen;
    const { episode } = errors;
    const inUse = instancesInUse(seen);
    const failing = inUse.filter(failsChecks);
    const full =
      episode === null ? [] : fullInstances(inUse, ifSeen(seen.instanceMetrics), ifSeen(seen.instances) ?? [], episode);
    const healthUnread = notRead('targetHealth', seen.targetHealth);
    if (services.length === 0 && failing.length + full.length === 0) {
      if (healthUnread[0] !== undefined) return unsure(healthUnread[0]);
      return notApplicable(text`no ECS service gets requests`, 'ecsServices');
    }
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    if (errors.count(...EXPLAINED) === 0) {
      const codes = text`${code('502')}, ${code('503')} or ${code('504')}`;
      return ruledOut(text`no request was answered ${codes}`, 'loadBalancerMetrics');
    }

    const explained = errorsOfKinds(errors.series, EXPLAINED);
    const inTasks = services.flatMap((inUse) => killedTasks(inUse, seen, episode, explained, readAt));
    const killed = killedOnInstances(failing, seen, episode, readAt);
    const told = killed.flatMap(({ affects }) => affects.targetGroups);
    const unkilled = full.filter(({ affects }) => !affects.targetGroups.some((arn) => told.includes(arn)));
    const findings = [...inTasks, ...killed, ...unkilled];
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
        : text`no console output of a failing instance shows an out-of-memory kill`;
    return ruledOut(text`no task was killed for using too much memory, and ${otherwise}`);
  },

  ofStateAlone: ({ services, ecsTaskDefinitions }, { window }) =>
    services.flatMap((inUse) => killedIn(window, inUse, { ecsTaskDefinitions })),
});

/** Instances that get requests; where the rules were not read, of any group. */
function instancesInUse({ targetHealth, routed }: SeenBy<'routed', 'targetHealth'>): readonly Target[] {
  return (ifSeen(targetHealth) ?? []).filter(
    (target) => target.id.startsWith('i-') && isUsable(target) && (!routed.byRules || routed.has(target.targetGroup)),
  );
}
