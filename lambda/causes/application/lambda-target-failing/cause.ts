import type { Attributes } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, listed, resource, text } from '../../../incident/text.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { failuresOf } from '../../../semantics/functions/function-failures.ts';
import { routedFunctions } from '../../../semantics/functions/routed-functions.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { functionCall, routingTo } from '../../kit/changes.ts';
import { countsOf, type Failure, failureOf, type JudgedFunction } from './failure.ts';
import { lambdaFixes } from './failure-fixes.ts';
import { failureProof, failureSaid, settingsSaid } from './failure-words.ts';
import { failedByLambda } from './internal-errors.ts';

export default defineCause({
  id: 'lambda-target-failing',
  needs: ['targetGroups', 'targetHealth', 'loadBalancerMetrics', 'lambdaMetrics'],
  uses: ['lambdaFunctions', 'targetGroupMetrics', 'targetGroupAttributes', 'listenerRules'],
  setOffBy: [functionCall('updates-code', 'configures', 'sets-alias'), routingTo],

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
    madeBy: failure.kind === 'throttled' ? [functionCall('limits')] : [],
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
