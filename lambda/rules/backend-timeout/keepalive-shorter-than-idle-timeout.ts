import type { MetricsById, Target, TargetGroup, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import { code, count, listed, percent, resource, type Text, text, time } from '../../incident/text.ts';
import { baselineOf, errorEpisode, inEpisode, requestsOf } from '../../semantics/episode.ts';
import { errorSeries } from '../../semantics/errors.ts';
import { seconds, slowest } from '../../semantics/latency.ts';
import { maxOf, type Span, seenOf, sumOf, within } from '../../semantics/minutes.ts';
import { managed } from '../../semantics/ownership.ts';
import { groupName, targetsOf } from '../../semantics/targets.ts';
import { groupsInUse, trafficOf } from '../../semantics/traffic.ts';
import { defineRule, foundOr, notApplicable, ruledOut } from '../rule.ts';

const IDLE_TIMEOUT = 'idle_timeout.timeout_seconds';
const DEFAULT_IDLE_TIMEOUT = 60;

/** A race now and then: some minutes with errors, spread over five or more, few among the requests, few that are no race. */
const SOME = 3;
const LASTING = 5;
const SPREAD = 0.25;
const LOW_RATE = 0.1;
const FEW = 0.1;
/** With less than this many requests a minute, minutes without an error tell nothing. */
const LOW_TRAFFIC = 10;

export const keepaliveShorterThanIdleTimeout = defineRule({
  id: 'keepalive-shorter-than-idle-timeout',
  category: 'backend-timeout',
  title: 'Targets close idle connections before the load balancer does',
  explains: `The load balancer keeps connections to its targets open and uses them again, until they were idle for its idle timeout
(60 seconds unless set otherwise). A server that closes them earlier (Node.js and Apache after 5 seconds, gunicorn after 2, Tomcat
after 20 or 60) may do so at the very moment in which a request is sent: the request meets a closed connection, and the load
balancer answers 502. Nothing else is wrong, and it happens now and then, more often when there is little traffic.`,
  proof: `A few 502s over at least a quarter of the minutes, while all targets are healthy, no connection fails, and the targets
answer no more 5xx than before: circumstantial, as the setting of the server cannot be read from AWS, and crashes and rollouts leave
the same marks. Access logs prove it: \`502 -\` with a response processing time of -1.`,
  resembles: `A process that crashes or is recycled after so many requests, and targets that are taken away before their requests
ended (a rollout, a scale-in), close connections too: then the 502s come in bursts. An answer that breaks HTTP
(\`malformed-response\`) belongs to certain requests. A refused connection (\`nothing-listening\`) is in TargetConnectionErrorCount.`,
  prevention: `Set the keep-alive timeout of every server behind the load balancer to a few seconds more than the idle timeout, in
the same change that raises the idle timeout. Mind proxies in between, each with a timeout of its own.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#connection-idle-timeout',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues',
  ],
  needs: ['loadBalancerMetrics', 'loadBalancerAttributes', 'loadBalancer', 'targetHealth', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules', 'tags'],

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, loadBalancerAttributes, loadBalancer, targetHealth, targetGroups } = seen;
    const inUse = groupsInUse(seen).filter((arn) => isNetworked(arn, targetGroups));
    if (inUse.length === 0) return notApplicable(text`no target is reached over a connection`, 'targetGroups');
    const episode = errorEpisode(metrics, window);
    const errors = errorSeries(metrics);
    const errors502 = episode ? inEpisode(errors, '502', episode) : 0;
    if (episode === null || errors502 === 0) {
      return ruledOut(text`no request was answered ${code(502)}`, 'loadBalancerMetrics');
    }

    const { span } = episode;
    const requests = sumOf(within(requestsOf(metrics), span));
    const minutes = span.last - span.first + 1;
    const ill = seenOf(within(errors['502'], span)).filter((value) => value > 0).length;
    const sparse = requests !== null && requests < LOW_TRAFFIC * minutes;
    const sporadic = minutes >= LASTING && ill >= SOME && (ill >= SPREAD * minutes || sparse);
    const rate = requests === null || requests === 0 ? null : errors502 / requests;
    if (!sporadic || (rate ?? 0) > LOW_RATE) {
      return ruledOut(
        text`the ${code(502)}s are not sporadic: ${count(errors502, 'request')} in ${count(ill, 'minute')}${rate === null ? '' : `, ${percent(Math.min(1, rate))} of the requests`}`,
        'loadBalancerMetrics',
      );
    }
    const others = (['503', '504', 'target5xx'] as const).map((kind) => {
      const before = baselineOf(errors[kind], episode) ?? 0;
      return Math.max(0, inEpisode(errors, kind, episode) - 2 * before * minutes);
    });
    const more = others.reduce((sum, value) => sum + value, 0);
    if (more >= errors502) {
      return ruledOut(text`other errors rose as much as the ${code(502)}s`, 'loadBalancerMetrics');
    }
    const traffic = trafficOf(inUse, seen, span);
    const notMade = (traffic?.failedConnections ?? 0) + (traffic?.tlsErrors ?? 0);
    if (notMade > FEW * errors502) {
      return ruledOut(
        text`connections to targets fail (${count(notMade, 'time')}): no race on one that was open`,
        'loadBalancerMetrics',
      );
    }

    const groups = suspects(inUse, seen.targetGroupMetrics.seen ? seen.targetGroupMetrics.value : undefined, span);
    const targets = targetHealth.filter((target) => groups.includes(target.targetGroup));
    const unsteady = targets.find(({ state }) => state !== 'healthy' && state !== 'unused');
    if (unsteady !== undefined) {
      return ruledOut(text`not all targets are healthy: ${resource(unsteady.id)} is ${code(unsteady.state)}`);
    }
    const fewer = groups.find((arn) => changedHosts(arn, ifSeen(seen.targetGroupMetrics), span));
    if (fewer !== undefined) {
      return ruledOut(text`targets of ${resource(groupName(fewer))} failed, came or went in the same minutes`);
    }

    const idle = Number(loadBalancerAttributes[IDLE_TIMEOUT] ?? DEFAULT_IDLE_TIMEOUT);
    const slow = slowest(metrics.values, span);
    const raised = idle > DEFAULT_IDLE_TIMEOUT;
    return foundOr(
      [
        {
          strength: 'circumstantial',
          says: text`Targets of ${listed(
            groups.map((arn) => resource(groupName(arn))),
            3,
          )} may close idle connections before the load balancer does (${seconds(idle)})`,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(errors502, 'request')} answered ${code(502)} since ${time(episode.onset)}, in ${ill} of ${count(minutes, 'minute')}${rate === null ? '' : `: ${percent(rate)} of the requests`}, and ${notMade === 0 ? 'no connection failed' : `only ${count(notMade, 'failed connection')}`}`,
            },
            { from: 'targetHealth', shows: healthSays(targets, targetHealth) },
            {
              from: 'loadBalancerAttributes',
              shows: raised
                ? text`${code(IDLE_TIMEOUT)} is ${code(idle)}, above the default of ${code(DEFAULT_IDLE_TIMEOUT)}: most servers close earlier than that`
                : text`${code(IDLE_TIMEOUT)} is ${code(idle)}: Node.js closes after 5 s, Apache 5 s, gunicorn 2 s, Tomcat 20 to 60 s`,
            },
            {
              from: 'loadBalancerMetrics',
              shows: text`not told apart by this: a process that crashes and restarts, or targets that leave before their requests end`,
            },
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: ['502'],
          fromAbsence: true,
          fixes: fixesFor(loadBalancer.arn, idle, slow, ifSeen(seen.tags)?.[loadBalancer.arn] ?? {}),
          facts: { idleTimeout: idle, errors502, minutesWithErrors: ill, minutes, rate, failedConnections: notMade },
        },
      ],
      text``,
    );
  },
});

