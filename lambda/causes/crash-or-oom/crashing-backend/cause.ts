import type { ErrorKind } from '../../../incident/cause.ts';
import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { haveAnsweredAll } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { instanceCall, rollout } from '../../kit/changes.ts';
import { groupsAsked, namesOf, stopsNotSeen } from '../../kit/ecs-words.ts';
import { exitedTasks } from './exited-tasks.ts';
import { rebootedByThemselves } from './restarted-instances.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503'];
/** Times that targets of a group were lost: once is an event, twice a pattern. */
const OSCILLATES = 2;

export default defineCause({
  id: 'crashing-backend',
  needs: ['loadBalancerMetrics', 'ecsTasks', 'ecsServices'],
  uses: [
    'targetGroupMetrics',
    'targetGroups',
    'listenerRules',
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

  examine(seen, { window, readAt }) {
    const { ecsServices, ecsTasks, loadBalancerMetrics } = seen;
    const episode = errorEpisode(loadBalancerMetrics, window);
    if (episode === null) return ruledOut(text`no request was answered 5xx`, 'loadBalancerMetrics');
    const routed = groupsAsked(seen.targetGroups, seen.listenerRules);
    const rebooted = rebootedByThemselves(seen, routed, episode);
    const services = servicesInUse(ecsServices, ecsTasks, routed);
    const series = errorSeries(loadBalancerMetrics);
    const errors = errorsOfKinds(series, EXPLAINED);
    if (rebooted.length === 0 && (sumOf(valuesIn(errors, episode.span)) ?? 0) === 0) {
      return ruledOut(text`no request was answered ${code('502')} or ${code('503')}`, 'loadBalancerMetrics');
    }

    const exited = services.flatMap((inUse) => exitedTasks(inUse, episode, errors, readAt));
    if (exited.length + rebooted.length > 0) return foundOr([...exited, ...rebooted], text``);
    const inTasks = new Set(services.flatMap(({ groups }) => groups));
    const groups = routed.filter((arn) => !inTasks.has(arn));
    const errors502 = errorsInEpisode(series, '502', episode);
    const restless = groups.filter((arn) => fallsIn(ifSeen(seen.targetGroupMetrics), arn, episode) >= OSCILLATES);
    if (restless.length > 0 && errors502 > 0) return foundOr([oscillating(restless, errors502, episode)], text``);

    const [hidden] = stopsNotSeen(services, episode, readAt);
    if (hidden !== undefined) return unsure(hidden);
    if (services.length > 0) {
      return ruledOut(text`no essential container of an ECS task exited by itself in these minutes`);
    }
    const targetGroups = ifSeen(seen.targetGroups);
    if (targetGroups !== undefined) {
      const functions = targetGroups.filter(({ targetType }) => targetType === 'lambda').map(({ arn }) => arn);
      const onHosts = groups.filter((arn) => !functions.includes(arn));
      if (onHosts.length === 0) return notApplicable(text`only functions get requests`);
      const answered = haveAnsweredAll(onHosts, { ...seen, targetGroups }, episode.span);
      if (answered && errorsInEpisode(series, '503', episode) === 0) {
        return ruledOut(text`the targets of ${namesOf(onHosts)} answered all that was sent to them`);
      }
    }
    // A process that a supervisor restarts within a second leaves no other trace than its 502s.
    const detail = 'AWS does not show the processes of targets, nor whether one ended';
    return unsure({ evidence: 'targetHealth', why: 'partial', detail });
  },
});

type Oscillating = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'targetGroupMetrics'>;

/** How often fewer of its targets were healthy than a minute before. */
function fallsIn(metrics: MetricsById<TargetGroupMetric> | undefined, arn: string, { span }: EpisodeSpan): number {
  const healthy = metrics?.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'];
  const around = valuesIn(healthy, { first: span.first - 2, last: span.last });
  const levels = around.filter((value) => value !== null);
  return levels.filter((value, index) => index > 0 && value < (levels[index - 1] ?? 0)).length;
}

function oscillating(groups: readonly string[], errors502: number, { onset }: EpisodeSpan): Oscillating {
  const names = namesOf(groups);
  return {
    strength: 'circumstantial',
    says: text`Targets of ${names} go down and come back: processes may crash and restart`,
    because: [
      {
        from: 'loadBalancerMetrics',
        shows: text`${count(errors502, 'request')} answered ${code('502')} since ${time(onset)}`,
        at: onset,
      },
      {
        from: 'targetGroupMetrics',
        shows: text`${code('HealthyHostCount')} of ${names} fell ${OSCILLATES} times or more in these minutes`,
      },
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: EXPLAINED,
    fixes: [
      {
        does: text`see on a target how long its process has run, and why the one before ended`,
        run: null,
        changes: false,
        undo: null,
        verify: showHealth(groups[0] ?? ''),
      },
    ],
    facts: { groups },
  };
}
