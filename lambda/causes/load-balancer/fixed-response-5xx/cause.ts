import type { ErrorKind } from '../../../incident/cause.ts';
import type { Listener, ListenerRule, LoadBalancerMetric, Metrics, Values } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, type Text, text, time } from '../../../incident/text.ts';
import { ingressRules } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { excessOver, levelBefore } from '../../../semantics/errors/count-rise.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { plusSeconds, type Span, spanOf, sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { routingChange } from '../../kit/changes.ts';

/** Fixed responses that fall into the same minutes as this share of the errors account for them, … */
const MOST = 0.5;
/** … unless there are far more of them than errors: then they are not counted among the errors. */
const FAR_MORE = 2;
/** Fewer than this share of the errors in their minutes: the errors come from elsewhere. */
const FEW = 0.1;

export default defineCause({
  id: 'fixed-response-5xx',
  needs: ['loadBalancerMetrics', 'listenerRules'],
  uses: ['listeners', 'tags', 'loadBalancer'],
  madeBy: [routingChange],
  inCluster: { mends: [ingressRules] },

  examine({ loadBalancerMetrics: metrics, listenerRules, listeners, tags, loadBalancer }, { window }) {
    const codes = [...new Set(listenerRules.flatMap(fixedCodes))].sort();
    const kinds = [...new Set(codes.flatMap(kindOf))];
    if (kinds.length === 0) return ruledOut(text`no rule answers 5xx itself`, 'listenerRules');
    const episode = errorEpisode(metrics, window);
    const span = episode?.span ?? spanOf(metrics.grid, window.from, window.to);
    const fixed = withZeros(metrics, 'HTTP_Fixed_Response_Count');
    if ((sumOf(valuesIn(fixed, span)) ?? 0) === 0) {
      return ruledOut(text`no request was answered by a fixed response`, 'loadBalancerMetrics');
    }

    const others = codes.some((status) => kindOf(status).length === 0);
    const since = timeOfMinute(metrics.grid, span.first);
    const lb = ifSeen(loadBalancer)?.arn ?? '';
    const findings = kinds.flatMap((kind): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'listenerRules'>[] => {
      const match = matched(metrics, kind, fixed, span, episode, others);
      // AWS does not say that it counts these among the errors of their code: they may be there without one.
      if (match.elsewhere || (match.errors === 0 && others)) return [];
      const rules = listenerRules.filter((rule) => fixedCodes(rule).some((status) => kindOf(status).includes(kind)));
      const answers = [...new Set(rules.flatMap(fixedCodes))].filter((status) => kindOf(status).includes(kind)).sort();
      const named = listed(rules.map((rule) => nameOf(rule, ifSeen(listeners))));
      return [
        {
          strength: match.accounts ? 'strong' : 'circumstantial',
          says: text`${capital(named)} ${rules.length === 1 ? 'answers' : 'answer'} ${listed(answers.map(code))} on purpose`,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(match.fixed, 'fixed response')} since ${time(since)}, against ${count(match.errors, 'request')} answered ${listed(answers.map(code))} by the load balancer${match.accounts ? ', in the same minutes' : ''}`,
              at: since,
            },
            { from: 'listenerRules', shows: text`${named}: fixed response ${listed(answers.map(code))}` },
            ...(others && !match.accounts
              ? [
                  {
                    from: 'listenerRules' as const,
                    shows: text`other rules give fixed responses that are no 5xx: they are counted together`,
                  },
                ]
              : []),
          ],
          affects: { targetGroups: [], targets: [] },
          explains: [kind],
          fixes: [
            ...changedBy(rules, since),
            {
              does: text`if it is not meant to answer now, let it forward to the target group again`,
              run: null,
              changes: true,
              undo: null,
              verify: ['aws', 'elbv2', 'describe-rules', '--rule-arns', ...rules.slice(0, 10).map(({ arn }) => arn)],
              ...managedByField(ifSeen(tags)?.[lb] ?? {}),
            },
          ],
          facts: {
            rules: rules.map(({ arn }) => arn),
            codes: answers,
            fixedResponses: match.fixed,
            errors: match.errors,
          },
        },
      ];
    });
    return foundOr(findings, text`fixed responses do not make up the errors`);
  },
});

/** How far fixed responses and the errors of a kind fall into the same minutes. */
function matched(
  metrics: Metrics<LoadBalancerMetric>,
  kind: ErrorKind,
  fixed: Values,
  span: Span,
  episode: EpisodeSpan | null,
  others: boolean,
) {
  const errors = valuesIn(errorSeries(metrics)[kind], span);
  // Responses that are no 5xx are in the same count: only what came on top of them can be these errors.
  const level = others ? episode && levelBefore(fixed, episode) : 0;
  const own = excessOver(valuesIn(fixed, span), level ?? 0);
  const together = errors.reduce<number>((sum, value, index) => sum + Math.min(value ?? 0, own[index] ?? 0), 0);
  const total = sumOf(errors) ?? 0;
  const given = Math.round(sumOf(own) ?? 0);
  const accounts = level !== null && total > 0 && together >= MOST * total && given <= FAR_MORE * total;
  return { errors: total, fixed: given, accounts, elsewhere: level !== null && together < FEW * total };
}

function fixedCodes({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) => (action.type === 'fixed-response' ? [action.statusCode] : []));
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

function changedBy(rules: readonly ListenerRule[], onset: string) {
  const events = rules.some(({ priority }) => priority === null) ? ['ModifyListener'] : ['ModifyRule', 'CreateRule'];
  return events.map((event) => ({
    does: text`see whether ${code(event)} was called before the errors, and by whom`,
    run: whoCalled(event, plusSeconds(onset, -3600)),
    changes: false,
    undo: null,
    verify: null,
  }));
}

function capital(said: Text): Text {
  const [first, ...rest] = said;
  if (first?.kind !== 'word') return said;
  return [{ kind: 'word', text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}
