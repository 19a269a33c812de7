import type { Attributes } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, listed, resource, text } from '../../../incident/text.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { failuresOf } from '../../../semantics/functions/function-failures.ts';
import { routedFunctions } from '../../../semantics/functions/routed-functions.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { countsOf, type Failure, failureOf, type JudgedFunction } from './failure.ts';
import { lambdaFixes } from './failure-fixes.ts';
import { failureProof, failureSaid, settingsSaid } from './failure-words.ts';
import { failedByLambda } from './internal-errors.ts';

export const lambdaTargetFailing = defineCause({
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
    const errors502 = episode === null ? 0 : errorsInEpisode(errorSeries(metrics), '502', episode);
    const errors504 = episode === null ? 0 : errorsInEpisode(errorSeries(metrics), '504', episode);
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

    const judged = functions.map((routed): JudgedFunction => {
      const found = ifSeen(seen.lambdaFunctions)?.find(({ arn }) => arn === routed.target.id);
      const values = lambdaMetrics.of.find(({ id }) => id === routed.arn.unqualified)?.values ?? {};
      const failures = failuresOf(values, found?.configuration ?? null, episode);
      const ofGroup = countsOf(routed.group.arn, ifSeen(seen.targetGroupMetrics), episode.span);
      return { routed, found, failures, ...ofGroup, errors502 };
    });
    const attributes = ifSeen(seen.targetGroupAttributes);
    const ofFunctions = judged.flatMap((one) => {
      const failure = failureOf(one);
      return failure === null ? [] : [found(one, failure, attributes?.[one.routed.group.arn], episode.onset)];
    });
    const findings = [...ofFunctions, ...internal];
    if (findings.length > 0) return { is: 'found', findings };
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

function found(
  one: JudgedFunction,
  failure: Failure,
  attributes: Attributes | undefined,
  onset: string,
): Found<'lambdaMetrics' | 'loadBalancerMetrics', Cites> {
  const { routed, found: fn, failures, errors502 } = one;
  const shape = attributes?.['lambda.multi_value_headers.enabled'];
  return {
    strength: failure.strength,
    says: failureSaid(failure.kind, one),
    ...(failure.since === null ? {} : { since: failure.since }),
    because: [
      ...failureProof(failure.kind, failures, errors502, failure.since ?? onset),
      ...settingsSaid(failure.kind, fn, shape, onset),
      ...(one.userErrors === null
        ? []
        : [
            {
              from: 'targetGroupMetrics' as const,
              shows: text`${code('LambdaUserError')} of ${resource(routed.group.name)}: ${formatNumber(one.userErrors)}, against ${count(errors502, 'request')} answered ${code(502)}`,
            },
          ]),
    ],
    affects: scopeOf([routed.target]),
    explains: ['502'],
    restsOn: [routed.arn.unqualified],
    fromAbsence: failure.kind === 'shape',
    fixes: lambdaFixes(failure.kind, routed.arn, fn, onset),
    facts: {
      function: routed.arn.name,
      failure: failure.kind,
      errors: failures.errors,
      throttles: failures.throttles,
      invocations: failures.invocations,
      userErrors: one.userErrors,
      errors502,
    },
  };
}
