import type { ErrorKind, Strength } from '../../../incident/cause.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, text, time } from '../../../incident/text.ts';
import { tlsBackend } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { provenProtocol } from '../../../semantics/targets/health-check-answers.ts';
import { codesIn, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { groupCountOf } from '../../../semantics/traffic/counts-by-group.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { routingTo } from '../../kit/changes.ts';

/** Where servers speak TLS by custom. */
const TLS_PORTS = [443, 8443];

export default defineCause({
  id: 'tls-on-http-target-group',
  needs: ['loadBalancerMetrics', 'targetGroups', 'targetHealth', 'listenerRules'],
  uses: ['targetGroupMetrics', 'tags'],
  madeBy: [routingTo],
  inCluster: { mends: [tlsBackend] },

  examine(
    { loadBalancerMetrics: metrics, targetGroups, targetHealth, listenerRules, targetGroupMetrics, tags },
    { window },
  ) {
    const routed = routedGroups(listenerRules);
    const plain = targetGroups.filter(({ arn, protocol }) => protocol === 'HTTP' && routed.includes(arn));
    if (plain.length === 0) return notApplicable(text`no target group that gets requests speaks plain HTTP`);
    const suspects = plain
      .map((group) => suspectOf(group, targetsOf(targetHealth, group.arn).filter(isUsable)))
      .filter(({ targets }) => targets.length > 0);
    if (suspects.length === 0) return ruledOut(text`no port that gets plain HTTP looks like one that speaks TLS`);

    const episode = errorEpisode(metrics, window);
    const errors502 = episode ? errorsInEpisode(errorSeries(metrics), '502', episode) : 0;
    const counts = { metrics, groupMetrics: ifSeen(targetGroupMetrics), routed };
    const findings = suspects.flatMap(
      ({
        group,
        targets,
        proven,
      }): Found<'targetGroups', 'targetHealth' | 'targetGroups' | 'loadBalancerMetrics'>[] => {
        const of = (name: 'HTTPCode_Target_2XX_Count' | 'HTTPCode_Target_3XX_Count' | 'TargetConnectionErrorCount') =>
          episode === null ? 0 : (groupCountOf(name, group.arn, episode.span, counts) ?? 0);
        const answered = of('HTTPCode_Target_2XX_Count') + of('HTTPCode_Target_3XX_Count');
        const closed = errors502 > 2 * of('TargetConnectionErrorCount');
        const answers400 = targets.some(({ description }) => codesIn(description).includes(400));
        if (answered > errors502 || !(closed || answers400)) return [];
        const strength: Strength = proven && closed && answered === 0 ? 'decisive' : 'circumstantial';
        const ports = [...new Set(targets.map(({ port }) => port ?? group.port ?? 0))];
        return [
          {
            strength,
            says: text`${resource(group.name)} sends plain HTTP to port ${listed(ports.map(code))}${proven ? ', which speaks TLS' : ', where TLS is customary'}`,
            because: [
              { from: 'targetGroups', shows: text`the protocol of ${resource(group.name)} is ${code('HTTP')}` },
              ...(proven
                ? [
                    {
                      from: 'targetHealth' as const,
                      shows: text`health checks over HTTPS pass on that port of ${listed(targets.map(({ id }) => resource(id)))}`,
                    },
                  ]
                : []),
              ...(answers400
                ? [
                    {
                      from: 'targetHealth' as const,
                      shows: text`plain HTTP health checks are answered ${code(400)}, as servers answer plain HTTP on a TLS port`,
                    },
                  ]
                : []),
              ...(closed && episode
                ? [
                    {
                      from: 'loadBalancerMetrics' as const,
                      shows: text`${count(errors502, 'request')} answered ${code(502)} since ${time(episode.onset)}, most of them on connections that were made`,
                      at: episode.onset,
                    },
                  ]
                : []),
            ],
            affects: scopeOf(targets),
            explains: ['502'] satisfies ErrorKind[],
            fixes: [
              {
                does: text`see who made or changed the group or its targets`,
                run: whoCalled('CreateTargetGroup', plusSeconds(episode?.onset ?? window.from, -24 * 3600)),
                changes: false,
                undo: null,
                verify: null,
              },
              {
                does: text`forward to a new target group of protocol HTTPS, or register the targets of ${resource(group.name)} on the port where they speak plain HTTP`,
                run: null,
                changes: true,
                undo: null,
                verify: showHealth(group.arn),
                ...managedByField(ifSeen(tags)?.[group.arn] ?? {}),
              },
            ],
            facts: { targetGroup: group.arn, ports, errors502 },
          },
        ];
      },
    );
    return foundOr(findings, text`targets answer on the ports that get plain HTTP`);
  },
});

/** Targets of a plain HTTP group that speak TLS for sure or, where none do, sit on a port where servers mostly do. */
function suspectOf(group: TargetGroup, targets: readonly Target[]) {
  const proven = targets.filter((target) => provenProtocol(target, group) === 'HTTPS');
  if (proven.length > 0) return { group, targets: proven, proven: true };
  const customary = targets.filter(
    (target) => TLS_PORTS.includes(target.port ?? group.port ?? 0) && provenProtocol(target, group) !== 'HTTP',
  );
  return { group, targets: customary, proven: false };
}
