import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { plainBackend } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { backendPolicy } from '../../../semantics/targets/backend-tls-policy.ts';
import { provenProtocol } from '../../../semantics/targets/health-check-answers.ts';
import { scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { countOfAll, groupsWith } from '../../../semantics/traffic/counts-by-group.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { listenerChange, rollout } from '../../kit/changes.ts';

/** From this share of the errors on, failed handshakes are of their order. */
const MANY = 0.5;

export default defineCause({
  id: 'tls-handshake-failing',
  needs: ['loadBalancerMetrics', 'targetGroups'],
  uses: ['targetGroupMetrics', 'targetHealth', 'listeners', 'listenerRules', 'tags'],
  setOffBy: [listenerChange, rollout],
  inCluster: { mends: [plainBackend] },

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, targetGroups, targetGroupMetrics, targetHealth, listeners, tags } = seen;
    const https = targetGroups.filter(({ protocol }) => protocol === 'HTTPS');
    if (https.length === 0) return notApplicable(text`no target group speaks HTTPS to its targets`, 'targetGroups');

    const routed = routedGroups(ifSeen(seen.listenerRules) ?? []);
    const counts = { metrics, groupMetrics: ifSeen(targetGroupMetrics), routed };
    const episode = errorEpisode(metrics, window);
    const failed = episode && riseOf(countOfAll('TargetTLSNegotiationErrorCount', counts), episode);
    if (episode === null || failed === null) {
      return ruledOut(text`TLS handshakes with targets did not begin to fail`, 'loadBalancerMetrics');
    }

    const own = groupsWith('TargetTLSNegotiationErrorCount', episode.span, counts);
    const groups = https.filter(({ arn }) => (own.length > 0 ? own.includes(arn) : !routed[0] || routed.includes(arn)));
    const spoken = groups.flatMap((group) =>
      targetsOf(ifSeen(targetHealth) ?? [], group.arn).map((target) => ({
        target,
        speaks: provenProtocol(target, group),
      })),
    );
    const plain = spoken.filter(({ speaks }) => speaks === 'HTTP').map(({ target }) => target);
    const slow = spoken.length > 0 && spoken.every(({ target, speaks }) => speaks === 'HTTPS' || timesOut(target));
    const series = errorSeries(metrics);
    const errors = errorsInEpisode(series, '502', episode) + errorsInEpisode(series, '504', episode);
    const many = errors > 0 && failed.count >= MANY * errors;
    const policy = backendPolicy(ifSeen(listeners));

    return foundOr(
      [
        {
          strength: !many || slow ? 'circumstantial' : plain.length > 0 ? 'decisive' : 'strong',
          says: headline(groups, plain),
          since: failed.since,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(failed.count, 'TLS handshake')} with targets failed from ${time(failed.since)} on, against ${count(errors, 'request')} answered ${code(502)} or ${code(504)}`,
              at: failed.since,
            },
            ...plainProof(plain),
            ...(slow
              ? [
                  {
                    from: 'targetHealth' as const,
                    shows: text`health checks pass or time out, none is refused: handshakes may only be slow`,
                  },
                ]
              : []),
            ...(policy === null
              ? []
              : [
                  { from: 'listeners' as const, shows: text`towards targets the load balancer offers ${code(policy)}` },
                ]),
          ],
          affects: plain.length > 0 ? scopeOf(plain) : { targetGroups: groups.map(({ arn }) => arn), targets: [] },
          explains: ['502', '504'],
          fixes: groups
            .slice(0, 2)
            .flatMap((group) => fixesFor(group, policy, plain.length > 0, failed.since, ifSeen(tags)?.[group.arn])),
          facts: { failedHandshakes: failed.count, errors, backendPolicy: policy },
        },
      ],
      text``,
    );
  },
});

/** A target that shares no version or cipher refuses at once; one that has no time for handshakes lets checks time out. */
function timesOut({ reason, healthCheckPort, port }: Target): boolean {
  return reason === 'Target.Timeout' && healthCheckPort === port;
}

function headline(groups: readonly TargetGroup[], plain: readonly Target[]): Text {
  const names = listed(groups.map(({ name }) => resource(name)));
  const [first] = plain;
  if (first === undefined) return text`Targets of ${names} do not complete the TLS handshake`;
  return text`${names} ${groups.length === 1 ? 'speaks' : 'speak'} HTTPS to port ${code(first.port ?? 0)}, which answers in plain HTTP`;
}

function plainProof(plain: readonly Target[]) {
  const [first] = plain;
  if (first === undefined) return [];
  const ids = listed(plain.map(({ id }) => resource(id)));
  const shows = text`health checks in plain HTTP pass on port ${code(first.port ?? 0)} of ${ids}`;
  return [{ from: 'targetHealth' as const, shows }];
}

function fixesFor(
  group: TargetGroup,
  policy: string | null,
  isPlain: boolean,
  since: string,
  tags: Readonly<Record<string, string>> = {},
): Remedy[] {
  const look = { changes: false, undo: null, verify: null };
  const looks = [
    {
      does: text`see whether a listener got another security policy, which changes the one towards targets`,
      run: whoCalled('ModifyListener', plusSeconds(since, -24 * 3600)),
      ...look,
    },
    ...(policy === null
      ? []
      : [
          {
            does: text`see which versions and ciphers a target must know one of`,
            run: ['aws', 'elbv2', 'describe-ssl-policies', '--names', policy],
            ...look,
          },
        ]),
  ];
  const speak: Remedy = {
    does: text`make the targets of ${resource(group.name)} speak TLS on that port, or forward to a new target group of protocol HTTP: the protocol of a group cannot be changed`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(group.arn),
    ...managedByField(tags),
  };
  // Plain HTTP knows no version and no cipher.
  return isPlain ? [speak] : [...looks, speak];
}
