import type { RequestTally } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, text } from '../../../incident/text.ts';
import { fix } from '../../../remedies/remedy.ts';
import { trickleOf } from '../../../semantics/errors/trickle.ts';
import { disksAtLimit, isReachedByOnset } from '../../../semantics/load/disk-limits.ts';
import { isIdleTimeout } from '../../../semantics/logs/endings.ts';
import { isUsable } from '../../../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { paceOf } from '../../../semantics/traffic/answer-pace.ts';
import { connectionErrorsIn } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { idleTimeoutAt } from '../../../semantics/traffic/idle-timeout.ts';
import { type COUNTED_BY, groupsWithUnanswered } from '../../../semantics/traffic/target-traffic.ts';
import { claim, doubtsIn, shownBy, strengthOfClaims } from '../../argue.ts';
import { type Answer, oneFinding, ruledOut } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import { disksSaid } from '../../kit/disk-words.ts';
import { logProof } from '../../kit/log-proof.ts';
import { hungInstead, otherTimeouts } from './other-timeouts.ts';
import { loadClaims } from './room-left.ts';
import { onlyOf, type SlowGroups, type SlowSeen } from './slow-groups.ts';
import { paceClaim, reachedSaid, settingClaim, timeoutFixes, tooLateSaid } from './timeout-setting.ts';

type Needed = 'loadBalancerMetrics' | 'loadBalancerAttributes' | 'loadBalancer';
type Cites = Needed | (typeof COUNTED_BY)[number] | 'changes' | 'instanceMetrics' | 'serviceMetrics' | 'accessLog';

/** Whether the targets of these groups answer later than the load balancer waits. */
export function lateAnswers({ groups, errors, isPart }: SlowGroups, seen: SlowSeen): Answer<Needed, Cites> {
  const { load, traffic } = seen;
  const { arn } = seen.loadBalancer;
  const { all, onHosts } = groups;
  const { episode, span } = errors;
  const errors504 = errors.count('504');
  if (episode === null || errors504 === 0)
    return ruledOut(text`no request was answered ${code('504')}`, 'loadBalancerMetrics');
  const { onset } = episode;
  const metrics = ifSeen(seen.targetGroupMetrics);
  const byGroup = isPart ? onlyOf(metrics, all) : metrics;
  const setting = idleTimeoutAt(episode, arn, seen.loadBalancerAttributes, ifSeen(seen.changes));
  const waited = ({ lasted }: RequestTally) => isIdleTimeout(lasted, setting.seconds);
  const log = logProof(seen.logEndings, '504', all, errors, { ending: 'silent', where: waited, isBesideAnswers: true });
  const isLogged = log.holds;
  const otherwise = log.denies ?? (isLogged ? null : otherTimeouts(errors, byGroup));
  if (otherwise !== null) return otherwise;

  const pace = paceOf(groups, errors, byGroup, setting.seconds);
  const inUse = (ifSeen(seen.targetHealth) ?? []).filter((one) => all.includes(one.targetGroup) && isUsable(one));
  const hung = hungInstead(inUse, pace, byGroup, onset);
  if (hung !== null) return ruledOut(hung);

  const affected = pace.nearIn.length > 0 ? pace.nearIn : groupsWithUnanswered(onHosts, byGroup, span);
  const slow = inUse.filter(({ targetGroup }) => affected.includes(targetGroup));
  const behind = slow.map(({ id }) => id);
  const instances = ifSeen(seen.instanceMetrics);
  const disks = disksAtLimit(behind, instances, span).filter((limit) => isReachedByOnset(limit, span.first));
  const isFull = disks.some(({ is }) => is === 'full');
  const spent = disks.flatMap(({ is, instanceId }) => (is === 'full' ? [] : instanceId));
  const ids = [...new Set(spent)];
  const connections = connectionErrorsIn(errors.metrics, span) ?? 0;
  const isMany = claim<'loadBalancerMetrics'>(trickleOf(errors, '504') === null);
  const room = loadClaims(slow, { errors, load, traffic, byGroup, instances, limits: disks }, setting, pace);
  const isRoomLeft = room.every(({ holds }) => holds !== false) && !isFull;
  const failedShare = errors504 / Math.max(1, sumOf(valuesIn(errors.requests, span)) ?? 0);
  const agrees = [paceClaim(pace, setting), settingClaim(setting, episode), isMany, claim(!isFull), ...room];
  return oneFinding({
    strength: strengthOfClaims({ proves: log, agrees }),
    says: tooLateSaid(setting, errors504, pace.nearIn),
    because: [
      citeAt(onset).loadBalancerMetrics`${reachedSaid(errors504, onset, connections)}`,
      ...log.shows,
      ...shownBy(agrees),
      ...disksSaid(disks),
      ...(isLogged ? [] : doubtsIn('loadBalancerMetrics', agrees)),
    ],
    affects: { targetGroups: affected, targets: [] },
    explains: ['504'],
    fromAbsence: !isLogged,
    fixes: [
      ids.length > 0 &&
        fix(
          text`relieve the disks of ${andList(ids.map(resource))}: stop what reads and writes most, or move to a larger instance type`,
        ),
      ...timeoutFixes(setting, pace, isRoomLeft, { onset, failedShare }, { arn, tags: ifSeen(seen.tags)?.[arn] }),
    ],
    restart: {
      says: text`it clears what has piled up in the application. It does not help where that waits for a slow database or another service`,
      ifAllFail: true,
    },
    facts: { idleTimeout: setting.seconds, slowest: pace.slowest, errors504, failedConnections: connections },
  });
}
