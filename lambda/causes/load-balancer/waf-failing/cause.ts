import type { Attributes } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, text, time } from '../../../incident/text.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { answersOnPurpose, authenticationIn, reachableRules } from '../../../semantics/traffic/routing.ts';
import { defineCause, ruledOut, unsure } from '../../cause.ts';

const FAIL_OPEN = 'waf.fail_open.enabled';
/** Fixed responses of this share of the 500s leave nothing to explain. */
const MOST = 0.5;

export default defineCause({
  id: 'waf-failing',
  needs: ['loadBalancerMetrics', 'loadBalancerAttributes', 'listenerRules'],
  uses: ['webAcl', 'loadBalancer', 'tags'],

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, loadBalancerAttributes: attributes, listenerRules } = seen;
    const episode = errorEpisode(metrics, window);
    const errors = episode === null ? 0 : errorsInEpisode(errorSeries(metrics), '500', episode);
    if (episode === null || errors === 0) {
      return ruledOut(text`the load balancer itself answered no ${code(500)}`, 'loadBalancerMetrics');
    }
    if (attributes[FAIL_OPEN] === 'true') {
      return ruledOut(text`${code(FAIL_OPEN)} is on: requests pass when AWS WAF fails`, 'loadBalancerAttributes');
    }
    if (!seen.webAcl.seen) {
      const { why, detail, action } = seen.webAcl;
      return unsure({ evidence: 'webAcl', why, detail, ...(action === undefined ? {} : { action }) });
    }
    const acl = seen.webAcl.value;
    if (acl === null) return ruledOut(text`no web ACL is associated with the load balancer`, 'webAcl');
    const fixed = sumOf(valuesIn(withZeros(metrics, 'HTTP_Fixed_Response_Count'), episode.span)) ?? 0;
    if (answersOnPurpose(listenerRules, '500') && fixed >= MOST * errors) {
      return ruledOut(text`a rule answers ${code(500)} on purpose`, 'listenerRules', 'loadBalancerMetrics');
    }
    if (reachableRules(listenerRules).some((rule) => authenticationIn(rule).length > 0)) {
      const detail = 'a rule authenticates requests, and its failures are answered 500 as well';
      return unsure({ evidence: 'listenerRules', why: 'partial', detail });
    }
    if (Object.keys(metrics.values).some((name) => name.startsWith('TargetControl'))) {
      const detail = 'target optimizer is in use, and its failures are answered 500 as well';
      return unsure({ evidence: 'loadBalancerMetrics', why: 'partial', detail });
    }

    const arn = ifSeen(seen.loadBalancer)?.arn;
    const onPurpose = acl.blocksWith5xx.filter(({ statusCode }) => statusCode === '500').map(({ rule }) => code(rule));
    const setting = attributes[FAIL_OPEN];
    return {
      is: 'found',
      findings: [
        {
          strength: 'circumstantial',
          says: text`AWS WAF may fail to evaluate requests for web ACL ${resource(acl.name)}, and they are answered ${code(500)}`,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(errors, 'request')} answered ${code(500)} by the load balancer itself since ${time(episode.onset)}`,
              at: episode.onset,
            },
            { from: 'webAcl', shows: text`web ACL ${resource(acl.name)} is associated with the load balancer` },
            ...(setting === undefined
              ? []
              : [{ from: 'loadBalancerAttributes' as const, shows: text`${code(FAIL_OPEN)} is ${code(setting)}` }]),
            {
              from: 'listenerRules',
              shows: text`no rule authenticates requests, the other thing that makes a load balancer answer ${code(500)}`,
            },
            ...(onPurpose.length === 0
              ? []
              : [
                  {
                    from: 'webAcl' as const,
                    shows: text`${listed(onPurpose)} of it answers ${code(500)} to what it blocks: such errors are no failure of WAF`,
                  },
                ]),
          ],
          affects: { targetGroups: [], targets: [] },
          explains: ['500'],
          restsOn: [acl.arn],
          fromAbsence: true,
          fixes: [
            ...looks(episode, attributes),
            ...(arn === undefined ? [] : [letPass(arn, ifSeen(seen.tags)?.[arn] ?? {})]),
          ],
          facts: { errors500: errors, webAcl: acl.arn, failOpen: setting ?? null },
        },
      ],
    };
  },
});

function looks({ onset }: EpisodeSpan, attributes: Attributes): readonly Remedy[] {
  return [
    proving(attributes),
    {
      does: text`see whether the web ACL was changed before the errors, and by whom`,
      run: whoCalled('UpdateWebACL', plusSeconds(onset, -3600)),
      ...{ changes: false, undo: null, verify: null },
    },
  ];
}

/** Only the access log holds the proof, and only from when on it is written. */
function proving(attributes: Attributes): Remedy {
  const bucket = attributes['access_logs.s3.bucket'];
  const proves = text`${code('waf-failed')} in ${code('actions_executed')}, or ${code('WAF…')} in ${code('error_reason')}, proves it`;
  const none = { run: null, undo: null, verify: null };
  if (attributes['access_logs.s3.enabled'] === 'false') {
    const does = text`turn the access log on: it is off, so the errors until now cannot be proven. In it, ${proves}`;
    return { does, changes: true, ...none };
  }
  const where = bucket ? text` in bucket ${code(bucket)}` : text`, if it is written`;
  return { does: text`read the access log${where}: ${proves}`, changes: false, ...none };
}

/** A choice between an outage and no filter: whoever answers for the web ACL has to make it. */
function letPass(arn: string, tags: Readonly<Record<string, string>>): Remedy {
  const set = (value: string) => [
    ...['aws', 'elbv2', 'modify-load-balancer-attributes', '--load-balancer-arn', arn],
    ...['--attributes', `Key=${FAIL_OPEN},Value=${value}`],
  ];
  return {
    does: text`let requests pass unfiltered while AWS WAF fails, if whoever answers for the web ACL agrees`,
    run: set('true'),
    changes: true,
    undo: set('false'),
    verify: ['aws', 'elbv2', 'describe-load-balancer-attributes', '--load-balancer-arn', arn],
    ...managedByField(tags),
  };
}
