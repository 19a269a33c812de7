import type { Counts } from '../../../computed/counts.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, count, resource, type Time, text, time } from '../../../incident/text.ts';
import { showHealth, whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { managerOf, type Tags } from '../../../remedies/owner.ts';
import { fix, look, type Remedy } from '../../../remedies/remedy.ts';
import type { CountRise } from '../../../semantics/errors/count-rise.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import { TARGET_ANSWERS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** Seconds: metrics are of whole minutes. */
const SLACK = 120;

type Finding = Found<'targetGroups', 'targetGroups' | 'targetHealth' | 'loadBalancerMetrics'>;

interface Incident {
  readonly errors502: number;
  readonly onset: Time;
  /** What the load balancer answered itself with 4xx beyond what it always does. */
  readonly turnedAway: CountRise | null;
  readonly counts: Counts;
}

/** None where targets answer, or connections are not even made. */
export function unreadableAnswers(
  group: TargetGroup,
  targets: readonly Target[],
  { errors502, onset, turnedAway, counts }: Incident,
  tags: Tags,
): readonly Finding[] {
  const answered = counts.of(group.arn, ...TARGET_ANSWERS) ?? 0;
  const neverMade = counts.of(group.arn, 'TargetConnectionErrorCount', 'TargetTLSNegotiationErrorCount') ?? 0;
  if (answered > errors502 || 2 * neverMade > errors502) return [];
  if (targets.some(({ state }) => state === 'healthy') && !isCheckedApart(group)) return [];
  const version = code(group.protocolVersion ?? '');
  const allFail = targets.length > 0 && targets.every(({ reason }) => reason === 'Target.FailedHealthChecks');
  const agrees = [
    claim(
      allFail,
      allFail &&
        cite.targetHealth`${targets.length === 1 ? 'its target fails' : text`its ${targets.length} targets all fail`} the health checks: ${code('Target.FailedHealthChecks')}`,
    ),
    claim(
      turnedAway !== null && secondsBetween(onset, turnedAway.since) <= SLACK,
      turnedAway &&
        citeAt(turnedAway.since)
          .loadBalancerMetrics`${count(turnedAway.count, 'request')} answered 4xx by the load balancer itself from ${time(turnedAway.since)} on: ${code(464)} would be among those`,
    ),
    claim(answered === 0 && counts.of(group.arn, 'HTTPCode_Target_2XX_Count') !== null),
  ];
  return [
    {
      strength: strengthOfClaims({ agrees }),
      says: text`${resource(group.name)} speaks ${version} to targets that do not seem to`,
      because: [
        cite.targetGroups`the protocol version of ${resource(group.name)} is ${version}`,
        citeAt(onset)
          .loadBalancerMetrics`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, on connections that were made`,
        ...shownBy(agrees),
      ],
      affects: { targetGroups: [group.arn], targets: [] },
      explains: ['502'],
      fixes: fixesFor(group.arn, onset, tags),
      facts: { targetGroup: group.arn, protocolVersion: group.protocolVersion, errors502 },
    },
  ];
}

/** Health checks on another port say nothing about the one that gets the requests. */
function isCheckedApart({ healthCheck: { port } }: TargetGroup): boolean {
  return port !== null && port !== 'traffic-port';
}

function fixesFor(arn: string, onset: Time, tags: Tags): readonly Remedy[] {
  const who = whoCalledSinceDayBefore('ModifyRule', onset);
  const does = text`forward to a target group of protocol version HTTP1, or make the targets speak HTTP/2: the version of a group cannot be changed`;
  return [
    look(text`see since when requests go to this group`, who),
    fix(does, { verify: showHealth(arn), managedBy: managerOf(tags) }),
  ];
}
