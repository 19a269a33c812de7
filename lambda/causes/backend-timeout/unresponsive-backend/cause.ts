import type { Strength } from '../../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { errorEpisode, errorsInEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { disksAtLimit } from '../../../semantics/load/disk-limits.ts';
import { loadOf } from '../../../semantics/load/target-load.ts';
import { PATH_EVIDENCE, worstPathState } from '../../../semantics/network/target-paths.ts';
import { targetsWithoutInterface } from '../../../semantics/network/targets-without-interface.ts';
import { faultSince, probesOf } from '../../../semantics/targets/application-checks.ts';
import { groupName, groupsOf, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { type Span, spanOf, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { groupsInUse } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, ruledOut, unsure } from '../../cause.ts';
import { rollout } from '../../kit/changes.ts';
import { disksSaid } from '../../kit/disk-words.ts';
import { probesSaid } from '../../kit/probe-words.ts';
import { growthIn, limitReached, SURGE, unseenIn } from '../overload/overload-signs.ts';

/** Targets that answer more than this share of the requests are not hung. */
const MOST = 0.5;
/** Up to this share of the 504s may be failed connections or handshakes of other targets. */
const FEW = 0.1;

export default defineCause({
  id: 'unresponsive-backend',
  needs: ['targetHealth', 'targetGroups', 'loadBalancerMetrics'],
  uses: [
    'targetGroupMetrics',
    'instanceMetrics',
    'applicationStatus',
    'serviceMetrics',
    'ecsServices',
    'ecsTasks',
    'listenerRules',
    ...PATH_EVIDENCE,
  ],
  setOffBy: [rollout],
  fromHealthChecks: true,
  inCluster: { see: ['logs', 'restarts'] },

  examine(seen, { window }) {
    const { targetHealth, targetGroups, loadBalancerMetrics } = seen;
    const silent = targetHealth.filter(({ reason }) => reason === 'Target.Timeout');
    if (silent.length === 0) return ruledOut(text`no health check ends in ${code('Target.Timeout')}`, 'targetHealth');

    const groups = groupsOf(silent);
    const episode = errorEpisode(loadBalancerMetrics, window);
    const span = episode?.span ?? spanOf(loadBalancerMetrics.grid, window.from, window.to);
    const refused = failedConnections(loadBalancerMetrics, ifSeen(seen.targetGroupMetrics), groups, span);
    const errors504 = episode ? errorsInEpisode(errorSeries(loadBalancerMetrics), '504', episode) : 0;
    if (refused !== null && refused > FEW * errors504) {
      return ruledOut(text`connections to the failing targets are not made: ${count(refused, 'connection error')}`);
    }
    const gone = targetsWithoutInterface(silent, seen.targetInterfaces, seen.ecsTasks);
    const held = silent.filter((target) => !gone.has(target));
    // Where requests wait and every connection was made, somebody is there, whatever this account sees of it.
    const accepts = refused === 0 && errors504 > 0;
    const hanging = held.length === 0 && accepts ? silent : held;
    if (hanging.length === 0) {
      const ids = silent.map(({ id }) => id);
      const detail = 'no network interface that this account sees holds the silent targets';
      return unsure({ evidence: 'targetInterfaces', why: 'partial', detail, ids });
    }
    const handshakes = failedHandshakes(loadBalancerMetrics, span);
    if (handshakes > FEW * errors504) {
      return ruledOut(text`TLS handshakes with targets fail: ${count(handshakes, 'TLS negotiation error')}`);
    }
    const allHang = groups.every((arn) =>
      targetsOf(targetHealth, arn)
        .filter(isUsable)
        .every((target) => hanging.includes(target)),
    );
    const answered = answeredShare(loadBalancerMetrics, span);
    if (allHang && groupsInUse(seen).every((arn) => groups.includes(arn)) && answered !== null && answered > MOST) {
      return ruledOut(text`the targets answer ${percent(answered)} of the requests: only their health checks time out`);
    }
    const path = worstPathState(hanging, targetGroups, seen);
    if (path === 'blocked') return ruledOut(text`the path to the failing targets is closed: they accept no connection`);

    const load = loadOf(hanging, seen, span);
    const limit = limitReached(load);
    if (limit !== null) {
      return ruledOut(text`the failing targets are at ${percent(limit / 100)} of CPU or memory: overloaded, not hung`);
    }
    const growth = episode && growthIn(loadBalancerMetrics, episode);
    const probes = probesOf(hanging, ifSeen(seen.applicationStatus) ?? []);
    const hung = probes.filter(({ found }) => found === 'hung');
    const disks = disksAtLimit(
      hanging.map(({ id }) => id),
      ifSeen(seen.instanceMetrics),
      span,
    );
    const unseen = [
      ...(path === 'open' ? [] : [text`the network path`]),
      ...(refused === 0 ? [] : [text`that all connections are made`]),
      ...unseenIn(load),
      ...(growth === null ? [text`the requests before`] : []),
    ];
    const calm = load.credits !== 'exhausted' && growth !== null && growth < SURGE && disks.length === 0;
    const met = probes.filter((probe) => !hung.includes(probe));
    const proven = hanging.every((target) => hung.some((probe) => probe.target === target)) && load.cpu !== null;
    const doubted = !calm || errors504 === 0 || met.length > 0 || (unseen.length > 0 && !proven);
    const strength: Strength = doubted ? 'circumstantial' : proven ? 'decisive' : 'strong';
    const since = proven ? faultSince(hung, ifSeen(seen.instanceMetrics)) : undefined;
    return {
      is: 'found',
      findings: [
        {
          strength,
          says: text`${count(hanging.length, 'target')} of ${listed(groups.map((arn) => resource(groupName(arn))))} ${hangs(hanging.length, strength)}`,
          ...(since === undefined ? {} : { since }),
          because: [
            {
              from: 'targetHealth',
              shows: text`health checks of ${listed(hanging.map(({ id }) => resource(id)))} end in ${code('Target.Timeout')}`,
            },
            ...probesSaid([...hung, ...met]),
            ...disksSaid(disks),
            ...(refused === 0
              ? [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`no connection error${errors504 > 0 && episode ? text`, while ${count(errors504, 'request')} were answered ${code(504)} since ${time(episode.onset)}` : ''}: connections are made`,
                  },
                ]
              : []),
            ...(path === 'open'
              ? [{ from: 'securityGroups' as const, shows: text`security groups and network ACLs are open to them` }]
              : []),
            ...(load.cpu === null
              ? []
              : [{ from: 'instanceMetrics' as const, shows: text`CPU at ${percent(load.cpu / 100)}: not overloaded` }]),
            ...(unseen.length === 0 || strength === 'decisive'
              ? []
              : [
                  {
                    from: 'targetHealth' as const,
                    shows: text`not seen, and could tell otherwise: ${listed(unseen, 6)}`,
                  },
                ]),
          ],
          affects: scopeOf(hanging),
          explains: ['504', '502'],
          fromAbsence: true,
          fixes: [
            {
              does: text`take a thread dump or a profile of one target, then restart the application on it`,
              run: null,
              changes: true,
              undo: null,
              verify: showHealth(groups[0] ?? ''),
            },
          ],
          facts: {
            targets: hanging.map(({ id }) => id),
            connectionErrors: refused,
            cpu: load.cpu,
            memory: load.memory,
          },
        },
      ],
    };
  },
});