function isNetworked(arn: string, groups: readonly TargetGroup[]): boolean {
  return groups.some((group) => group.arn === arn && group.targetType !== 'lambda');
}

/** Where AWS tells groups apart: those of which some requests were not answered. */
function suspects(
  inUse: readonly string[],
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  span: Span,
): readonly string[] {
  const unanswered = inUse.filter((arn) => {
    const values = byGroup?.of.find(({ id }) => id === arn)?.values;
    const sum = (name: TargetGroupMetric) => sumOf(within(values?.[name], span)) ?? 0;
    const answered = ANSWERS.reduce((total, name) => total + sum(name), 0);
    return answered > 0 && sum('RequestCount') > answered;
  });
  return unanswered.length > 0 ? unanswered : inUse;
}

const ANSWERS = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
] as const;

function changedHosts(arn: string, byGroup: MetricsById<TargetGroupMetric> | undefined, span: Span): boolean {
  const values = byGroup?.of.find(({ id }) => id === arn)?.values;
  const healthy = seenOf(within(values?.['HealthyHostCount.min'], span));
  return (maxOf(within(values?.['UnHealthyHostCount.max'], span)) ?? 0) > 0 || new Set(healthy).size > 1;
}

function healthSays(targets: readonly Target[], all: readonly Target[]): Text {
  const groups = new Set(targets.map(({ targetGroup }) => targetGroup));
  const healthy = [...groups].reduce((sum, arn) => sum + targetsOf(all, arn).filter(isHealthy).length, 0);
  return text`${healthy === 1 ? 'the only target is' : `all ${count(healthy, 'target')} are`} healthy: nothing is down`;
}

