import type { Counts } from '../../../computed/counts.ts';
import type { Errors } from '../../../computed/errors.ts';
import type { TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { protocolVersion } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { routingTo } from '../../../semantics/changes/change-kinds.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { withZeros } from '../../../semantics/errors/error-series.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { refusedRequests } from '../../../semantics/traffic/level-shifts.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { formerGroups } from './former-group.ts';
import { refusedClients } from './refused-clients.ts';
import { unreadableAnswers } from './unreadable-answers.ts';

export default defineCause({
  id: 'protocol-version-mismatch',
  needs: ['errors', 'counts', 'routed', 'targetGroups', 'listenerRules'],
  uses: ['targetHealth', 'tags', 'loadBalancerAttributes', 'changes', 'loadBalancer'],
  breaksHealthChecks: true,
  madeBy: [routingTo],
  inCluster: { mends: [protocolVersion] },

  examine({ errors, counts, routed, targetGroups, listenerRules: rules, ...seen }, { window }) {
    const newer = targetGroups.filter(
      ({ arn, protocolVersion }) => routed.has(arn) && ['HTTP2', 'GRPC'].includes(protocolVersion ?? ''),
    );
    if (newer.length === 0) {
      const why = text`every target group that gets requests uses HTTP/1.1`;
      return notApplicable(why, 'targetGroups', 'listenerRules');
    }
    const targets = ifSeen(seen.targetHealth) ?? [];
    const routing = { rules, targetGroups, targets, changes: ifSeen(seen.changes) ?? [] };
    const ofBalancer = ifSeen(seen.tags)?.[ifSeen(seen.loadBalancer)?.arn ?? ''];
    const former = (group: TargetGroup) => formerGroups(group, routing, ofBalancer);
    const tags = ({ arn }: TargetGroup) => ifSeen(seen.tags)?.[arn];
    const incident = incidentOf(errors, counts);
    const ofTargets = newer.flatMap((group) => {
      if (incident === null) return [];
      const own = targetsOf(targets, group.arn).filter(isUsable);
      return unreadableAnswers(group, own, { ...incident, former: former(group) }, tags(group));
    });
    if (ofTargets.length > 0) return { is: 'found', findings: ofTargets };
    const refused = refusedRequests(errors.metrics, window);
    const isNew = refused !== null && (refused.since !== null || refused.before === null);
    const setting = { attributes: ifSeen(seen.loadBalancerAttributes), from: window.from };
    const ofClients = newer.flatMap((group) =>
      isNew ? refusedClients(group, refused, { ...setting, former: former(group), tags: tags(group) }) : [],
    );
    if (ofClients.length === 0 && incident === null) {
      const why = text`no request was answered ${code(502)}, and the load balancer's own 4xx are few, or no more than before`;
      return ruledOut(why, 'loadBalancerMetrics');
    }
    const otherwise = text`targets answer in the protocol version of their group, or their errors come from elsewhere`;
    return foundOr(ofClients, otherwise);
  },
});

/** The 502s that targets may be the reason of, where there are any. */
function incidentOf({ episode, metrics, count }: Errors, counts: Counts) {
  const errors502 = count('502');
  if (episode === null || errors502 === 0) return null;
  const turnedAway = riseOf(withZeros(metrics, 'HTTPCode_ELB_4XX_Count'), episode);
  return { errors502, onset: episode.onset, turnedAway, counts };
}
