import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule } from '../../../incident/evidence.ts';
import { andList, code, count, formatNumber, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtProviders, whoChangedRouting } from '../../../remedies/listener.ts';
import { look } from '../../../remedies/remedy.ts';
import type { risesOf } from '../../../semantics/errors/count-rise.ts';
import { earliest } from '../../../semantics/time/minutes.ts';
import { authenticationIn, providerHostsIn, routedGroups } from '../../../semantics/traffic/routing.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { LogProof } from '../../kit/log-proof.ts';
import { type ClosingEvidence, closedWaysTo, HTTPS } from './closed-ways.ts';

/** Failed steps are of the order of the errors from this share of them on, … */
export const MANY = 0.5;
/** … and up to so many of them for each error: a failed login may also be answered 401. */
const FAR_MORE = 3;

interface Failures {
  readonly explains: readonly ErrorKind[];
  readonly errors: number;
  /** Steps of logins that failed. */
  readonly failed: number;
  readonly risen: ReturnType<typeof risesOf>;
  readonly onset: Time;
  readonly rules: readonly ListenerRule[];
  readonly log: LogProof;
}

type Proof = 'loadBalancerMetrics' | 'listenerRules';

export function failedLogins(
  { explains, errors, failed, risen, onset, rules, log }: Failures,
  seen: ClosingEvidence,
): Found<Proof, Proof | 'securityGroups' | 'routeTables' | 'accessLog'> {
  const isOfTheirOrder = failed >= MANY * errors && failed <= FAR_MORE * errors;
  const hosts = [...new Set(rules.flatMap(providerHostsIn))].sort();
  const steps = [...new Set(rules.flatMap(authenticationIn))].sort();
  const provider = hosts.length === 0 ? text`the identity provider` : andList(hosts.map(code), 2);
  const asks = hosts.length === 0 ? text`` : text`, which asks ${provider}`;
  const { groups, subnets, ...closed } = closedWaysTo(provider, seen);
  return {
    strength: log.holds ? 'decisive' : isOfTheirOrder ? 'strong' : 'circumstantial',
    says:
      log.holds || isOfTheirOrder
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
      ...log.shows,
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
      !log.holds &&
        look(text`read ${code('error_reason')} in the access log, if it is on: it names the step that failed`),
      whoChangedRouting('ModifyRule', onset),
    ],
    facts: {
      ...{ errors, failedSteps: failed, steps, hosts, port: HTTPS },
      ...{ closedSecurityGroups: groups, subnetsWithoutWayOut: subnets },
    },
  };
}

export const saidOf = (kind: ErrorKind): Text =>
  kind === '500' ? text`${code(500)}` : text`a 5xx without a metric of its own (${code(561)}, ${code(562)} or others)`;