const isHealthy = ({ state }: Target): boolean => state === 'healthy';

/** Enough for a request that is sent just before the load balancer closes the connection itself. */
const MARGIN = 5;

function fixesFor(arn: string, idle: number, slow: number | null, tags: Readonly<Record<string, string>>): Fix<Text>[] {
  const longer = idle + MARGIN;
  const inServer: Fix<Text> = {
    does: text`let the server keep idle connections longer than ${seconds(idle)}: Node.js ${code(`server.keepAliveTimeout = ${longer * 1000}`)}, gunicorn ${code(`--keep-alive ${longer}`)}, uvicorn ${code(`--timeout-keep-alive ${longer}`)}, Apache ${code(`KeepAliveTimeout ${longer}`)}, Tomcat ${code(`keepAliveTimeout="${longer * 1000}"`)}, nginx ${code(`keepalive_timeout ${longer}s`)}`,
    run: null,
    changes: true,
    undo: null,
    verify: null,
  };
  const inLog: Fix<Text> = {
    does: text`look for ${code('502 -')} with a response processing time of -1 in the access logs: they prove it`,
    run: null,
    changes: false,
    undo: null,
    verify: null,
  };
  // The same timer cuts slow answers: back to the default only where none was seen that takes so long.
  const back = idle > DEFAULT_IDLE_TIMEOUT && slow !== null && slow < DEFAULT_IDLE_TIMEOUT / 2;
  return back ? [inServer, inLog, lowerTo(DEFAULT_IDLE_TIMEOUT, arn, idle, tags)] : [inServer, inLog];
}

function lowerTo(value: number, arn: string, idle: number, tags: Readonly<Record<string, string>>): Fix<Text> {
  const set = (timeout: number) => [
    'aws',
    'elbv2',
    'modify-load-balancer-attributes',
    '--load-balancer-arn',
    arn,
    '--attributes',
    `Key=${IDLE_TIMEOUT},Value=${timeout}`,
  ];
  return {
    does: text`until then, lower the idle timeout back to ${seconds(value)}`,
    run: set(value),
    changes: true,
    undo: set(idle),
    verify: ['aws', 'elbv2', 'describe-load-balancer-attributes', '--load-balancer-arn', arn],
    ...managed(tags),
  };
}
