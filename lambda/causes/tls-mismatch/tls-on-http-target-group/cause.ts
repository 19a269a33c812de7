import { ifSeen } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { tlsBackend } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { routingTo } from '../../../semantics/changes/change-kinds.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { defineCause, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { plainHttpToTls, suspectOf } from './tls-ports.ts';

export default defineCause({
  id: 'tls-on-http-target-group',
  needs: ['errors', 'counts', 'routed', 'targetGroups', 'targetHealth', 'listenerRules'],
  uses: ['tags'],
  madeBy: [routingTo],
  inCluster: { mends: [tlsBackend] },

  examine({ errors, counts, routed, targetGroups, targetHealth, tags }, { window }) {
    const plain = targetGroups.filter(({ arn, protocol }) => protocol === 'HTTP' && routed.has(arn));
    if (plain.length === 0) return notApplicable(text`no target group that gets requests speaks plain HTTP`);
    const suspects = plain
      .map((group) => suspectOf(group, targetsOf(targetHealth, group.arn).filter(isUsable)))
      .filter(({ targets }) => targets.length > 0);
    if (suspects.length === 0) return ruledOut(text`no port that gets plain HTTP looks like one that speaks TLS`);

    const incident = { errors502: errors.count('502'), onset: errors.episode?.onset ?? window.from, counts };
    const findings = suspects.flatMap((suspect) =>
      plainHttpToTls(suspect, incident, ifSeen(tags)?.[suspect.group.arn]),
    );
    return foundOr(findings, text`targets answer on the ports that get plain HTTP`);
  },
});
