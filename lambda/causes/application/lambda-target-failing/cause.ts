import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, text, time } from '../../../incident/text.ts';
import { functionCall, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { failuresOf, modificationBefore } from '../../../semantics/functions/function-failures.ts';
import { type FunctionFault, faultOf } from '../../../semantics/functions/function-fault.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, foundOr, notApplicable, notRead, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { MULTI_VALUE_HEADERS, type Scene, storyOf } from './fault-story.ts';
import { failedByLambda } from './internal-errors.ts';
import { switchedOff } from './switched-off.ts';

export default defineCause({
  id: 'lambda-target-failing',
  needs: ['functions', 'errors', 'lambdaMetrics'],
  uses: ['targetGroupMetrics', 'targetGroupAttributes'],
  setOffBy: [functionCall('updates-code', 'configures', 'sets-alias'), routingTo],

  examine({ functions, errors, lambdaMetrics, targetGroupMetrics, targetGroupAttributes }) {
    if (functions.length === 0) {
      return notApplicable(text`no Lambda function gets requests`, 'targetGroups', 'targetHealth');
    }
    const { episode } = errors;
    const all = errors.count('502', '504');
    const off = episode === null ? [] : switchedOff(functions, lambdaMetrics, episode, errors.count('502'));
    if (episode === null || all === 0) {
      if (off.length > 0) return { is: 'found', findings: off };
      return ruledOut(text`no request was answered ${code(502)} or ${code(504)}`, 'loadBalancerMetrics');
    }
    const byGroup = ifSeen(targetGroupMetrics);
    const internal = failedByLambda(functions, byGroup, all, episode);
    if (errors.count('502') === 0) {
      const [missing] = targetGroupMetrics.seen ? [] : notRead('targetGroupMetrics', targetGroupMetrics);
      if (missing !== undefined && off.length === 0) return unsure(missing);
      return foundOr(
        [...internal, ...off],
        text`no request was answered ${code(502)}, and no invocation failed inside AWS Lambda`,
      );
    }

    const judged = functions.map((routed) => {
      const own = lambdaMetrics.of.find(({ id }) => id === routed.arn.unqualified)?.values ?? {};
      const ofGroup = byGroup?.of.find(({ id }) => id === routed.group.arn)?.values ?? {};
      const failures = failuresOf({ own, ofGroup }, routed.found?.configuration ?? null, episode);
      return { ...routed, ...failures, errors502: errors.count('502') };
    });
    const ofFunctions = judged.flatMap((one) => {
      const fault = faultOf(one);
      const multiValueHeaders = ifSeen(targetGroupAttributes)?.[one.group.arn]?.[MULTI_VALUE_HEADERS];
      return fault === null ? [] : [findingOf(fault, { ...one, onset: episode.onset, multiValueHeaders })];
    });
    const findings = [...ofFunctions, ...internal, ...off];
    if (findings.length > 0) return { is: 'found', findings };
    const silent = judged.filter(({ invocations, userErrors }) => invocations === null && userErrors !== 0);
    if (silent.length > 0) {
      const detail = 'CloudWatch has no metrics of the function at the time of the errors';
      return unsure({ evidence: 'lambdaMetrics', why: 'partial', detail, ids: silent.map(({ target }) => target.id) });
    }
    const names = andList(functions.map(({ arn }) => resource(arn.name)));
    return ruledOut(text`${names} had no more errors or throttles than before`);
  },
});

type Cites = 'lambdaMetrics' | 'lambdaFunctions' | 'targetGroupMetrics' | 'targetGroupAttributes';

function findingOf(fault: FunctionFault, scene: Scene): Found<'lambdaMetrics', Cites> {
  const { arn, group, found, errors, throttles, invocations, userErrors, errors502, onset } = scene;
  const story = storyOf(fault, scene);
  const modified = modificationBefore(onset, found);
  return {
    strength: fault.strength,
    says: text`The function ${resource(arn.name)} behind target group ${resource(group.name)} ${story.says}`,
    since: fault.since,
    because: [
      ...story.proof,
      modified !== null &&
        citeAt(modified).lambdaFunctions`the function was last modified at ${time(modified)}, shortly before`,
      userErrors !== null &&
        cite.targetGroupMetrics`${count(userErrors, 'error')} (${code('LambdaUserError')}) of ${resource(group.name)}, against ${count(errors502, 'request')} answered ${code(502)}`,
    ],
    affects: scopeOf([scene.target]),
    explains: ['502'],
    restsOn: [arn.unqualified],
    fromAbsence: fault.kind === 'shape',
    madeBy: fault.kind === 'throttled' ? [functionCall('limits')] : [],
    fixes: story.fixes,
    facts: { function: arn.name, failure: fault.kind, errors, throttles, invocations, userErrors, errors502 },
  };
}
