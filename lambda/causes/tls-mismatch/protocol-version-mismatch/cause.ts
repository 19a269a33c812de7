import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { protocolVersion } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { routingTo } from '../../../semantics/changes/change-kinds.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { withZeros } from '../../../semantics/errors/error-series.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { unreadableAnswers } from './unreadable-answers.ts';

export default defineCause({
  id: 'protocol-version-mismatch',
  needs: ['errors', 'counts', 'routed', 'targetGroups', 'listenerRules'],
  uses: ['targetHealth', 'tags'],
  breaksHealthChecks: true,
  madeBy: [routingTo],
  inCluster: { mends: [protocolVersion] },

  examine({ errors, counts, routed, targetGroups, targetHealth, tags }) {
    const newer = targetGroups.filter(
      ({ arn, protocolVersion }) => routed.has(arn) && ['HTTP2', 'GRPC'].includes(protocolVersion ?? ''),
    );
    if (newer.length === 0) {
      const why = text`every target group that gets requests speaks HTTP/1.1`;
      return notApplicable(why, 'targetGroups', 'listenerRules');
    }
    const { episode, metrics } = errors;
    const errors502 = errors.count('502');
    if (episode === null || errors502 === 0) {
      return ruledOut(text`no request was answered ${code(502)}`, 'loadBalancerMetrics');
    }
    const turnedAway = riseOf(withZeros(metrics, 'HTTPCode_ELB_4XX_Count'), episode);
    const incident = { errors502, onset: episode.onset, turnedAway, counts };
    const findings = newer.flatMap((group) => {
      const targets = targetsOf(ifSeen(targetHealth) ?? [], group.arn).filter(isUsable);
      return unreadableAnswers(group, targets, incident, ifSeen(tags)?.[group.arn]);
    });
    const otherwise = text`targets answer in the protocol version of their group, or their errors come from elsewhere`;
    return foundOr(findings, otherwise);
  },
});
