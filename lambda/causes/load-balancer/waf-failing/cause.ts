import type { Errors } from '../../../computed/errors.ts';
import type { ListenerRule, WebAcl } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Time, text, time } from '../../../incident/text.ts';
import { whoChangedRouting } from '../../../remedies/listener.ts';
import { proofInAccessLog, setLoadBalancerAttribute } from '../../../remedies/load-balancer.ts';
import { countIn, usesTargetOptimizer } from '../../../semantics/errors/error-series.ts';
import { answersOnPurpose, authenticationIn, reachableRules } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, notRead, oneFinding, ruledOut, type SeenBy, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { type LogProof, logProof } from '../../kit/log-proof.ts';

const FAIL_OPEN = 'waf.fail_open.enabled';
/** Fixed responses of this share of the 500s leave nothing to explain. */
const MOST = 0.5;

const PROOF = text`${code('waf-failed')} in ${code('actions_executed')}, or ${code('WAF…')} in ${code('error_reason')}, proves it`;
const CHANGED = text`see whether the web ACL was changed before the errors, and by whom`;
/** A choice between an outage and no filter: whoever answers for the web ACL has to make it. */
const OPEN = text`let requests pass unfiltered while AWS WAF fails, if the owner of the web ACL agrees`;

export default defineCause({
  id: 'waf-failing',
  needs: ['errors', 'loadBalancerAttributes', 'listenerRules'],
  uses: ['webAcl', 'loadBalancer', 'tags', 'logEndings'],

  examine(seen) {
    const { errors, loadBalancerAttributes: attributes, listenerRules } = seen;
    const { episode } = errors;
    const errors500 = errors.count('500');
    if (episode === null || errors500 === 0) {
      return ruledOut(text`the load balancer itself answered no ${code(500)}`, 'loadBalancerMetrics');
    }
    if (attributes[FAIL_OPEN] === 'true') {
      return ruledOut(text`${code(FAIL_OPEN)} is on: requests pass when AWS WAF fails`, 'loadBalancerAttributes');
    }
    const [unread] = seen.webAcl.seen ? [] : notRead('webAcl', seen.webAcl);
    if (unread !== undefined) return unsure(unread);
    const acl = ifSeen(seen.webAcl);
    if (!acl) return ruledOut(text`no web ACL is associated with the load balancer`, 'webAcl');
    const log = logProof(seen.logEndings, '500', null, errors, { ending: 'waf-failed' });
    const finding = findingOf(acl, errors500, episode.onset, log, seen);
    return answeredBesides(errors, listenerRules, log) ?? oneFinding(finding);
  },
});

/** What else makes a load balancer answer 500: it rules AWS WAF out, or cannot be told from it. */
function answeredBesides({ metrics, span, count: countOf }: Errors, rules: readonly ListenerRule[], log: LogProof) {
  if (log.holds || log.denies !== null) return log.denies;
  const fixed = countIn(metrics, 'HTTP_Fixed_Response_Count', span);
  if (answersOnPurpose(rules, '500') && fixed >= MOST * countOf('500')) {
    return ruledOut(text`a rule answers ${code(500)} on purpose`, 'listenerRules', 'loadBalancerMetrics');
  }
  if (reachableRules(rules).some((rule) => authenticationIn(rule).length > 0)) {
    const detail = 'a rule authenticates requests, and its failures are answered 500 as well';
    return unsure({ evidence: 'listenerRules', why: 'partial', detail });
  }
  if (usesTargetOptimizer(metrics)) {
    const detail = 'target optimizer is in use, and its failures are answered 500 as well';
    return unsure({ evidence: 'loadBalancerMetrics', why: 'partial', detail });
  }
  return null;
}

type Proof = 'loadBalancerMetrics' | 'loadBalancerAttributes' | 'listenerRules';

function findingOf(
  acl: WebAcl,
  errors500: number,
  onset: Time,
  log: LogProof,
  { loadBalancerAttributes: attributes, loadBalancer, tags }: SeenBy<'loadBalancerAttributes', 'loadBalancer' | 'tags'>,
): Found<Proof, Proof | 'webAcl' | 'accessLog'> {
  const setting = attributes[FAIL_OPEN];
  const arn = ifSeen(loadBalancer)?.arn;
  const onPurpose = acl.blocksWith5xx.filter(({ statusCode }) => statusCode === '500').map(({ rule }) => code(rule));
  return {
    strength: log.holds ? 'decisive' : 'circumstantial',
    says: text`AWS WAF ${log.holds ? 'fails' : 'may fail'} to evaluate requests for web ACL ${resource(acl.name)}, so the load balancer answers ${code(500)}`,
    because: [
      citeAt(onset)
        .loadBalancerMetrics`${count(errors500, 'request')} answered ${code(500)} by the load balancer itself since ${time(onset)}`,
      cite.webAcl`web ACL ${resource(acl.name)} is associated with the load balancer`,
      setting !== undefined && cite.loadBalancerAttributes`${code(FAIL_OPEN)} is ${code(setting)}`,
      ...log.shows,
      !log.holds &&
        cite.listenerRules`no rule authenticates requests, the other reason for a load balancer to answer ${code(500)}`,
      onPurpose.length > 0 &&
        cite.webAcl`${andList(onPurpose)} ${onPurpose.length === 1 ? 'answers' : 'answer'} ${code(500)} to blocked requests: such errors are not a failure of WAF`,
    ],
    affects: { targetGroups: [], targets: [] },
    explains: ['500'],
    restsOn: [acl.arn],
    fromAbsence: !log.holds,
    fixes: [
      !log.holds && proofInAccessLog(attributes, PROOF),
      whoChangedRouting('UpdateWebACL', onset, CHANGED),
      arn &&
        setLoadBalancerAttribute({ arn, tags: ifSeen(tags)?.[arn] }, FAIL_OPEN, { from: 'false', to: 'true' }, OPEN),
    ],
    facts: { errors500, webAcl: acl.arn, failOpen: setting ?? null },
  };
}
