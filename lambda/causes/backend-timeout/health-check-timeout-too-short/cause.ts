import type { HealthCheckLog, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, inSeconds, resource, text } from '../../../incident/text.ts';
import { longerCheck, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { settingChange } from '../../../semantics/changes/change-kinds.ts';
import { limitReached } from '../../../semantics/load/target-load.ts';
import { loggedChecks } from '../../../semantics/logs/logged-checks.ts';
import { comesOrGoes, failsChecks, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, claim, doubtsIn, strengthOfClaims } from '../../argue.ts';
import { defineCause, type Found, foundOr, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { takenAway } from '../../kit/ecs-words.ts';
import { answersSaid, goodAnswersOf } from './answers-to-users.ts';

/** Answers to users this near the check's timeout make a health page that exceeds it likely. */
const NEAR = 0.75;
/** Fewer checks that time out may be a moment's. */
const SOME = 3;

export default defineCause({
  id: 'health-check-timeout-too-short',
  needs: ['targetHealth', 'targetGroups', 'errors', 'traffic', 'paths', 'load'],
  uses: ['routed', 'targetGroupMetrics', 'tags', 'takenTargets', 'healthCheckLog'],
  breaksHealthChecks: true,
  madeBy: [settingChange(/^healthCheck(Path|TimeoutSeconds|IntervalSeconds)$/)],
  fromHealthChecks: true,

  examine({ targetHealth, targetGroups, errors, traffic, paths, load, ...seen }, { window }) {
    const isTimedOut = ({ reason, targetGroup }: Target) => reason === 'Target.Timeout' && seen.routed.has(targetGroup);
    const timedOut = targetHealth.filter(isTimedOut);
    const gone = takenAway(seen.takenTargets, 'Target.Timeout');
    if (timedOut.length === 0 && gone !== undefined) return unsure(gone);
    if (timedOut.length === 0) return ruledOut(text`no health check ends in ${code('Target.Timeout')}`, 'targetHealth');

    const findings = targetGroups.flatMap((group): Finding[] => {
      const failing = targetsOf(timedOut, group.arn);
      const registered = targetsOf(targetHealth, group.arn);
      const answers = goodAnswersOf(group, traffic, ifSeen(seen.targetGroupMetrics), errors);
      const [path, busy] = [paths.to(failing), load.of(failing)];
      if (answers === null || !isEverySettled(failing, registered)) return [];
      if (path === 'blocked' || limitReached(busy) !== null || busy.credits === 'exhausted') return [];

      const { answered, requests, slowest, usuallySlowest, beforeSeen } = answers;
      const agrees = [
        assumption(!failing.some(isCheckedApart), text`whether anything answers on the checked port`),
        assumption(path === 'open', text`the network path`),
        assumption(busy.cpu !== null, text`CPU`),
        assumption(busy.memory !== null, text`memory`),
        assumption(busy.credits !== null, text`CPU credits`),
        assumption(load.surges === false, text`whether requests surged`),
        assumption(beforeSeen, text`how fast responses were before`),
        assumption((usuallySlowest ?? 0) >= NEAR * timeoutOf(group), text`responses near the health check timeout`),
      ];
      const checked = slowChecks(group, failing, ifSeen(seen.healthCheckLog));
      return [
        {
          strength: strengthOfClaims({ proves: checked, agrees }),
          says: text`The health page of ${resource(group.name)} takes longer than the health check timeout of ${inSeconds(timeoutOf(group))}; requests are answered`,
          because: [
            cite.targetHealth`health checks of ${andList(failing.map(({ id }) => resource(id)))} on ${code(group.healthCheck.path ?? '/')} end in ${code('Target.Timeout')}`,
            { from: answers.from, shows: answersSaid(answers) },
            cite.targetGroups`the health check timeout is ${inSeconds(timeoutOf(group))}`,
            ...checked.shows,
            ...(checked.holds ? [] : doubtsIn('targetHealth', agrees)),
          ],
          affects: scopeOf(failing),
          // Targets come and go now: then requests that were on their way to them end in 502.
          explains: registered.some(comesOrGoes) ? ['502', '503'] : ['503'],
          restsOn: TRAFFIC_METRICS,
          fixes: [
            longerCheck(group, timeoutOf(group), slowest, ifSeen(seen.tags)?.[group.arn]),
            whoChangedHealthCheck(window.from),
          ],
          facts: { targetGroup: group.arn, timeout: timeoutOf(group), slowest, answered, requests },
        },
      ];
    });
    return foundOr(findings, text`targets whose health checks time out are also slow for users, or get no requests`);
  },
});

type Finding = Found<
  'targetHealth',
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'healthCheckLog'
>;

/** Checks that time out beside others that pass just in time: the page answers, and too late. */
function slowChecks(group: TargetGroup, failing: readonly Target[], log: HealthCheckLog | undefined) {
  if (log === undefined) return claim(false);
  const { timedOut, slowestPassed } = loggedChecks(log, group, failing);
  if (timedOut < SOME || slowestPassed === null || slowestPassed < NEAR * timeoutOf(group)) return claim(false);
  return claim(
    true,
    cite.healthCheckLog`${count(timedOut, 'check')} of these targets timed out, and of those that passed the slowest took ${inSeconds(slowestPassed)}`,
  );
}

/** While a healthy target is left, the failing ones get no requests: answers then say nothing of them. */
function isEverySettled(failing: readonly Target[], registered: readonly Target[]): boolean {
  const settled = registered.filter((target) => target.state === 'healthy' || failsChecks(target));
  return failing.length > 0 && failing.length >= settled.length;
}

function isCheckedApart({ port, healthCheckPort }: Target): boolean {
  return healthCheckPort !== null && healthCheckPort !== port;
}

function timeoutOf({ healthCheck }: TargetGroup): number {
  return healthCheck.timeoutSeconds ?? 5;
}
