import type { Errors } from '../../../computed/errors.ts';
import type { LogEndings } from '../../../computed/log-endings.ts';
import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule, LoadBalancerMetric } from '../../../incident/evidence.ts';
import { andList, code, text } from '../../../incident/text.ts';
import { routingChange, ruleRemoval } from '../../../semantics/changes/change-kinds.ts';
import { riseOf, risesOf } from '../../../semantics/errors/count-rise.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { fixedOfOtherCodes } from '../../../semantics/errors/fixed-share.ts';
import { authenticationIn, reachableRules } from '../../../semantics/traffic/routing.ts';
import { defineCause, oneFinding, ruledOut } from '../../cause.ts';
import { type LogProof, logProof } from '../../kit/log-proof.ts';
import { HTTPS } from './closed-ways.ts';
import { failedLogins, MANY, saidOf } from './failed-logins.ts';

const KINDS: readonly ErrorKind[] = ['500', 'other5xx'];
const COUNTS: readonly LoadBalancerMetric[] = ['ELBAuthError', 'ELBAuthFailure', 'ELBAuthUserClaimsSizeExceeded'];

export default defineCause({
  id: 'authentication-failing',
  needs: ['errors', 'listenerRules'],
  uses: ['loadBalancer', 'securityGroups', 'routeTables', 'logEndings'],
  madeBy: [ruleRemoval('egress', HTTPS)],
  setOffBy: [routingChange],

  examine({ errors, listenerRules, ...seen }) {
    const rules = reachableRules(listenerRules).filter((rule) => authenticationIn(rule).length > 0);
    if (rules.length === 0) return ruledOut(text`no rule authenticates users or validates tokens`, 'listenerRules');
    const { metrics, episode } = errors;
    const kinds = KINDS.filter((kind) => errors.count(kind) > 0);
    if (episode === null || kinds.length === 0) {
      const codes = text`${code(500)}, ${code(561)} or ${code(562)}`;
      return ruledOut(text`the load balancer answered no ${codes}`, 'loadBalancerMetrics');
    }
    const risen = risesOf(metrics, COUNTS, episode);
    const failed = risen.reduce((sum, { count }) => sum + count, 0);
    const log = logOf(kinds, errors, seen.logEndings);
    const otherwise = failed === 0 && !log.holds ? withoutLogins(kinds, errors, listenerRules) : null;
    if (log.denies !== null) return log.denies;
    if (otherwise !== null) return otherwise;
    const failures = {
      explains: kinds,
      errors: errors.count(...kinds),
      failed,
      risen,
      onset: episode.onset,
      rules,
      log,
    };
    return oneFinding(failedLogins(failures, seen));
  },
});

/** What the errors are where no login is known to have failed; `null` where that may be seen elsewhere. */
function withoutLogins(kinds: readonly ErrorKind[], errors: Errors, rules: readonly ListenerRule[]) {
  const { series, episode } = errors;
  if (episode !== null && riseOf(errorsOfKinds(series, kinds), episode) === null) {
    const codes = andList(kinds.map(saidOf));
    return ruledOut(text`${codes} and failed logins came as often before`, 'loadBalancerMetrics');
  }
  const answered = errors.count(...kinds);
  if (answered - fixedOfOtherCodes(errors, rules) >= MANY * answered) return null;
  return ruledOut(text`a rule answers these errors on purpose`);
}

/** Of the kind that most errors are of: of two, none denies the other. */
function logOf(kinds: readonly ErrorKind[], errors: Errors, endings: LogEndings): LogProof {
  const [most = '500', other] = kinds.toSorted((one, two) => errors.count(two) - errors.count(one));
  const log = logProof(endings, most, null, errors, { ending: 'authentication' });
  return other === undefined ? log : { ...log, denies: null };
}
