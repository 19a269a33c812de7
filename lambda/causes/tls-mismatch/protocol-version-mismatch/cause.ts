import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, resource, text, time } from '../../../incident/text.ts';
import { protocolVersion } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import { groupCountOf } from '../../../semantics/traffic/counts-by-group.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { routingTo } from '../../kit/changes.ts';

const ANSWERS = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
] as const;

/** Seconds: metrics are of whole minutes. */
const SLACK = 120;

export default defineCause({
  id: 'protocol-version-mismatch',
  needs: ['loadBalancerMetrics', 'targetGroups', 'listenerRules'],
  uses: ['targetGroupMetrics', 'targetHealth', 'tags'],
  madeBy: [routingTo],
  inCluster: { mends: [protocolVersion] },

  examine(
    { loadBalancerMetrics: metrics, targetGroups, listenerRules, targetGroupMetrics, targetHealth, tags },
    { window },
  ) {
    const routed = routedGroups(listenerRules);
    const newer = targetGroups.filter(
      ({ arn, protocolVersion }) => routed.includes(arn) && ['HTTP2', 'GRPC'].includes(protocolVersion ?? ''),
    );
    if (newer.length === 0) {
      return notApplicable(
        text`every target group that gets requests speaks HTTP/1.1`,
        'targetGroups',
        'listenerRules',
      );
    }
    const episode = errorEpisode(metrics, window);
    const errors502 = episode ? errorsInEpisode(errorSeries(metrics), '502', episode) : 0;
    if (episode === null || errors502 === 0) {
      return ruledOut(text`no request was answered ${code(502)}`, 'loadBalancerMetrics');
    }
    const counts = { metrics, groupMetrics: ifSeen(targetGroupMetrics), routed };
    const turnedAway = riseOf(withZeros(metrics, 'HTTPCode_ELB_4XX_Count'), episode);
    const fromOnset = turnedAway !== null && secondsBetween(episode.onset, turnedAway.since) <= SLACK;

    const findings = newer.flatMap(
      (group): Found<'targetGroups', 'targetGroups' | 'targetHealth' | 'loadBalancerMetrics'>[] => {
        const of = (name: Parameters<typeof groupCountOf>[0]): number =>
          groupCountOf(name, group.arn, episode.span, counts) ?? 0;
        const answered = ANSWERS.reduce((sum, name) => sum + of(name), 0);
        const neverMade = of('TargetConnectionErrorCount') + of('TargetTLSNegotiationErrorCount');
        if (answered > errors502 || 2 * neverMade > errors502) return [];
        const targets = targetsOf(ifSeen(targetHealth) ?? [], group.arn).filter(isUsable);
        if (targets.some(({ state }) => state === 'healthy') && !checkedApart(group)) return [];
        const allFail = targets.length > 0 && targets.every(answersUnreadably);
        const sole = groupCountOf('HTTPCode_Target_2XX_Count', group.arn, episode.span, counts) !== null;
        return [
          {
            strength: allFail && fromOnset && sole && answered === 0 ? 'strong' : 'circumstantial',
            says: text`${resource(group.name)} speaks ${code(group.protocolVersion ?? '')} to targets that do not seem to`,
            because: [
              {
                from: 'targetGroups',
                shows: text`the protocol version of ${resource(group.name)} is ${code(group.protocolVersion ?? '')}`,
              },
              {
                from: 'loadBalancerMetrics',
                shows: text`${count(errors502, 'request')} answered ${code(502)} since ${time(episode.onset)}, on connections that were made`,
                at: episode.onset,
              },
              ...(allFail
                ? [
                    {
                      from: 'targetHealth' as const,
                      shows: text`${targets.length === 1 ? 'its target fails' : text`its ${targets.length} targets all fail`} the health checks: ${code('Target.FailedHealthChecks')}`,
                    },
                  ]
                : []),
              ...(turnedAway === null
                ? []
                : [
                    {
                      from: 'loadBalancerMetrics' as const,
                      shows: text`${count(turnedAway.count, 'request')} answered 4xx by the load balancer itself from ${time(turnedAway.since)} on: ${code(464)} would be among those`,
                      at: turnedAway.since,
                    },
                  ]),
            ],
            affects: { targetGroups: [group.arn], targets: [] },
            explains: ['502'],
            fixes: [
              {
                does: text`see since when requests go to this group`,
                run: whoCalled('ModifyRule', plusSeconds(episode.onset, -24 * 3600)),
                changes: false,
                undo: null,
                verify: null,
              },
              {
                does: text`forward to a target group of protocol version HTTP1, or make the targets speak HTTP/2: the version of a group cannot be changed`,
                run: null,
                changes: true,
                undo: null,
                verify: showHealth(group.arn),
                ...managedByField(ifSeen(tags)?.[group.arn] ?? {}),
              },
            ],
            facts: { targetGroup: group.arn, protocolVersion: group.protocolVersion, errors502 },
          },
        ];
      },
    );
    return foundOr(
      findings,
      text`targets answer in the protocol version of their group, or their errors come from elsewhere`,
    );
  },
});

/** Health checks on another port say nothing about the one that gets the requests. */
function checkedApart({ healthCheck }: TargetGroup): boolean {
  return healthCheck.port !== null && healthCheck.port !== 'traffic-port';
}

function answersUnreadably({ reason }: Target): boolean {
  return reason === 'Target.FailedHealthChecks';
}
