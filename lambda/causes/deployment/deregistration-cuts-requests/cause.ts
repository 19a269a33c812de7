import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, type Time, text } from '../../../incident/text.ts';
import { preStop, readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import { finishRequests } from '../../../remedies/workload.ts';
import { rollout, scaling, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { type ServiceInUse, servicesInUse } from '../../../semantics/ecs/services.ts';
import { holdsPods } from '../../../semantics/kubernetes/controller-tags.ts';
import type { Rollout } from '../../../semantics/targets/rollout.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { groupsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { stopsNotSeen } from '../../kit/ecs-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { capacitySaid, cutSaid, ELSEWHERE, FAILED, nearSaid, wavesSaid } from '../rollout/rollout-words.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '504'];

export default defineCause({
  id: 'deregistration-cuts-requests',
  needs: ['errors', 'targetHealth', 'churn', 'routed'],
  uses: ['ecsServices', 'ecsTasks', 'autoScalingGroups', 'targetGroups', 'tags'],
  setOffBy: [rollout, scaling, targetCall('deregisters')],
  inCluster: { mends: [preStop, readinessGate] },

  examine({ errors, targetHealth, churn, routed, ...seen }, { readAt }) {
    const { episode } = errors;
    const answered = errors.count(...EXPLAINED);
    if (episode === null || answered === 0) {
      return ruledOut(text`no request was answered ${code('502')} or ${code('504')}`, 'loadBalancerMetrics');
    }
    const left = churn.nextTo(EXPLAINED, ['rollout', 'scaling', 'by-hand', 'interrupted']);
    if (left?.elsewhere) return ruledOut(ELSEWHERE);
    if (left !== null) {
      const found = departureFinding(left, episode.onset, ifSeen(seen.targetGroups), ifSeen(seen.tags));
      return foundOr(found, text`the targets that left reduced capacity, or had time to finish their requests`);
    }
    const draining = targetHealth.filter(({ state, targetGroup }) => state === 'draining' && routed.has(targetGroup));
    if (draining.length > 0) return { is: 'found', findings: [drainingFinding(draining, answered, episode.onset)] };
    const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], routed.groups);
    const [hidden] = stopsNotSeen(services, episode, readAt);
    if (hidden !== undefined) return unsure(hidden);
    const unexplained = churn.nextTo(EXPLAINED, ['unknown']);
    if (unexplained !== null) {
      const detail = emptied(unexplained, services)
        ? 'whether requests were cut as a service stopped all its tasks is not known'
        : 'why a target left close to these errors is not known';
      return unsure({ evidence: 'ecsServices', why: 'partial', detail });
    }
    if (seen.ecsServices.seen && seen.autoScalingGroups.seen) {
      return ruledOut(churn.nextTo(EXPLAINED, ['lost']) === null ? NONE : FAILED);
    }
    const detail = 'which targets left, and when, was not seen';
    return unsure({ evidence: 'ecsServices', why: 'partial', detail });
  },
});

/** What is to run no task takes its targets away for that. */
const emptied = ({ waves }: Rollout, services: readonly ServiceInUse[]): boolean =>
  waves.every(({ by }) => services.some(({ service }) => service.id === by && service.desired === 0));

const NONE = text`no target left close to these errors, and none is draining`;

/** Of a task ECS tells how long it has to end, of a pod nobody does. */
const UNSEEN_END = text`AWS does not show how long a pod keeps serving after its stop signal: 30 s at most by default`;

/** What comes with a loss of capacity is that loss's, not that of the departure. */
function endSaid({ short, cut, groups }: Rollout, isOfPods: (targetGroup: string) => boolean): Text | null {
  if (short === true) return null;
  if (cut !== null) return cutSaid(cut);
  return groups.some(isOfPods) ? UNSEEN_END : null;
}

type Finding = Found<
  'loadBalancerMetrics' | 'targetHealth',
  'loadBalancerMetrics' | 'targetHealth' | TargetWave['from'] | 'targetGroupMetrics' | 'targetGroupAttributes'
>;

function departureFinding(
  left: Rollout,
  onset: Time,
  targetGroups: readonly TargetGroup[] | undefined,
  tags: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): readonly Finding[] {
  const { waves, groups, cut, fits, short, bursts, share } = left;
  const ends = endSaid(left, (arn) => holdsPods(arn, targetGroups, tags));
  if (ends === null) return [];
  return [
    {
      strength: fits && short === false && cut !== null ? 'strong' : 'circumstantial',
      says: text`Requests ${cut === null ? 'may have been' : 'were'} cut as ${wavesSaid(waves)}`,
      since: waves[0].at,
      happened: { first: waves[0].at, last: waves.at(-1)?.at ?? waves[0].at },
      because: [...nearSaid(left, onset), { from: 'targetGroupAttributes', shows: ends }, capacitySaid(left)],
      affects: { targetGroups: groups, targets: [] },
      explains: EXPLAINED,
      fixes: groups.slice(0, 3).map((arn) => finishRequests(arn, tags[arn] ?? {})),
      facts: { waves: waves.length, bursts, share },
    },
  ];
}

function drainingFinding(draining: readonly Target[], answered: number, at: Time): Finding {
  const groups = groupsOf(draining);
  const ids = andList(draining.map(({ id }) => resource(id)));
  return {
    strength: 'circumstantial',
    says: text`${count(draining.length, 'target')} of ${groupsSaid(groups)} ${draining.length === 1 ? 'is' : 'are'} draining, and requests may be cut`,
    because: [
      cite.targetHealth`${ids}: ${code('draining')}`,
      citeAt(at).loadBalancerMetrics`${count(answered, 'request')} answered ${code('502')} or ${code('504')}`,
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: EXPLAINED,
    fixes: [],
    facts: { draining: draining.length },
  };
}
