import type { LoadBalancerMetric, Metrics, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { healthPath } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { probesOf } from '../../../semantics/targets/application-checks.ts';
import { unhealthySince } from '../../../semantics/targets/health-history.ts';
import { codesIn, detectionSeconds, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';
import { rollout, settingChange } from '../../kit/changes.ts';
import { probesSaid } from '../../kit/probe-words.ts';

export default defineCause({
  id: 'health-check-code-mismatch',
  needs: ['targetHealth', 'targetGroups'],
  uses: ['loadBalancerMetrics', 'targetGroupMetrics', 'tags', 'applicationStatus'],
  madeBy: [settingChange(/^healthCheck(Path|Port|Protocol)$/, /^matcher$/)],
  setOffBy: [rollout],
  fromHealthChecks: true,
  inCluster: { see: ['restarts'] },

  examine(
    { targetHealth, targetGroups, loadBalancerMetrics, targetGroupMetrics, tags, applicationStatus },
    { window },
  ) {
    const metrics = ifSeen(loadBalancerMetrics);
    const findings = targetGroups.flatMap(
      (
        group,
      ): Found<'targetHealth', 'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'applicationStatus'>[] => {
        const targets = targetsOf(targetHealth, group.arn);
        const failing = targets.filter((target) => target.reason === 'Target.ResponseCodeMismatch');
        if (failing.length === 0) return [];
        const codes = [...new Set(failing.flatMap(({ description }) => codesIn(description)))].sort((a, b) => a - b);
        // Answers to requests are 5xx for it only where most of those that get requests fail as their checks do.
        const failsToo = codes.some((status) => status >= 500) && 2 * failing.length >= targets.length;
        const explains = failsToo ? (['502', '503', 'target5xx'] as const) : (['502', '503'] as const);
        const errors = errorsOf(metrics, window, failsToo);
        const failed = unhealthySince(ifSeen(targetGroupMetrics), group.arn);
        const since = failed === undefined ? undefined : plusSeconds(failed, -detectionSeconds(group));
        // A few that fail get no requests: only when they began to fail tells whether they have to do with the errors.
        const beside = since === undefined && 2 * failing.length < targets.length;
        const { path, matcher } = group.healthCheck;
        const answer = codes.length === 0 ? text`another code` : listed(codes.map(code));
        return [
          {
            strength: errors > 0 && !beside ? 'decisive' : 'circumstantial',
            says: text`The health check of ${resource(group.name)} asks ${code(path ?? '/')} for ${code(matcher ?? '200')} and gets ${answer} from ${failing.length === targets.length ? 'every target' : text`${failing.length} of ${targets.length} targets`}`,
            ...(since === undefined ? {} : { since }),
            because: [
              { from: 'targetHealth', shows: healthSays(failing) },
              { from: 'targetGroups', shows: text`its matcher accepts ${code(matcher ?? '200')} only` },
              ...meaning(codes).map((shows) => ({ from: 'targetHealth' as const, shows })),
              ...(errors > 0 && !failsToo && failing.length === targets.length
                ? [{ from: 'targetHealth' as const, shows: LEAVES }]
                : []),
              ...probesSaid(probesOf(failing, ifSeen(applicationStatus) ?? [])),
              ...(metrics !== undefined && errors === 0
                ? [
                    {
                      from: 'loadBalancerMetrics' as const,
                      shows: text`requests are answered all the same: no errors that it explains`,
                    },
                  ]
                : []),
            ],
            affects: scopeOf(failing),
            explains,
            fixes: fixesFor(group, codes, window.from, ifSeen(tags)?.[group.arn] ?? {}),
            mendsInCluster: codes.some((status) => status < 500) ? [healthPath] : [],
            facts: { targetGroup: group.arn, path, matcher, codes, failing: failing.length, targets: targets.length },
          },
        ];
      },
    );
    return foundOr(findings, text`no health check is answered with a code outside its matcher`);
  },
});

/** Targets that all fail their checks serve: what the check alone makes is no error. */
const LEAVES = text`all targets fail alike, so all of them get requests: the errors fit targets that are replaced, or restarted, for not answering this page`;

/** The errors it can make. A connection that is refused is none of them: this application answers. */
function errorsOf(
  metrics: Metrics<LoadBalancerMetric> | undefined,
  window: { readonly from: string; readonly to: string },
  failsToo: boolean,
): number {
  const episode = metrics && errorEpisode(metrics, window);
  if (!metrics || !episode) return 0;
  const errors = errorSeries(metrics);
  const refused = withZeros(metrics, 'TargetConnectionErrorCount');
  const answered = errors['502'].map((value, index) =>
    value === null ? null : Math.max(0, value - (refused[index] ?? 0)),
  );
  return (
    (sumOf(valuesIn(answered, episode.span)) ?? 0) +
    errorsInEpisode(errors, '503', episode) +
    (failsToo ? errorsInEpisode(errors, 'target5xx', episode) : 0)
  );
}

function healthSays(failing: readonly Target[]): Text {
  const [first] = failing;
  const others = failing.length > 1 ? text` (and ${count(failing.length - 1, 'more', 'more')})` : text``;
  return text`${resource(first?.id ?? '')}: ${code('Target.ResponseCodeMismatch')}, ${verbatim(first?.description ?? 'no description')}${others}`;
}

/** What a code says about why, for the codes that people meet. */
function meaning(codes: readonly number[]): readonly Text[] {
  return codes.flatMap((status) => {
    const why =
      WHY[status] ??
      (status >= 500 ? text`the application fails: often a dependency that its health endpoint checks` : undefined);
    return why === undefined ? [] : [text`${code(status)}: ${why}`];
  });
}

const WHY: Readonly<Record<number, Text>> = {
  301: text`a redirect, as to HTTPS, to another host or to a path with a slash`,
  302: text`a redirect, often to a login page`,
  307: text`a redirect, as to HTTPS`,
  308: text`a redirect, as to HTTPS`,
  400: text`the request is refused: often a Host header that the application does not allow (the check sends the target's address)`,
  401: text`the health endpoint asks for a login`,
  403: text`the health endpoint is forbidden to the load balancer`,
  404: text`there is nothing at this path: it moved, or another application answers on this port`,
  405: text`the path does not take GET`,
  502: text`a proxy on the target answers, and the application behind it does not`,
  503: text`the application, or the proxy in front of it, says that it is not available`,
};

function fixesFor(
  group: TargetGroup,
  codes: readonly number[],
  from: string,
  tags: Readonly<Record<string, string>>,
): Remedy[] {
  const moved = codes.some((status) => status < 500);
  const answer: Remedy = {
    does: moved
      ? text`make the application answer ${code(group.healthCheck.path ?? '/')} with ${code(group.healthCheck.matcher ?? '200')} again, or point the health check at the path where it does (aws elbv2 modify-target-group --health-check-path)`
      : text`read the application's log for what its health endpoint ${code(group.healthCheck.path ?? '/')} complains about`,
    run: null,
    changes: moved,
    undo: null,
    verify: showHealth(group.arn),
    ...managedByField(tags),
  };
  return moved ? [whoChangedHealthCheck(from), answer] : [answer, whoChangedHealthCheck(from)];
}
