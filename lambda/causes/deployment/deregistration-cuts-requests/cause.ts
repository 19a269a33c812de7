import type { ErrorKind } from '../../../incident/cause.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, text } from '../../../incident/text.ts';
import { preStop, readinessGate } from '../../../remedies/kubernetes/pod-remedies.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { holdsPods } from '../../../semantics/kubernetes/controller-tags.ts';
import { groupName, groupsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { rollout, scaling, targetCall } from '../../kit/changes.ts';
import { groupsAsked, namesOf, stopsNotSeen } from '../../kit/ecs-words.ts';
import { capacitySaid, ELSEWHERE, nearSaid, timesSaid, wavesSaid } from '../rollout/rollout-words.ts';
import { type RolloutEvidence, rolloutIn } from '../rollout/rollouts.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '504'];

export default defineCause({
  id: 'deregistration-cuts-requests',
  needs: ['loadBalancerMetrics', 'targetHealth'],
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
    'tags',
  ],
  setOffBy: [rollout, scaling, targetCall('deregisters')],
  inCluster: { mends: [preStop, readinessGate] },

  examine(seen, { window, readAt }) {
    const { loadBalancerMetrics, targetHealth } = seen;
    const episode = errorEpisode(loadBalancerMetrics, window);
    const errors = errorSeries(loadBalancerMetrics);
    const cut =
      episode === null ? 0 : errorsInEpisode(errors, '502', episode) + errorsInEpisode(errors, '504', episode);
    if (episode === null || cut === 0) {
      return ruledOut(text`no request was answered ${code('502')} or ${code('504')}`, 'loadBalancerMetrics');
    }
    const rollout = rolloutIn(seen, window, EXPLAINED, ['rollout', 'scaling', 'by-hand', 'interrupted']);
    if (rollout !== null) {
      const { near, cuts, fits, waves, groups } = rollout;
      if (rollout.elsewhere) return ruledOut(ELSEWHERE);
      // What comes with a loss of capacity is that loss's, not that of the departure.
      const ends =
        cuts ??
        (groups.some((arn) => holdsPods(arn, ifSeen(seen.targetGroups), ifSeen(seen.tags))) ? UNSEEN_END : null);
      if (near.short === true || ends === null)
        return ruledOut(text`what left took capacity with it, or had the time to finish`);
      const [first] = waves;
      const finding: Finding = {
        strength: fits && near.short === false && cuts !== null ? 'strong' : 'circumstantial',
        says: text`Requests ${cuts === null ? 'may have been' : 'were'} cut as ${wavesSaid(waves)}`,
        since: first.at,
        because: [
          { from: 'loadBalancerMetrics', shows: nearSaid(rollout), at: episode.onset },
          { from: first.from, shows: text`targets of ${namesOf(groups)} left at ${timesSaid(waves)}`, at: first.at },
          { from: 'targetGroupAttributes', shows: ends },
          ...capacitySaid(rollout),
        ],
        affects: { targetGroups: groups, targets: [] },
        explains: EXPLAINED,
        fixes: groups.slice(0, 3).map((arn) => longer(arn, ifSeen(seen.tags)?.[arn] ?? {})),
        facts: { waves: waves.length, bursts: near.bursts, share: near.share },
      };
      return foundOr([finding], text``);
    }
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const draining = targetHealth.filter(
      ({ state, targetGroup }) => state === 'draining' && routed.includes(targetGroup),
    );
    if (draining.length === 0) {
      const detail = 'which targets left, and when, was not seen';
      const unseen = [seen.ecsServices, seen.autoScalingGroups].some((one) => !one.seen);
      const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], routed);
      const [hidden] = stopsNotSeen(services, episode, readAt);
      if (hidden !== undefined) return unsure(hidden);
      return unseen
        ? unsure({ evidence: 'ecsServices', why: 'partial', detail })
        : ruledOut(text`no target left next to these errors, and none is draining`);
    }
    const groups = groupsOf(draining);
    return foundOr(
      [
        {
          strength: 'circumstantial',
          says: text`${count(draining.length, 'target')} of ${namesOf(groups)} ${draining.length === 1 ? 'is' : 'are'} draining, and requests may be cut`,
          because: [
            {
              from: 'targetHealth',
              shows: text`${listed(draining.map(({ id }) => resource(id)))}: ${code('draining')}`,
            },
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(cut, 'request')} answered ${code('502')} or ${code('504')}`,
              at: episode.onset,
            },
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: EXPLAINED,
          fixes: [],
          facts: { draining: draining.length },
        },
      ],
      text``,
    );
  },
});

/** Of a task ECS tells how long it has to end, of a pod nobody does. */
const UNSEEN_END = text`AWS does not show how long a pod goes on after its signal to stop: 30 s at most, unless it is told otherwise`;

type Finding = Found<'loadBalancerMetrics' | 'targetHealth', keyof RolloutEvidence | 'targetHealth'>;

function longer(arn: string, tags: Readonly<Record<string, string>>): Remedy {
  return {
    does: text`let the process behind ${resource(groupName(arn))} serve on for some seconds after SIGTERM and finish what it has; then set its stop timeout and the deregistration delay above the slowest request`,
    run: null,
    changes: true,
    undo: null,
    verify: ['aws', 'elbv2', 'describe-target-group-attributes', '--target-group-arn', arn],
    ...managedByField(tags),
  };
}
