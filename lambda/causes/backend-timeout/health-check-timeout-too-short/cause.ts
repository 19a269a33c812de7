import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import {
  code,
  count,
  formatNumber,
  inSeconds,
  listed,
  percent,
  resource,
  type Text,
  text,
} from '../../../incident/text.ts';
import { longerCheck, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { loadOf } from '../../../semantics/load/target-load.ts';
import { PATH_EVIDENCE, worstPathState } from '../../../semantics/network/target-paths.ts';
import { comesOrGoes, failsChecks, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { meanOf, type Span, spanOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { slowestAnswer } from '../../../semantics/traffic/latency.ts';
import {
  groupsInUse,
  type TargetTraffic,
  TRAFFIC_METRICS,
  trafficOf,
} from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { settingChange } from '../../kit/changes.ts';
import { growthIn, limitReached, SURGE, unseenIn } from '../overload/overload-signs.ts';

/** Nearly all requests are answered by targets whose health checks time out. */
const NEARLY = 0.9;
/** Answers to users this near the check's timeout make a health page that exceeds it likely. */
const NEAR = 0.75;
/** Users' requests are not slow: their slowest answers are at most so many times those of the hour before. */
const SLOWER = 2;

export default defineCause({
  id: 'health-check-timeout-too-short',
  needs: ['targetHealth', 'targetGroups', 'loadBalancerMetrics'],
  uses: [
    'targetGroupMetrics',
    'instanceMetrics',
    'serviceMetrics',
    'ecsServices',
    'listenerRules',
    'tags',
    ...PATH_EVIDENCE,
  ],
  madeBy: [settingChange(/^healthCheck(Path|TimeoutSeconds|IntervalSeconds)$/)],
  fromHealthChecks: true,

  examine(seen, { window }) {
    const metrics = seen.loadBalancerMetrics;
    const inUse = groupsInUse(seen);
    const timedOut = seen.targetHealth.filter(
      ({ reason, targetGroup }) => reason === 'Target.Timeout' && inUse.includes(targetGroup),
    );
    if (timedOut.length === 0) return ruledOut(text`no health check ends in ${code('Target.Timeout')}`, 'targetHealth');

    const episode = errorEpisode(metrics, window);
    const span = episode?.span ?? spanOf(metrics.grid, window.from, window.to);
    const growth = episode && growthIn(metrics, episode);
    const findings = seen.targetGroups.flatMap((group): Finding[] => {
      const failing = targetsOf(timedOut, group.arn);
      const traffic = trafficOf([group.arn], seen, span);
      // While a healthy target is left, the failing ones get no requests: answers then say nothing of them.
      const settled = targetsOf(seen.targetHealth, group.arn).filter((t) => t.state === 'healthy' || failsChecks(t));
      if (failing.length === 0 || failing.length < settled.length || traffic === null) return [];
      if (traffic.answered < NEARLY * traffic.requests || traffic.failedConnections > 0) return [];
      const path = worstPathState(failing, seen.targetGroups, seen);
      if (path === 'blocked') return [];

      const pace = paceOf(group, seen, span, episode === null ? span.first : episode.span.first);
      if (pace.slower) return [];
      const load = loadOf(failing, seen, span);
      if (limitReached(load) !== null || load.credits === 'exhausted') return [];
      const near = pace.slowest !== null && pace.slowest >= NEAR * (group.healthCheck.timeoutSeconds ?? 5);
      const apart = failing.some(({ port, healthCheckPort }) => healthCheckPort !== null && healthCheckPort !== port);
      const doubts = [
        ...(apart ? [text`whether anything answers on the checked port`] : []),
        ...(path === 'open' ? [] : [text`the network path`]),
        ...unseenIn(load),
        ...(growth !== null && growth < SURGE ? [] : [text`that requests did not surge`]),
        ...(near ? [] : [text`answers near the check's timeout`]),
      ];
      const replaced = targetsOf(seen.targetHealth, group.arn).some(comesOrGoes);
      const tags = ifSeen(seen.tags)?.[group.arn] ?? {};
      return [found(group, failing, { traffic, slow: pace.slowest, doubts, replaced }, window.from, tags)];
    });
    return foundOr(
      findings,
      text`targets whose health checks time out do not serve users well either, or get no requests`,
    );
  },
});

type Finding = Found<
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics',
  'targetHealth' | 'targetGroups' | 'loadBalancerMetrics' | 'targetGroupMetrics'
>;

interface Pace {
  readonly slowest: number | null;
  /** Slower than in the hour before. */
  readonly slower: boolean;
}

function paceOf(
  group: TargetGroup,
  seen: Pick<Parameters<typeof trafficOf>[1], 'targetGroupMetrics' | 'loadBalancerMetrics'>,
  span: Span,
  onset: number,
): Pace {
  const own = ifSeen(seen.targetGroupMetrics)?.of.find(({ id }) => id === group.arn)?.values;
  const values = own?.['TargetResponseTime.p99'] === undefined ? seen.loadBalancerMetrics.values : own;
  const p99 = values['TargetResponseTime.p99'];
  const now = meanOf(valuesIn(p99, span));
  const before = meanOf(valuesIn(p99, { first: onset - 60, last: onset - 1 }));
  return { slowest: slowestAnswer(values, span), slower: now !== null && before !== null && now > SLOWER * before };
}

interface Judged {
  readonly traffic: TargetTraffic;
  readonly slow: number | null;
  readonly doubts: readonly Text[];
  /** Targets come and go now: then requests that were on their way to them end in 502. */
  readonly replaced: boolean;
}

function found(
  group: TargetGroup,
  failing: readonly Target[],
  { traffic, slow, doubts, replaced }: Judged,
  from: string,
  tags: Readonly<Record<string, string>>,
): Finding {
  const { path, timeoutSeconds } = group.healthCheck;
  const timeout = timeoutSeconds ?? 5;
  return {
    strength: doubts.length === 0 ? 'strong' : 'circumstantial',
    says: text`The health page of ${resource(group.name)} takes longer than its check waits (${inSeconds(timeout)}); requests are answered`,
    because: [
      {
        from: 'targetHealth',
        shows: text`health checks of ${listed(failing.map(({ id }) => resource(id)))} on ${code(path ?? '/')} end in ${code('Target.Timeout')}`,
      },
      {
        from: traffic.from,
        shows: text`the same targets answered ${formatNumber(traffic.answered)} of ${count(traffic.requests, 'request')} (${percent(traffic.answered / traffic.requests)})${slow === null ? '' : text`, the slowest in ${inSeconds(slow)}`}, and no connection failed`,
      },
      { from: 'targetGroups', shows: text`the health check waits ${inSeconds(timeout)}` },
      ...(doubts.length === 0
        ? []
        : [{ from: 'targetHealth' as const, shows: text`not seen, and could tell otherwise: ${listed(doubts, 6)}` }]),
    ],
    affects: scopeOf(failing),
    explains: replaced ? ['502', '503'] : ['503'],
    restsOn: TRAFFIC_METRICS,
    fixes: [longerCheck(group, timeout, slow, tags), whoChangedHealthCheck(from)],
    facts: { targetGroup: group.arn, timeout, slowest: slow, answered: traffic.answered, requests: traffic.requests },
  };
}
