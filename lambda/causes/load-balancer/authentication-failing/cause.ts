import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule, LoadBalancerMetric } from '../../../incident/evidence.ts';
import { andList, code, count, formatNumber, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtProviders, whoChangedRouting } from '../../../remedies/listener.ts';
import { look } from '../../../remedies/remedy.ts';
import { routingChange, ruleRemoval } from '../../../semantics/changes/change-kinds.ts';
import { riseOf, risesOf } from '../../../semantics/errors/count-rise.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { fixedOfOtherCodes } from '../../../semantics/errors/fixed-share.ts';
import { earliest } from '../../../semantics/time/minutes.ts';
import { authenticationIn, providerHostsIn, reachableRules, routedGroups } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, oneFinding, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { type ClosingEvidence, closedWaysTo, HTTPS } from './closed-ways.ts';

const KINDS: readonly ErrorKind[] = ['500', 'other5xx'];
const COUNTS: readonly LoadBalancerMetric[] = ['ELBAuthError', 'ELBAuthFailure', 'ELBAuthUserClaimsSizeExceeded'];
/** Failed steps are of the order of the errors from this share of them on, … */
const MANY = 0.5;
/** … and up to so many of them for each error: a failed login may also be answered 401. */
const FAR_MORE = 3;

export default defineCause({
  id: 'authentication-failing',
  needs: ['errors', 'listenerRules'],
  uses: ['loadBalancer', 'securityGroups', 'routeTables'],
  madeBy: [ruleRemoval('egress', HTTPS)],
  setOffBy: [routingChange],

  examine({ errors, listenerRules, ...seen }) {
    const rules = reachableRules(listenerRules).filter((rule) => authenticationIn(rule).length > 0);
    if (rules.length === 0) return ruledOut(text`no rule authenticates users or validates tokens`, 'listenerRules');
    const { metrics, series, episode } = errors;
    const kinds = KINDS.filter((kind) => errors.count(kind) > 0);
    if (episode === null || kinds.length === 0) {
      const codes = text`${code(500)}, ${code(561)} or ${code(562)}`;
      return ruledOut(text`the load balancer answered no ${codes}`, 'loadBalancerMetrics');
    }
    const risen = risesOf(metrics, COUNTS, episode);
    const failed = risen.reduce((sum, { count }) => sum + count, 0);
    const answered = errors.count(...kinds);
    if (failed === 0 && riseOf(errorsOfKinds(series, kinds), episode) === null) {
      const codes = andList(kinds.map(saidOf));
      return ruledOut(text`${codes} and failed logins came as often before`, 'loadBalancerMetrics');
    }
    if (failed === 0 && answered - fixedOfOtherCodes(errors, listenerRules) < MANY * answered) {
      return ruledOut(text`a rule answers these errors on purpose`);
    }
    const failures = { explains: kinds, errors: answered, failed, risen, onset: episode.onset, rules };
    return oneFinding(findingOf(failures, seen));
  },
});

interface Failures {
  readonly explains: readonly ErrorKind[];
  readonly errors: number;
  /** Steps of logins that failed. */
  readonly failed: number;
  readonly risen: ReturnType<typeof risesOf>;
  readonly onset: Time;
  readonly rules: readonly ListenerRule[];
}

type Proof = 'loadBalancerMetrics' | 'listenerRules';

function findingOf(
  { explains, errors, failed, risen, onset, rules }: Failures,
  seen: ClosingEvidence,
): Found<Proof, Proof | 'securityGroups' | 'routeTables'> {
  const isOfTheirOrder = failed >= MANY * errors && failed <= FAR_MORE * errors;
  const hosts = [...new Set(rules.flatMap(providerHostsIn))].sort();
  const steps = [...new Set(rules.flatMap(authenticationIn))].sort();
  const provider = hosts.length === 0 ? text`the identity provider` : andList(hosts.map(code), 2);
  const asks = hosts.length === 0 ? text`` : text`, which asks ${provider}`;
  const { groups, subnets, ...closed } = closedWaysTo(provider, seen);
  return {
    strength: isOfTheirOrder ? 'strong' : 'circumstantial',
    says: isOfTheirOrder
      ? text`Authentication with ${provider} fails${closed.said}`
      : text`Authentication with ${provider} may be failing`,
    since: isOfTheirOrder ? earliest(risen.map((rise) => rise.since)) : undefined,
    because: [
      citeAt(onset)
        .loadBalancerMetrics`${count(errors, 'request')} answered ${andList(explains.map(saidOf))} since ${time(onset)}`,
      ...risen.map(
        ({ name, count, since }) =>
          citeAt(since).loadBalancerMetrics`${code(name)}: ${formatNumber(count)} from ${time(since)} on`,
      ),
      cite.listenerRules`${count(rules.length, 'rule')} with ${andList(steps.map(code))}${asks}`,
      ...closed.shows,
    ],
    affects: { targetGroups: [], targets: [] },
    hides: routedGroups(rules),
    explains,
    restsOn: [...groups, ...subnets],
    fixes: [
      ...closed.fixes,
      ...lookAtProviders(hosts),
      look(text`read ${code('error_reason')} in the access log, if it is on: it names the step that failed`),
      whoChangedRouting('ModifyRule', onset),
    ],
    facts: {
      ...{ errors, failedSteps: failed, steps, hosts, port: HTTPS },
      ...{ closedSecurityGroups: groups, subnetsWithoutWayOut: subnets },
    },
  };
}

const saidOf = (kind: ErrorKind): Text =>
  kind === '500' ? text`${code(500)}` : text`a 5xx without a metric of its own (${code(561)}, ${code(562)} or others)`;
