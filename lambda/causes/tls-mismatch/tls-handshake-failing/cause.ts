import type { TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, resource, text, time } from '../../../incident/text.ts';
import { plainBackend } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { aws, look, type Remedy } from '../../../remedies/remedy.ts';
import { mendByHand } from '../../../remedies/target-group.ts';
import { listenerChange, rollout, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { backendPolicy } from '../../../semantics/targets/backend-tls-policy.ts';
import { plainSpeakers } from '../../../semantics/targets/health-check-answers.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, notApplicable, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { handshakeHeadline, handshakeProof } from './handshake-proof.ts';

/** From this share of the errors on, failed handshakes are of their order. */
const MANY = 0.5;

export default defineCause({
  id: 'tls-handshake-failing',
  needs: ['errors', 'counts', 'routed', 'targetGroups'],
  uses: ['targetHealth', 'listeners', 'tags'],
  breaksHealthChecks: true,
  madeBy: [routingTo],
  setOffBy: [listenerChange, rollout],
  inCluster: { mends: [plainBackend] },

  examine({ errors, counts, routed, targetGroups, ...seen }) {
    const https = targetGroups.filter(({ protocol }) => protocol === 'HTTPS');
    if (https.length === 0) return notApplicable(text`no target group uses HTTPS`, 'targetGroups');
    const failed = errors.episode && riseOf(counts.ofAll('TargetTLSNegotiationErrorCount'), errors.episode);
    if (failed === null) {
      return ruledOut(text`TLS handshakes with targets did not start to fail`, 'loadBalancerMetrics');
    }

    const own = counts.groupsWith('TargetTLSNegotiationErrorCount');
    const asked = own.length > 0 ? own : routed.groups;
    const groups = https.filter(({ arn }) => asked.length === 0 || asked.includes(arn));
    const { plain, slow } = plainSpeakers(groups, ifSeen(seen.targetHealth) ?? []);
    const errors50x = errors.count('502', '504');
    const many = errors50x > 0 && failed.count >= MANY * errors50x;
    const policy = backendPolicy(ifSeen(seen.listeners));
    const { strength, shows } = handshakeProof(plain, many, slow);
    // Plain HTTP knows no version and no cipher.
    const looks = plain.length > 0 ? [] : whatTargetsMustSpeak(policy, failed.since);
    const fixes = ({ arn, name }: TargetGroup) => {
      const does = text`make the targets of ${resource(name)} speak TLS on that port, or forward to a new target group of protocol HTTP: the protocol of a group cannot be changed`;
      return [...looks, mendByHand(arn, ifSeen(seen.tags)?.[arn], does)];
    };
    const finding: Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'targetHealth' | 'listeners'> = {
      strength,
      says: handshakeHeadline(groups, plain),
      since: failed.since,
      because: [
        citeAt(failed.since)
          .loadBalancerMetrics`${count(failed.count, 'TLS handshake')} with targets failed from ${time(failed.since)} on, against ${count(errors50x, 'request')} answered ${code(502)} or ${code(504)}`,
        ...shows,
        policy !== null && cite.listeners`the load balancer offers targets ${code(policy)}`,
      ],
      affects: plain.length > 0 ? scopeOf(plain) : { targetGroups: groups.map(({ arn }) => arn), targets: [] },
      explains: ['502', '504'],
      fixes: groups.slice(0, 2).flatMap(fixes),
      facts: { failedHandshakes: failed.count, errors: errors50x, backendPolicy: policy },
    };
    return { is: 'found', findings: [finding] };
  },
});

function whatTargetsMustSpeak(policy: string | null, since: string): readonly Remedy[] {
  const who = look(
    text`see whether the security policy of a listener changed: it also applies to connections to targets`,
    whoCalledSinceDayBefore('ModifyListener', since),
  );
  if (policy === null) return [who];
  const does = text`see which TLS versions and ciphers the load balancer offers: a target must support one`;
  return [who, look(does, aws('elbv2', 'describe-ssl-policies', { names: policy }))];
}
