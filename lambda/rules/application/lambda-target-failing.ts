import type { LambdaFunction, MetricsById, TargetGroupMetric } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import { code, count, grouped, listed, percent, resource, type Text, text, time } from '../../incident/text.ts';
import { errorEpisode, inEpisode } from '../../semantics/episode.ts';
import { errorSeries } from '../../semantics/errors.ts';
import { failuresOf, type LambdaFailures } from '../../semantics/lambda/failures.ts';
import { invokableBy } from '../../semantics/lambda/invokable.ts';
import { type RoutedFunction, routedFunctions } from '../../semantics/lambda/routed-functions.ts';
import { seconds } from '../../semantics/latency.ts';
import { type Span, secondsBetween, sumOf, within } from '../../semantics/minutes.ts';
import { affecting } from '../../semantics/targets.ts';
import { failedByLambda } from '../failed-by-lambda.ts';
import { lambdaFixes } from '../lambda-fixes.ts';
import { defineRule, type Found, foundOr, notApplicable, ruledOut, unsure } from '../rule.ts';

/** Failures that make up this share of the errors account for them. */
const MOST = 0.5;

export const lambdaTargetFailing = defineRule({
  id: 'lambda-target-failing',
  category: 'application',
  title: 'A Lambda target errors, times out, is throttled or answers in the wrong shape',
  explains: `The load balancer invokes the function and waits. When the function throws, runs into its own timeout, is throttled, or
returns something that is no HTTP response (no \`statusCode\`, a body that is no string, headers of the other kind, more than 1 MB), the
load balancer answers 502 itself and counts LambdaUserError. When AWS Lambda itself fails, or does not take the connection in time, it
counts LambdaInternalError and answers 502 or 504.`,
  proof: `Errors, Throttles, or runs that take the whole timeout, from the onset on, as many as half of the 502s or more: decisive.
LambdaInternalError, as many: strong. LambdaUserError while the function runs without an error: the shape of its answer, strong. Fewer, or where the 502s may be another group's:
circumstantial.`,
  resembles: `A function that answers \`statusCode\` 500 makes a target's 5xx: \`target-returns-5xx\`. A function that is not
invoked at all is \`lambda-target-not-invokable\`: it has no invocations. AWS/Lambda counts whoever invokes the function, not
the load balancer alone: compare Errors with LambdaUserError, which is the load balancer's own count.`,
  remedy: `Errors: read the function's log, and turn the alias back to the last version. Timeouts: raise the function's timeout,
or find what it waits for. Throttles: raise or remove its reserved concurrency. Wrong shape: return \`statusCode\` as a number,
the body as a string below 1 MB, and headers of the kind that the group is set to (single or multi-value). LambdaInternalError is on AWS's
side: see the AWS Health Dashboard, and send requests elsewhere meanwhile.`,
  prevention: `Reserve enough concurrency, and alarm on Throttles. A timeout well above the slowest answer. Catch all, and return a
well-formed 500. Deploy by a weighted alias with automatic rollback on Errors.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html',
    'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  ],
  needs: ['targetGroups', 'targetHealth', 'loadBalancerMetrics', 'lambdaMetrics'],
  uses: ['lambdaFunctions', 'targetGroupMetrics', 'targetGroupAttributes', 'listenerRules'],

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, lambdaMetrics } = seen;
    const functions = routedFunctions(seen.targetGroups, seen.targetHealth, ifSeen(seen.listenerRules));
    if (functions.length === 0) {
      return notApplicable(text`no Lambda function gets requests`, 'targetGroups', 'targetHealth');
    }
    const episode = errorEpisode(metrics, window);
    const errors502 = episode === null ? 0 : inEpisode(errorSeries(metrics), '502', episode);
    const errors504 = episode === null ? 0 : inEpisode(errorSeries(metrics), '504', episode);
    if (episode === null || errors502 + errors504 === 0) {
      return ruledOut(text`no request was answered ${code(502)} or ${code(504)}`, 'loadBalancerMetrics');
    }
    const internal = failedByLambda(functions, ifSeen(seen.targetGroupMetrics), errors502 + errors504, episode);
    if (errors502 === 0) {
      if (!seen.targetGroupMetrics.seen) {
        const { why, detail, action } = seen.targetGroupMetrics;
        return unsure({ evidence: 'targetGroupMetrics', why, detail, ...(action === undefined ? {} : { action }) });
      }
      return foundOr(internal, text`no request was answered ${code(502)}, and no invocation failed within AWS Lambda`);
    }

    const judged = functions.map((routed): Judged => {
      const found = ifSeen(seen.lambdaFunctions)?.find(({ arn }) => arn === routed.target.id);
      const values = lambdaMetrics.of.find(({ id }) => id === routed.arn.unqualified)?.values ?? {};
      const failures = failuresOf(values, found?.configuration ?? null, episode);
      const ofGroup = countsOf(routed.group.arn, ifSeen(seen.targetGroupMetrics), episode.span);
      return { routed, found, failures, ...ofGroup, errors502 };
    });
    const ofFunctions = judged.flatMap((one) => {
      const failure = failureOf(one);
      if (failure === null) return [];
      const { routed, found, failures } = one;
      const shape = ifSeen(seen.targetGroupAttributes)?.[routed.group.arn]?.['lambda.multi_value_headers.enabled'];
      return [
        {
          strength: failure.strength,
          says: headline(failure.kind, one),
          ...(failure.since === null ? {} : { since: failure.since }),
          because: [
            ...proofOf(failure.kind, failures, errors502, failure.since ?? episode.onset),
            ...configured(failure.kind, found, shape, episode.onset),
            ...(one.userErrors === null
              ? []
              : [
                  {
                    from: 'targetGroupMetrics' as const,
                    shows: text`${code('LambdaUserError')} of ${resource(routed.group.name)}: ${grouped(one.userErrors)}, against ${count(errors502, 'request')} answered ${code(502)}`,
                  },
                ]),
          ],
          affects: affecting([routed.target]),
          explains: ['502'],
          restsOn: [routed.arn.unqualified],
          fromAbsence: failure.kind === 'shape',
          fixes: lambdaFixes(failure.kind, routed.arn, found, episode.onset),
          facts: {
            function: routed.arn.name,
            failure: failure.kind,
            errors: failures.errors,
            throttles: failures.throttles,
            invocations: failures.invocations,
            userErrors: one.userErrors,
            errors502,
          },
        } satisfies Found<'lambdaMetrics' | 'loadBalancerMetrics', Cites>,
      ];
    });
    const findings = [...ofFunctions, ...internal];
    if (findings.length > 0) return foundOr(findings, text``);
    const silent = judged.filter(({ failures, userErrors }) => failures.invocations === null && userErrors !== 0);
    if (silent.length > 0) {
      return unsure({
        evidence: 'lambdaMetrics',
        why: 'partial',
        detail: 'the function sent CloudWatch no metric at the time of the errors',
        ids: silent.map(({ routed }) => routed.target.id),
      });
    }
    return ruledOut(
      text`${listed(functions.map(({ arn }) => resource(arn.name)))} ran without more errors or throttles than before`,
    );
  },
});

type Cites =
  | 'lambdaMetrics'
  | 'loadBalancerMetrics'
  | 'lambdaFunctions'
  | 'targetGroupMetrics'
  | 'targetGroupAttributes';
export type LambdaFailure = 'throttled' | 'timed-out' | 'errors' | 'shape';

interface Judged {
  readonly routed: RoutedFunction;
  readonly found: LambdaFunction | undefined;
  readonly failures: LambdaFailures;
  /** Of the group; `null` where CloudWatch has nothing by group. */
  readonly userErrors: number | null;
  readonly requests: number | null;
  readonly errors502: number;
}

/** A group that sends its requests and no LambdaUserError has none: AWS leaves zeros out. */
function countsOf(group: string, metrics: MetricsById<TargetGroupMetric> | undefined, span: Span) {
  const values = metrics?.of.find(({ id }) => id === group)?.values ?? {};
  const requests = sumOf(within(values.RequestCount, span));
  const errors = sumOf(within(values.LambdaUserError, span));
  return { requests, userErrors: errors ?? (requests === null ? null : 0) };
}

interface Failure {
  readonly kind: LambdaFailure;
  readonly strength: 'decisive' | 'strong' | 'circumstantial';
  readonly since: string | null;
}

function failureOf(one: Judged): Failure | null {
  const { failures, userErrors, errors502, routed } = one;
  if (userErrors === 0) return null;
  // Whether the 502s are this group's own.
  const own = userErrors === null ? routed.alone : userErrors >= MOST * errors502;
  const enough = MOST * (userErrors ?? errors502);
  const { throttled, failing } = failures;
  const candidates = [
    ...(throttled === null ? [] : [{ kind: 'throttled' as const, rise: throttled }]),
    ...(failing === null
      ? []
      : [{ kind: failures.timesOut ? ('timed-out' as const) : ('errors' as const), rise: failing }]),
  ].sort((a, b) => b.rise.count - a.rise.count);
  const [most] = candidates;
  if (most !== undefined && most.rise.count > 0) {
    const strength = own && most.rise.count >= enough ? 'decisive' : 'circumstantial';
    return { kind: most.kind, strength, since: most.rise.since };
  }
  return answersOddly(one) ? { kind: 'shape', strength: shapeStrength(one, own), since: null } : null;
}

/** It runs, and neither fails nor is refused. Were it not invoked for the load balancer, another rule tells. */
function answersOddly({ failures, userErrors, routed, found }: Judged): boolean {
  const { invocations, errors, throttles } = failures;
  if (invocations === null || invocations === 0 || errors !== 0 || (throttles ?? 0) > 0) return false;
  if (userErrors === null && !routed.alone) return false;
  const { is } = invokableBy(routed.group, found);
  return is === 'open' || is === 'unknown';
}

function shapeStrength({ userErrors, failures, requests, routed, found }: Judged, own: boolean): Failure['strength'] {
  const invoked = requests !== null && failures.invocations !== null && failures.invocations >= MOST * requests;
  const open = invokableBy(routed.group, found).is === 'open';
  return own && invoked && open && (userErrors ?? 0) > 0 ? 'strong' : 'circumstantial';
}

function headline(kind: LambdaFailure, { routed, found, failures }: Judged): Text {
  const { arn, group } = routed;
  const name = text`The function ${resource(arn.name)} behind ${resource(group.name)}`;
  switch (kind) {
    case 'throttled':
      return text`${name} is ${limitSaid(found?.reservedConcurrency ?? null)}`;
    case 'timed-out':
      return text`${name} runs into its timeout of ${seconds(found?.configuration?.timeoutSeconds ?? 0)}`;
    case 'errors': {
      const { errors, invocations } = failures;
      return errors === null || !invocations || errors > invocations
        ? text`${name} fails`
        : text`${name} fails: ${percent(errors / invocations)} of its runs end in an error`;
    }
    case 'shape':
      return text`${name} answers in a shape the load balancer cannot use`;
  }
}

function limitSaid(reserved: LambdaFunction['reservedConcurrency']): Text {
  if (reserved === 0) return text`switched off: its reserved concurrency is 0`;
  return typeof reserved === 'number'
    ? text`throttled at the ${count(reserved, 'concurrent run')} reserved for it`
    : text`throttled`;
}

function proofOf(
  kind: LambdaFailure,
  failures: LambdaFailures,
  errors502: number,
  since: string,
): readonly [Citation<Text, 'lambdaMetrics'>, ...Citation<Text, 'lambdaMetrics'>[]] {
  const { invocations, errors, throttles, longest, concurrent } = failures;
  const runs = text`${count(invocations ?? 0, 'invocation')}, against ${count(errors502, 'request')} answered ${code(502)}`;
  const cite = (shows: Text) => ({ from: 'lambdaMetrics' as const, shows, at: since });
  switch (kind) {
    case 'throttled':
      return [
        cite(text`${code('Throttles')}: ${grouped(throttles ?? 0)} since ${time(since)}, beside ${runs}`),
        ...(concurrent === null ? [] : [cite(text`at most ${grouped(concurrent)} ran at a time in those minutes`)]),
      ];
    case 'timed-out':
      return [
        cite(text`${code('Errors')}: ${grouped(errors ?? 0)} since ${time(since)}, among ${runs}`),
        cite(text`the longest run in those minutes took ${seconds((longest ?? 0) / 1000)}`),
      ];
    case 'errors':
      return [cite(text`${code('Errors')}: ${grouped(errors ?? 0)} since ${time(since)}, among ${runs}`)];
    case 'shape':
      return [cite(text`no error and no throttle among ${runs}: the function runs`)];
  }
}

function configured(
  kind: LambdaFailure,
  found: LambdaFunction | undefined,
  multiValue: string | undefined,
  onset: string,
): readonly Citation<Text, Cites>[] {
  const { reservedConcurrency: reserved = null, configuration } = found ?? {};
  const modified = configuration?.modifiedAt ?? null;
  const fresh = modified !== null && secondsBetween(modified, onset) >= -120 && secondsBetween(modified, onset) <= 3600;
  const said =
    reserved === 'none'
      ? text`no concurrency is reserved: it shares the account's`
      : text`its reserved concurrency is ${reserved ?? 0}`;
  return [
    ...(kind === 'throttled' && reserved !== null ? [{ from: 'lambdaFunctions' as const, shows: said }] : []),
    ...(kind === 'shape' && multiValue !== undefined
      ? [
          {
            from: 'targetGroupAttributes' as const,
            shows: text`${code('lambda.multi_value_headers.enabled')} is ${code(multiValue)}: headers must be of that kind`,
          },
        ]
      : []),
    ...(fresh
      ? [
          {
            from: 'lambdaFunctions' as const,
            shows: text`it was last modified at ${time(modified)}, shortly before`,
            at: modified,
          },
        ]
      : []),
  ];
}
