import type { Counts } from '../../../computed/counts.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, count, partOf, resource, type Time, text, time } from '../../../incident/text.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { look } from '../../../remedies/remedy.ts';
import { mendByHand } from '../../../remedies/target-group.ts';
import type { CountRise } from '../../../semantics/errors/count-rise.ts';
import { hasOwnCheckPort } from '../../../semantics/targets/ports-in-use.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import { TARGET_ANSWERS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { formerGroups } from './former-group.ts';

/** Seconds: metrics are of whole minutes. */
const SLACK = 120;

interface Incident {
  readonly errors502: number;
  readonly onset: Time;
  /** What the load balancer answered itself with 4xx beyond what it always does. */
  readonly turnedAway: CountRise | null;
  readonly counts: Counts;
  readonly former: ReturnType<typeof formerGroups>;
}

/** None where targets answer, or connections are not even made. */
export function unreadableAnswers(
  group: TargetGroup,
  targets: readonly Target[],
  { errors502, onset, turnedAway, counts, former }: Incident,
  tags: Tags,
): readonly Found<'targetGroups', 'targetGroups' | 'targetHealth' | 'loadBalancerMetrics'>[] {
  const answered = counts.of(group.arn, ...TARGET_ANSWERS) ?? 0;
  const neverMade = counts.of(group.arn, 'TargetConnectionErrorCount', 'TargetTLSNegotiationErrorCount') ?? 0;
  if (answered > errors502 || 2 * neverMade > errors502) return [];
  if (targets.some(({ state }) => state === 'healthy') && !hasOwnCheckPort(group)) return [];
  const version = code(group.protocolVersion ?? '');
  const allFail = targets.length > 0 && targets.every(({ reason }) => reason === 'Target.FailedHealthChecks');
  const agrees = [
    claim(
      allFail,
      allFail &&
        cite.targetHealth`${targets.length === 1 ? 'its target fails' : text`${partOf(targets.length, targets.length, 'target')} fail`} the health checks: ${code('Target.FailedHealthChecks')}`,
    ),
    claim(
      turnedAway !== null && turnedAway.before !== null && secondsBetween(onset, turnedAway.since) <= SLACK,
      turnedAway &&
        citeAt(turnedAway.since)
          .loadBalancerMetrics`${count(turnedAway.count, 'request')} answered 4xx by the load balancer itself from ${time(turnedAway.since)} on: ${code(464)} would be among those`,
    ),
    claim(answered === 0 && counts.of(group.arn, 'HTTPCode_Target_2XX_Count') !== null),
  ];
  const since = whoCalledSinceDayBefore('ModifyRule', onset);
  const does = text`forward to a target group of protocol version HTTP1, or make the targets speak HTTP/2: the version of a group cannot be changed`;
  return [
    {
      strength: strengthOfClaims({ agrees }),
      says: text`${resource(group.name)} sends ${version} to targets that do not seem to support it`,
      because: [
        cite.targetGroups`the protocol version of ${resource(group.name)} is ${version}${former.says.flat()}`,
        citeAt(onset)
          .loadBalancerMetrics`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, on connections that were made`,
        ...shownBy(agrees),
      ],
      affects: { targetGroups: [group.arn], targets: [] },
      explains: ['502'],
      fixes: [
        ...former.waysBack,
        look(text`see when requests began to go to this group`, since),
        mendByHand(group.arn, tags, does),
      ],
      facts: { targetGroup: group.arn, protocolVersion: group.protocolVersion, errors502 },
    },
  ];
}
