import type { ErrorKind } from '../../../incident/cause.ts';
import type { Listener, ListenerRule } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, type Text, type Time, text, time } from '../../../incident/text.ts';
import { ingressRules } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoChangedRouting } from '../../../remedies/listener.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { aws, fix, type Remedy } from '../../../remedies/remedy.ts';
import { withZeros } from '../../../semantics/errors/error-series.ts';
import { sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { fixedCodesIn } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { routingChange } from '../../kit/changes.ts';
import { type FixedShare, fixedShareOf } from './fixed-share.ts';

export default defineCause({
  id: 'fixed-response-5xx',
  needs: ['errors', 'listenerRules'],
  uses: ['listeners', 'tags', 'loadBalancer'],
  madeBy: [routingChange],
  inCluster: { mends: [ingressRules] },

  examine({ errors, listenerRules, listeners, tags, loadBalancer }) {
    const codes = listenerRules.flatMap(fixedCodesIn).sort();
    const kinds = [...new Set(codes.flatMap(kindOf))];
    if (kinds.length === 0) return ruledOut(text`no rule answers 5xx itself`, 'listenerRules');
    const fixed = withZeros(errors.metrics, 'HTTP_Fixed_Response_Count');
    if ((sumOf(valuesIn(fixed, errors.span)) ?? 0) === 0) {
      return ruledOut(text`no request was answered by a fixed response`, 'loadBalancerMetrics');
    }
    const others = codes.some((status) => kindOf(status).length === 0);
    const since = timeOfMinute(errors.metrics.grid, errors.span.first);
    const owner = managerOf(ifSeen(tags)?.[ifSeen(loadBalancer)?.arn ?? ''] ?? {});
    const findings = kinds.flatMap((kind) => {
      const share = fixedShareOf(kind, fixed, errors, others);
      const rules = listenerRules.filter((rule) => fixedCodesIn(rule).flatMap(kindOf).includes(kind));
      return share === null ? [] : [findingOf(kind, share, rules, ifSeen(listeners), since, owner)];
    });
    return foundOr(findings, text`fixed responses do not make up the errors`);
  },
});

function findingOf(
  kind: ErrorKind,
  share: FixedShare,
  rules: readonly ListenerRule[],
  listeners: readonly Listener[] | undefined,
  since: Time,
  managedBy: string | undefined,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'listenerRules'> {
  const codes = [...new Set(rules.flatMap(fixedCodesIn))].filter((status) => kindOf(status).includes(kind)).sort();
  const [answers, named] = [listed(codes.map(code)), listed(rules.map((rule) => nameOf(rule, listeners)))];
  return {
    strength: share.accounts ? 'strong' : 'circumstantial',
    says: text`${capital(named)} ${rules.length === 1 ? 'answers' : 'answer'} ${answers} on purpose`,
    because: [
      citeAt(since)
        .loadBalancerMetrics`${count(share.fixed, 'fixed response')} since ${time(since)}, against ${count(share.errors, 'request')} answered ${answers} by the load balancer${share.accounts ? ', in the same minutes' : ''}`,
      cite.listenerRules`${named}: fixed response ${answers}`,
      share.others &&
        !share.accounts &&
        cite.listenerRules`other rules give fixed responses that are no 5xx: they are counted together`,
    ],
    affects: { targetGroups: [], targets: [] },
    explains: [kind],
    fixes: fixesFor(rules, since, managedBy),
    facts: { rules: rules.map(({ arn }) => arn), codes, fixedResponses: share.fixed, errors: share.errors },
  };
}

/** As the load balancer counts it: there are metrics for four codes, all others are only in their total. */
function kindOf(statusCode: string): readonly ErrorKind[] {
  if (!statusCode.startsWith('5')) return [];
  return [(['500', '502', '503', '504'] as const).find((known) => known === statusCode) ?? 'other5xx'];
}

function nameOf({ priority, conditions, listenerArn }: ListenerRule, listeners: readonly Listener[] | undefined): Text {
  const port = listeners?.find(({ arn }) => arn === listenerArn)?.port;
  const on = port === undefined ? text`` : text` of port ${code(port)}`;
  if (priority === null) return text`the default rule${on}`;
  return text`rule ${priority}${on}${conditions.length === 0 ? '' : text` (${code(conditions.join(', '))})`}`;
}

function capital([first, ...rest]: Text): Text {
  if (first?.kind !== 'word') return first === undefined ? rest : [first, ...rest];
  return [{ kind: 'word', text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

function fixesFor(rules: readonly ListenerRule[], since: Time, managedBy: string | undefined): readonly Remedy[] {
  const events = rules.some(({ priority }) => priority === null) ? ['ModifyListener'] : ['ModifyRule', 'CreateRule'];
  const verify = aws('elbv2', 'describe-rules', { ruleArns: rules.slice(0, 10).map(({ arn }) => arn) });
  return [
    ...events.map((event) => whoChangedRouting(event, since)),
    fix(text`if it is not meant to answer now, let it forward to the target group again`, { verify, managedBy }),
  ];
}