function hangs(targets: number, strength: Strength): Text {
  const [accept, seem, does] =
    targets === 1 ? (['accepts', 'seems', 'does'] as const) : (['accept', 'seem', 'do'] as const);
  return strength === 'decisive'
    ? text`${accept} connections and ${does} not answer`
    : text`${seem} to accept connections and not to answer`;
}

/** Of the groups, in minutes in which they got requests; of the whole load balancer where AWS sent nothing by group. */
function failedConnections(
  metrics: Metrics<LoadBalancerMetric>,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  groups: readonly string[],
  span: Span,
): number | null {
  const own = (byGroup?.of ?? []).filter(
    ({ id, values }) => groups.includes(id) && (sumOf(valuesIn(values.RequestCount, span)) ?? 0) > 0,
  );
  if (own.length > 0) {
    return own.reduce((sum, { values }) => sum + (sumOf(valuesIn(values.TargetConnectionErrorCount, span)) ?? 0), 0);
  }
  const requests = sumOf(valuesIn(requestSeries(metrics), span)) ?? 0;
  return requests > 0 ? sumOf(valuesIn(withZeros(metrics, 'TargetConnectionErrorCount'), span)) : null;
}

/** Of all requests, those that targets answered with success. */
function answeredShare(metrics: Metrics<LoadBalancerMetric>, span: Span): number | null {
  const requests = sumOf(valuesIn(requestSeries(metrics), span));
  const well = sumOf(valuesIn(metrics.values.HTTPCode_Target_2XX_Count, span));
  return requests === null || requests === 0 || well === null ? null : Math.min(1, well / requests);
}
