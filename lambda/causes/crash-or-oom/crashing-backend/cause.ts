import type { ErrorKind } from '../../../incident/cause.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { instanceCall, rollout } from '../../../semantics/changes/change-kinds.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { defineCause, notApplicable, ruledOut, type SeenBy, unsure } from '../../cause.ts';
import { stopsNotSeen } from '../../kit/ecs-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { exitedIn, exitedTasks } from './exited-tasks.ts';
import { rebootedByThemselves } from './restarted-instances.ts';
import { restlessGroups } from './restless-groups.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503'];

export default defineCause({
  id: 'crashing-backend',
  needs: ['errors', 'ecsTasks', 'services', 'routed'],
  uses: [
    'targetGroupMetrics',
    'targetGroups',
    'traffic',
    'targetHealth',
    'instances',
    'instanceMetrics',
    'consoleOutput',
    'changes',
  ],
  causes: [
    'instance-check-failed',
    'no-running-tasks',
    'no-registered-targets',
    'nothing-listening',
    'targets-not-yet-healthy',
    'too-few-healthy-targets',
    'deregistration-cuts-requests',
  ],
  setOffBy: [rollout, instanceCall('reboots')],
  inCluster: { see: ['restarts'] },

  examine(seen, { readAt }) {
    const { errors, services, routed } = seen;
    const { episode } = errors;
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const rebooted = rebootedByThemselves(seen, routed.groups, episode);
    if (rebooted.length === 0 && errors.count(...EXPLAINED) === 0) {
      return ruledOut(text`no request was answered ${code('502')} or ${code('503')}`, 'loadBalancerMetrics');
    }

    const explained = errorsOfKinds(errors.series, EXPLAINED);
    const evidence = { readAt, groupMetrics: ifSeen(seen.targetGroupMetrics) };
    const exited = services.flatMap((inUse) => exitedTasks(inUse, episode, explained, evidence));
    if (exited.length + rebooted.length > 0) return { is: 'found', findings: [...exited, ...rebooted] };
    const inTasks = new Set(services.flatMap(({ groups }) => groups));
    const groups = routed.groups.filter((arn) => !inTasks.has(arn));
    const restless = restlessGroups(groups, ifSeen(seen.targetGroupMetrics), errors, episode);
    if (restless !== null) return { is: 'found', findings: [restless] };

    const [hidden] = stopsNotSeen(services, episode, readAt);
    if (hidden !== undefined) return unsure(hidden);
    if (services.length > 0) {
      return ruledOut(text`no essential container of an ECS task exited by itself in these minutes`);
    }
    return withoutTasks(groups, seen);
  },

  ofStateAlone: ({ services }, { window }) => services.flatMap((inUse) => exitedIn(window, inUse)),
});

/** A process that a supervisor restarts within a second leaves no other trace than its 502s. */
function withoutTasks(groups: readonly string[], seen: SeenBy<'errors', 'targetGroups' | 'traffic'>) {
  const functions = (ifSeen(seen.targetGroups) ?? []).filter(({ targetType }) => targetType === 'lambda');
  const onHosts = groups.filter((arn) => !functions.some((group) => group.arn === arn));
  if (seen.targetGroups.seen && onHosts.length === 0) return notApplicable(text`only functions get requests`);
  if (seen.traffic?.answeredAll(onHosts) && seen.errors.count('503') === 0) {
    return ruledOut(text`the targets of ${groupsSaid(onHosts)} answered every request sent to them`);
  }
  const detail = 'AWS does not show whether a process on a target ended';
  return unsure({ evidence: 'targetHealth', why: 'partial', detail });
}
