import type { ErrorKind } from '../../../incident/cause.ts';
import { count, text } from '../../../incident/text.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { namesOf } from '../../kit/ecs-services.ts';
import { GRACEFUL_SHUTDOWN } from '../../settings.ts';
import { capacitySaid, ELSEWHERE, goneIn, nearSaid, timesSaid, wavesSaid } from '../rollout/rollout-words.ts';
import { couldHide, type RolloutEvidence, rolloutIn } from '../rollout/rollouts.ts';
import { fixesFor } from './rollout-fixes.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

export const deploymentReplacingTargets = defineCause({
  id: 'deployment-replacing-targets',
  category: 'deployment',
  title: 'A rollout or scale-in takes targets away',
  explains: `Targets are taken away faster than new ones serve: by a deployment, an instance refresh, a scale-in, or because Spot capacity
is taken back. Those that are left get more than they bear, requests on their way are cut, and when none is left for a
moment, requests are answered 503.`,
  proof: `Each burst of errors begins within two minutes of targets that leave, and hardly any error falls elsewhere: strong. Targets that
left in the same minutes as some of the errors: circumstantial.`,
  resembles: `Targets that are taken away because they crash or fail their health checks: that is not why they fail. Where capacity was never
short, requests are cut by their leaving itself: \`deregistration-cuts-requests\`. A new version that goes on failing when the rollout is
over is not this.`,
  remedy: `While capacity is short, stop the rollout or the scale-in, or raise the desired number. Then set the rollout so that
new targets serve before old ones leave.`,
  prevention: `Keep as many targets as before until the new ones serve: ECS minimumHealthyPercent 100, an instance
refresh with a minimum of 100 %. Alarm on HealthyHostCount during deployments, with automatic rollback. Scale in
slowly. On Kubernetes, readiness gates (label the namespace \`elbv2.k8s.aws/pod-readiness-gate-inject=enabled\`): a
rollout then waits for the load balancer.`,
  settings: [GRACEFUL_SHUTDOWN],
  docs: [
    'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html',
    'https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html',
  ],
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
