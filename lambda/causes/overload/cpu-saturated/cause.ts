import type { ErrorKind } from '../../../incident/cause.ts';
import type { LoadBalancerMetric, Metrics, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { allErrors, errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { CPU_LIMIT, cpuSaturationIn } from '../../../semantics/load/cpu-saturation.ts';
import { type LoadedTarget, overloadOf } from '../../../semantics/load/group-overload.ts';
import { type CpuEvidence, cpuIn } from '../../../semantics/load/target-cpu.ts';
import { failsChecks, groupName, groupsOf, isUsable, partSaid, scopeOf } from '../../../semantics/targets/targets.ts';
import { spanOf, sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { rollout, scaling } from '../../kit/changes.ts';
import { moreTargets } from '../limit/more-targets.ts';

export default defineCause({
  id: 'cpu-saturated',
  needs: ['targetHealth', 'loadBalancerMetrics'],
  uses: [
    'instanceMetrics',
    'serviceMetrics',
    'ecsServices',
    'targetInterfaces',
    'tags',
    'listenerRules',
    'instances',
    'autoScalingInstances',
    'autoScalingGroups',
  ],
  causes: [
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'health-check-timeout-too-short',
    'health-check-code-mismatch',
    'target-returns-5xx',
  ],
  setOffBy: [scaling, rollout],

  examine(seen, { window }) {
    const { targetHealth, loadBalancerMetrics } = seen;
    const routed = ifSeen(seen.listenerRules) && routedGroups(ifSeen(seen.listenerRules) ?? []);
    const targets = targetHealth.filter(
      (target) => isUsable(target) && !target.id.startsWith('arn:') && (routed?.includes(target.targetGroup) ?? true),
    );
    if (targets.length === 0)
      return notApplicable(text`no target that gets requests has a CPU to look at`, 'targetHealth');

    const episode = errorEpisode(loadBalancerMetrics, window);
    const span = episode?.span ?? spanOf(loadBalancerMetrics.grid, window.from, window.to);
    const cpuOf = cpuIn(seen);
    const loaded = targets.map((target): LoadedTarget => {
      const cpu = cpuOf(target);
      return { target, cpu, saturation: cpuSaturationIn(cpu?.values, span) };
    });
    const findings = groupBy(loaded, ({ target }) => target.targetGroup).flatMap(
      (group) => overloadOf(group, episode) ?? [],
    );
    if (findings.length === 0) return denied(loaded, seen);
    return foundOr(
      findings.map(({ hot, since, explains, of }): Found<'loadBalancerMetrics' | 'targetHealth', Cites> => {
        const most = Math.max(...hot.map(({ saturation }) => saturation.highest));
        const names = [...new Set(hot.map(({ cpu }) => cpu.of))].map((id) => resource(id));
        const [first, ...rest] = hot;
        const saturated = [first.target, ...rest.map(({ target }) => target)] as const;
        const began = timeOfMinute(loadBalancerMetrics.grid, since);
        const doubt = episode && doubtOf(loadBalancerMetrics, episode, since);
        return {
          strength: explains && doubt === null ? 'strong' : 'circumstantial',
          says: headline(saturated, of),
          since: began,
          because: [
            episode === null
              ? { from: 'targetHealth', shows: text`${count(hot.length, 'target')} of the group can get requests` }
              : {
                  from: 'loadBalancerMetrics',
                  shows: text`errors began at ${time(episode.onset)}, ${order(since, episode.span.first)} CPU was at its limit`,
                  at: episode.onset,
                },
            {
              from: first.cpu.from,
              shows: text`CPU of ${listed(names)} at ${CPU_LIMIT} % or more from ${time(began)} on, up to ${percent(Math.min(1, most / 100))}`,
              at: began,
            },
            ...(doubt === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: doubt }]),
            ...(first.saturation.coarse
              ? [
                  {
                    from: first.cpu.from,
                    shows: text`in datapoints of five minutes: the order of things is known no better`,
                  },
                ]
              : []),
          ],
          affects: scopeOf(saturated),
          explains: EXPLAINED,
          fixes: moreTargets(saturated, seen),
          facts: { saturated: hot.length, of, highest: most },
        };
      }),
      text``,
    );
  },
});

type Cites = 'loadBalancerMetrics' | 'targetHealth' | 'instanceMetrics' | 'serviceMetrics';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

function headline(hot: readonly [Target, ...Target[]], of: number): Text {
  const [first] = hot;
  const group = resource(groupName(first.targetGroup));
  if (hot.length === 1) {
    return text`${resource(first.id)}, ${of === 1 ? 'the only target' : text`1 of ${of} targets`} of ${group}, is at the limit of its CPU`;
  }
  return text`${partSaid(hot.length, of)} targets of ${group} are at the limit of their CPU`;
}

function order(since: number, onset: number): Text {
  if (since === onset) return text`in the minute in which`;
  return since < onset ? text`${onset - since} min after` : text`before`;
}

/** A target at its limit is slow. One that answers 5xx as fast as ever has an error, and may be busy with that. */
function doubtOf(metrics: Metrics<LoadBalancerMetric>, episode: EpisodeSpan, since: number): Text | null {
  const errors = errorSeries(metrics);
  const all = sumOf(valuesIn(allErrors(errors), episode.span)) ?? 0;
  const handshakes = sumOf(valuesIn(withZeros(metrics, 'TargetTLSNegotiationErrorCount'), episode.span)) ?? 0;
  // A handshake that takes too long ends in 504.
  if (2 * Math.min(handshakes, errorsInEpisode(errors, '502', episode)) > all) {
    return text`most errors are TLS handshakes that ended in ${code(502)}: refused, not late`;
  }
  if (2 * errorsInEpisode(errors, 'target5xx', episode) <= all) return null;
  const { first } = episode.span;
  const slower = slowdownIn(metrics, { first: first - 60, last: first - 1 }, episode.span);
  if (slower === null) return text`most errors are answers of the targets, and those take no longer than before`;
  if (slower !== 'not-seen' || since < first) return null;
  return text`most errors are answers of the targets, and whether those became slower was not seen`;
}

function denied(loaded: readonly LoadedTarget[], seen: Pick<CpuEvidence, 'instanceMetrics' | 'serviceMetrics'>) {
  const blind = loaded.filter(({ saturation }) => saturation === undefined);
  // Of many healthy targets only some are asked about: those speak for their group; a failing one speaks for itself.
  const spoken = new Set(
    loaded.filter(({ saturation }) => saturation !== undefined).map(({ target }) => target.targetGroup),
  );
  const open = blind.filter(({ target }) => failsChecks(target) || !spoken.has(target.targetGroup));
  if (open.length === 0) {
    return ruledOut(
      text`no target of ${listed(groupsOf(loaded.map(({ target }) => target)).map((arn) => resource(groupName(arn))))} stayed at ${CPU_LIMIT} % CPU`,
    );
  }
  const evidence = open.some(({ target }) => target.id.startsWith('i-')) ? 'instanceMetrics' : 'serviceMetrics';
  const observed = seen[evidence];
  const ids = open.slice(0, 50).map(({ target }) => target.id);
  if (observed.seen)
    return unsure({ evidence, why: 'partial', ids, detail: `no CPU was seen of ${count(open.length, 'target')}` });
  const { why, detail, action } = observed;
  return unsure({ evidence, why, detail, ids, ...(action === undefined ? {} : { action }) });
}
