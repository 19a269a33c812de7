import type { Errors } from '../../../computed/errors.ts';
import type { ErrorKind } from '../../../incident/cause.ts';
import type { Listener, ListenerRule } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, type Text, text, time } from '../../../incident/text.ts';
import { ingressRules } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoChangedRouting } from '../../../remedies/listener.ts';
import { forwardInstead } from '../../../remedies/listener-forward.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { aws } from '../../../remedies/remedy.ts';
import { routingChange } from '../../../semantics/changes/change-kinds.ts';
import { countIn, kindOfCode } from '../../../semantics/errors/error-series.ts';
import { fixedShareOf } from '../../../semantics/errors/fixed-share.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { fixedCodesIn, forwardAfter, groupsBehind } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { bodySaid, missingBehind, missingFixes, missingSaid } from './missing-backend.ts';

export default defineCause({
  id: 'fixed-response-5xx',
  needs: ['errors', 'listenerRules'],
  uses: ['listeners', 'tags', 'loadBalancer'],
  madeBy: [routingChange],
  inCluster: { mends: [ingressRules] },

  examine({ errors, listenerRules, listeners, tags, loadBalancer }) {
    const codes = listenerRules.flatMap(fixedCodesIn).sort();
    const kinds = [...new Set(codes.flatMap((status) => kindOfCode(status) ?? []))];
    if (kinds.length === 0) return ruledOut(text`no rule answers 5xx itself`, 'listenerRules');
    if (countIn(errors.metrics, 'HTTP_Fixed_Response_Count', errors.span) === 0) {
      return ruledOut(text`no request was answered by a fixed response`, 'loadBalancerMetrics');
    }
    const own = ifSeen(tags)?.[ifSeen(loadBalancer)?.arn ?? ''];
    const answered = { errors, listenerRules, listeners: ifSeen(listeners), tags: own };
    return foundOr(
      kinds.flatMap((kind) => findingOf(kind, answered) ?? []),
      text`fixed responses do not account for the errors`,
    );
  },
});

interface Answered {
  readonly errors: Errors;
  readonly listenerRules: readonly ListenerRule[];
  readonly listeners: readonly Listener[] | undefined;
  /** Of the load balancer. */
  readonly tags: Tags;
}

function findingOf(
  kind: ErrorKind,
  { errors, listenerRules, listeners, tags }: Answered,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'listenerRules'> | null {
  const others = listenerRules.flatMap(fixedCodesIn).some((status) => kindOfCode(status) === null);
  const share = fixedShareOf(kind, errors, others);
  if (share === null) return null;
  const { fixed, accounts } = share;
  const since = timeOfMinute(errors.metrics.grid, errors.span.first);
  const own = (status: string) => kindOfCode(status) === kind;
  const rules = listenerRules.filter((rule) => fixedCodesIn(rule).some(own));
  const codes = [...new Set(rules.flatMap(fixedCodesIn))].filter(own).sort();
  const [answers, named] = [andList(codes.map(code)), andList(rules.map((rule) => nameOf(rule, listeners)))];
  const arns = rules.map(({ arn }) => arn);
  const gone = missingBehind(rules, tags);
  const verify = aws('elbv2', 'describe-rules', { ruleArns: arns.slice(0, 10) });
  return {
    strength: !accounts ? 'circumstantial' : gone ? 'decisive' : 'strong',
    says:
      gone === null
        ? text`${capital(named)} ${rules.length === 1 ? 'answers' : 'answer'} ${answers} on purpose`
        : missingSaid(gone, named, tags),
    because: [
      citeAt(since)
        .loadBalancerMetrics`${count(fixed, 'fixed response')} since ${time(since)}, against ${count(share.errors, 'request')} answered ${answers} by the load balancer${accounts ? ', in the same minutes' : ''}`,
      cite.listenerRules`${named}: fixed response ${answers}`,
      gone && bodySaid(gone, rules),
      others &&
        !accounts &&
        cite.listenerRules`other rules return fixed responses other than 5xx, and AWS counts all of them together`,
    ],
    affects: { targetGroups: [], targets: [] },
    hides: groupsBehind(rules, listenerRules),
    explains: [kind],
    fixes: [
      ...(gone === null ? [] : missingFixes(gone, tags, verify)),
      ...callsThatSet(rules).map((event) => whoChangedRouting(event, since)),
      ...(gone === null
        ? rules.slice(0, 2).map((rule) => forwardInstead(rule, forwardAfter(rule, listenerRules), verify, tags))
        : []),
    ],
    facts: {
      rules: arns,
      codes,
      ...(gone === null ? {} : { missing: gone }),
      fixedResponses: fixed,
      errors: share.errors,
    },
  };
}

function nameOf({ priority, conditions, listenerArn }: ListenerRule, listeners: readonly Listener[] | undefined): Text {
  const port = listeners?.find(({ arn }) => arn === listenerArn)?.port;
  const on = port === undefined ? text`` : text` of port ${code(port)}`;
  if (priority === null) return text`the default rule${on}`;
  return text`rule ${priority}${on}${conditions.length === 0 ? '' : text` (${code(conditions.join(', '))})`}`;
}

function capital([first, ...rest]: Text): Text {
  if (first?.kind !== 'word') return first === undefined ? rest : [first, ...rest];
  return [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}

function callsThatSet(rules: readonly ListenerRule[]): readonly string[] {
  return rules.some(({ priority }) => priority === null) ? ['ModifyListener'] : ['ModifyRule', 'CreateRule'];
}
