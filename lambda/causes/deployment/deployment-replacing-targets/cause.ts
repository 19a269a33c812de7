import type { Churn } from '../../../computed/churn.ts';
import { type CauseId, ERROR_KINDS, type ErrorKind } from '../../../incident/cause.ts';
import { count, resource, type Time, text } from '../../../incident/text.ts';
import { keepTasksWhole, lookAtService, undoTaskCut } from '../../../remedies/ecs-service.ts';
import { preStop, readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { lookAtActivities } from '../../../remedies/scaling-group.ts';
import { undoCapacityCut } from '../../../remedies/scaling-processes.ts';
import { rollout, scaling } from '../../../semantics/changes/change-kinds.ts';
import { taskCutBefore } from '../../../semantics/ecs/task-cuts.ts';
import { capacityCutBefore } from '../../../semantics/scaling/auto-scaling-groups.ts';
import type { Rollout } from '../../../semantics/targets/rollout.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { defineCause, type Found, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { capacitySaid, ELSEWHERE, FAILED, goneIn, nearSaid, wavesSaid } from '../rollout/rollout-words.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

const BRINGS: readonly CauseId[] = ['no-registered-targets', 'no-running-tasks', 'too-few-healthy-targets'];

export default defineCause({
  id: 'deployment-replacing-targets',
  needs: ['errors', 'churn'],
  causes: BRINGS,
  setOffBy: [rollout, scaling],

  examine({ errors: { episode }, churn }) {
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const left = churn.nextTo(EXPLAINED, ['rollout', 'scaling', 'by-hand', 'interrupted', 'unknown']);
    if (left === null) return noneNextTo(churn);
    if (left.elsewhere) return ruledOut(ELSEWHERE);
    return { is: 'found', findings: [findingOf(left, episode.onset)] };
  },
});

const NONE = text`no target left close to an error`;

function noneNextTo(churn: Churn) {
  const { unseenIn: evidence } = churn;
  if (evidence === null) return ruledOut(churn.nextTo(ERROR_KINDS, ['lost']) === null ? NONE : FAILED);
  return unsure({ evidence, why: 'partial', detail: 'which targets left, and when, was only partly seen' });
}

type Finding = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | TargetWave['from'] | 'targetGroupMetrics'>;

/** Where others carry on without trouble, those that left are not missed. */
function undoneCuts({ services, scalingGroups, groups: [group = ''] }: Rollout, onset: Time): readonly Remedy[] {
  return [
    ...scalingGroups.flatMap((one) => {
      const cut = capacityCutBefore(one, onset);
      return cut === null ? [] : [undoCapacityCut(one, cut, group)];
    }),
    ...services.flatMap((inUse) => {
      const cut = taskCutBefore(inUse.service, onset);
      return cut === null ? [] : [undoTaskCut(inUse, cut)];
    }),
  ];
}

function findingOf(left: Rollout, onset: Time): Finding {
  const { waves, groups, crashed, short, fits, cut, services, scalingGroups } = left;
  const known = waves.every(({ why }) => why !== 'unknown');
  const those = goneIn(waves) === 1 ? 'it' : 'they';
  return {
    strength: fits && known && (short !== false || cut === null) && !left.isCutUnseen ? 'strong' : 'circumstantial',
    says: text`${wavesSaid(waves)}, and errors came as ${those} left${waves.length === 1 ? '' : ', each time'}`,
    since: waves[0].at,
    happened: { first: waves[0].at, last: waves.at(-1)?.at ?? waves[0].at },
    because: [
      ...nearSaid(left, onset),
      capacitySaid(left),
      crashed > 0 && cite.ecsTasks`${count(crashed, 'task')} that replaced them exited: a separate fault`,
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: EXPLAINED,
    // With too few that are healthy, requests meet those that stop or start: they refuse connections, as long as that takes.
    causes: short === true ? [...BRINGS, 'nothing-listening'] : BRINGS,
    // Where fewer were wanted, as many as before; where ECS did it, to keep all tasks until the new ones serve; and who did.
    fixes: [
      ...(short === false ? [] : undoneCuts(left, onset)),
      ...services.map(keepTasksWhole),
      ...services.map((inUse) =>
        lookAtService(inUse, text`see what ${resource(inUse.service.name)} does, and whether it continues`),
      ),
      ...scalingGroups.map((group) =>
        lookAtActivities(group, text`see why Auto Scaling group ${resource(group.name)} terminated instances`),
      ),
    ],
    // Where there were pods enough all the time, what was lost is what they were doing as they left.
    mendsInCluster: short === false ? [preStop, readinessGate] : [readinessGate, preStop],
    facts: { waves: waves.length, bursts: left.bursts, share: left.share, short },
  };
}
