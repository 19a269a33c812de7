import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, inSeconds, resource, text } from '../../../incident/text.ts';
import { settingChange } from '../../../semantics/changes/change-kinds.ts';
import { spreadOf502s } from '../../../semantics/errors/spread-of-502s.ts';
import { trickleOf } from '../../../semantics/errors/trickle.ts';
import { hostsDuring } from '../../../semantics/targets/health-history.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { IDLE_TIMEOUT, idleTimeoutIn } from '../../../semantics/traffic/idle-timeout.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import { groupsWithUnanswered } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, namesOfUnseen, strengthOfClaims } from '../../argue.ts';
import { defineCause, notApplicable, oneFinding, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { logProof } from '../../kit/log-proof.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { concurrentActivity } from './concurrent-activity.ts';
import { keepaliveFixes } from './keepalive-fixes.ts';
import { againstServers, beganWith, healthSaid, isSpread, otherThanRace, raceSaid, seemTo } from './sporadic-502s.ts';

/** For more than a suspicion: at least this many 502s. */
const ENOUGH = 5;
export default defineCause({
  id: 'keepalive-shorter-than-idle-timeout',
  needs: ['errors', 'loadBalancerAttributes', 'loadBalancer', 'targetHealth', 'targetGroups', 'traffic'],
  uses: [
    'routed',
    'targetGroupMetrics',
    'changes',
    'autoScalingGroups',
    'ecsServices',
    'ecsTasks',
    'tags',
    'logEndings',
  ],
  madeBy: [settingChange(/^idle_timeout\.timeout_seconds$/)],

  examine({ errors, targetHealth, targetGroups, traffic, routed, ...seen }, { window, at, readAt }) {
    const networked = targetGroups.filter(({ targetType }) => targetType !== 'lambda').map(({ arn }) => arn);
    const inUse = routed.groups.filter((arn) => networked.includes(arn));
    if (inUse.length === 0) return notApplicable(text`no target is reached over a connection`, 'targetGroups');
    const { episode, span } = errors;
    if (episode === null || errors.count('502') === 0) {
      return ruledOut(text`no request was answered ${code(502)}`, 'loadBalancerMetrics');
    }
    const { every } = errors.metrics.grid;
    if (every !== undefined) {
      const detail = `${every} minutes have one count: in how many of them there was a 502 is not known`;
      return unsure({ evidence: 'loadBalancerMetrics', why: 'partial', detail });
    }
    const log = logProof(seen.logEndings, '502', inUse, errors, { ending: 'closed-at-once', isBesideAnswers: true });
    if (log.denies !== null) return log.denies;
    const isLogged = log.holds;
    const { failedConnections, tlsErrors } = traffic.of(inUse) ?? { failedConnections: 0, tlsErrors: 0 };
    const race = { ...spreadOf502s(errors, episode, window.from), notMade: failedConnections + tlsErrors };
    const otherwise = isLogged ? null : otherThanRace(race);
    if (otherwise !== null) return ruledOut(otherwise, 'loadBalancerMetrics');
    if (traffic.answeredAll(inUse)) {
      return ruledOut(text`the ${code(502)}s come from elsewhere: the targets of ${groupsSaid(inUse)} answered`);
    }

    const byGroup = ifSeen(seen.targetGroupMetrics);
    const groups = groupsWithUnanswered(inUse, byGroup, span);
    const targets = targetHealth.filter((target) => groups.includes(target.targetGroup));
    const healthy = targets.filter(({ state }) => state === 'healthy').length;
    const unsteady = targets.find(({ state }) => state !== 'healthy' && state !== 'unused');
    if (unsteady !== undefined) {
      return ruledOut(text`not all targets are healthy: ${resource(unsteady.id)} is ${code(unsteady.state)}`);
    }
    const hosts = groups.map((arn) => hostsDuring(arn, byGroup, span));
    if (hosts.includes('changed'))
      return ruledOut(text`targets failed, or were registered or deregistered, in the same minutes`);

    const { moved, unseen } = concurrentActivity(seen, episode.onset, at);
    const idle = idleTimeoutIn(seen.loadBalancerAttributes);
    const change = isLogged ? null : beganWith(race, moved, idle);
    if (change !== null) return ruledOut(change);
    const agrees = [
      assumption(race.errors502 >= ENOUGH && race.lasts, text`whether it was so before`),
      assumption(isSpread(race), text`errors in few of the minutes`),
      assumption(!hosts.includes('unseen'), text`that all targets were healthy throughout`),
      assumption(race.notMade === 0, text`${count(race.notMade, 'failed connection')}`),
      assumption(trickleOf(errors, '502') === null, text`so few among the requests`),
      ...unseen.map((what) => assumption(false, text`${what} not seen`)),
      ...moved.map((what) => assumption(false, text`${what} in the same time`)),
    ];
    const doubts = namesOfUnseen(agrees);
    const few = andList(
      groups.map((arn) => resource(groupName(arn))),
      3,
    );
    const { arn } = seen.loadBalancer;
    const tagged = { arn, tags: ifSeen(seen.tags)?.[arn] };
    const { errors502, ill, minutes, rate } = race;
    return oneFinding({
      strength: strengthOfClaims({ proves: log, agrees }),
      says: text`Targets of ${few} ${seemTo(isLogged, doubts.length)}close idle connections before the load balancer does (${inSeconds(idle)})`,
      because: [
        cite.loadBalancerMetrics`${raceSaid(race)}`,
        cite.targetHealth`${healthSaid(targets, healthy, at, readAt)}`,
        cite.loadBalancerAttributes`${code(IDLE_TIMEOUT)} is ${code(idle)}${againstServers(idle)}`,
        ...log.shows,
        !isLogged &&
          cite.loadBalancerMetrics`crashing processes, and targets that leave before their requests end, look the same${doubts.length === 0 ? ': none of that was seen' : text`; not certain: ${andList(doubts, 8)}`}`,
      ],
      affects: { targetGroups: groups, targets: [] },
      explains: ['502'],
      fromAbsence: !isLogged,
      fixes: keepaliveFixes(idle, slowestAnswer(errors.metrics.values, span), tagged),
      facts: { idleTimeout: idle, errors502, minutesWithErrors: ill, minutes, rate },
    });
  },
});
