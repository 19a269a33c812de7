import type { ErrorKind } from '../../../incident/cause.ts';
import { count, text } from '../../../incident/text.ts';
import { preStop, readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { rollout, scaling } from '../../kit/changes.ts';
import { namesOf } from '../../kit/ecs-words.ts';
import { capacitySaid, ELSEWHERE, goneIn, nearSaid, timesSaid, wavesSaid } from '../rollout/rollout-words.ts';
import { couldHide, type RolloutEvidence, rolloutIn } from '../rollout/rollouts.ts';
import { fixesFor } from './rollout-fixes.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

export default defineCause({
  id: 'deployment-replacing-targets',
  needs: ['loadBalancerMetrics'],
  uses: [
    'ecsServices',
    'ecsTasks',
    'ecsTaskDefinitions',
    'autoScalingGroups',
    'changes',
    'targetGroupMetrics',
    'targetGroupAttributes',
    'targetGroups',
    'listenerRules',
  ],
  causes: ['no-registered-targets', 'no-running-tasks', 'too-few-healthy-targets'],
  setOffBy: [rollout, scaling],

  examine(seen, { window, readAt }) {
    const episode = errorEpisode(seen.loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const rollout = rolloutIn(seen, window, EXPLAINED, ['rollout', 'scaling', 'by-hand', 'interrupted', 'unknown']);
    if (rollout === null) {
      if (!couldHide(seen, episode, readAt)) return ruledOut(text`no target was taken away next to an error`);
      const detail = 'which targets left, and when, was not seen whole';
      return unsure({ evidence: hidden(seen), why: 'partial', detail });
    }
    if (rollout.elsewhere) return ruledOut(ELSEWHERE);
    const { waves, near, fits, cuts, groups, crashed } = rollout;
    const known = waves.every(({ why }) => why !== 'unknown');
    const [first] = waves;
    const finding: Found<'loadBalancerMetrics', keyof RolloutEvidence> = {
      strength: fits && known && (near.short !== false || cuts === null) ? 'strong' : 'circumstantial',
      says: text`${wavesSaid(waves)}, and errors came as ${goneIn(waves) === 1 ? 'it' : 'they'} left${waves.length === 1 ? '' : ', each time'}`,
      since: first.at,
      because: [
        { from: 'loadBalancerMetrics', shows: nearSaid(rollout), at: episode.onset },
        { from: first.from, shows: text`targets of ${namesOf(groups)} left at ${timesSaid(waves)}`, at: first.at },
        ...capacitySaid(rollout),
        ...(crashed === 0
          ? []
          : [
              {
                from: 'ecsTasks' as const,
                shows: text`${count(crashed, 'task')} that came instead ended by ${crashed === 1 ? 'itself' : 'themselves'}: that is a fault of its own`,
              },
            ]),
      ],
      affects: { targetGroups: groups, targets: [] },
      explains: EXPLAINED,
      fixes: fixesFor(seen, rollout),
      // Where there were pods enough all the time, what was lost is what they were doing as they left.
      mendsInCluster: near.short === false ? [preStop, readinessGate] : [readinessGate, preStop],
      facts: { waves: waves.length, bursts: near.bursts, share: near.share, short: near.short },
    };
    return foundOr([finding], text``);
  },
});

function hidden(
  seen: Omit<RolloutEvidence, 'loadBalancerMetrics'>,
): 'ecsServices' | 'ecsTasks' | 'autoScalingGroups' | 'changes' {
  const incomplete = (['ecsServices', 'autoScalingGroups', 'changes'] as const).find((key) => {
    const observed = seen[key];
    return !observed.seen || observed.gaps.length > 0;
  });
  return incomplete ?? 'ecsTasks';
}
