import type { Counts } from '../../../computed/counts.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Time, text, time } from '../../../incident/text.ts';
import { tlsBackend } from '../../../remedies/kubernetes/ingress-remedies.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { look } from '../../../remedies/remedy.ts';
import { mendByHand } from '../../../remedies/target-group.ts';
import { routingTo } from '../../../semantics/changes/change-kinds.ts';
import { tlsSpeakers } from '../../../semantics/targets/health-check-answers.ts';
import { codesIn, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { defineCause, type Found, foundOr, notApplicable, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

export default defineCause({
  id: 'tls-on-http-target-group',
  needs: ['errors', 'counts', 'routed', 'targetGroups', 'targetHealth', 'listenerRules'],
  uses: ['tags'],
  breaksHealthChecks: true,
  madeBy: [routingTo],
  inCluster: { mends: [tlsBackend] },

  examine({ errors, counts, routed, targetGroups, targetHealth, tags }, { window }) {
    const plain = targetGroups.filter(({ arn, protocol }) => protocol === 'HTTP' && routed.has(arn));
    if (plain.length === 0) return notApplicable(text`no target group that gets requests uses plain HTTP`);
    const suspects = plain
      .map((group) => ({ group, ...tlsSpeakers(targetsOf(targetHealth, group.arn).filter(isUsable), group) }))
      .filter(({ targets }) => targets.length > 0);
    if (suspects.length === 0) return ruledOut(text`no port that gets plain HTTP looks like a TLS port`);

    const incident = { errors502: errors.count('502'), onset: errors.episode?.onset ?? window.from, counts };
    const findings = suspects.flatMap((suspect) => findingsOf(suspect, incident, ifSeen(tags)?.[suspect.group.arn]));
    return foundOr(findings, text`targets answer on the ports that get plain HTTP`);
  },
});

/** None where targets answer, or where most connections were not even made. */
function findingsOf(
  { group: { arn, name, port }, targets, proven }: { group: TargetGroup; targets: readonly Target[]; proven: boolean },
  { errors502, onset, counts }: { errors502: number; onset: Time; counts: Counts },
  tags: Tags,
): readonly Found<'targetGroups', 'targetHealth' | 'targetGroups' | 'loadBalancerMetrics'>[] {
  const answered = counts.of(arn, 'HTTPCode_Target_2XX_Count', 'HTTPCode_Target_3XX_Count') ?? 0;
  const closed = errors502 > 2 * (counts.of(arn, 'TargetConnectionErrorCount') ?? 0);
  const answers400 = targets.some(({ description }) => codesIn(description).includes(400));
  if (answered > errors502 || !(closed || answers400)) return [];
  const ports = [...new Set(targets.map((target) => target.port ?? port ?? 0))];
  const ids = andList(targets.map(({ id }) => resource(id)));
  const agrees = [
    claim(proven, proven && cite.targetHealth`health checks over HTTPS pass on that port of ${ids}`),
    claim(
      answered === 0,
      answers400 &&
        cite.targetHealth`plain HTTP health checks are answered ${code(400)}, as servers answer plain HTTP on a TLS port`,
    ),
    claim(
      closed,
      closed &&
        citeAt(onset)
          .loadBalancerMetrics`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, most of them on connections that were made`,
    ),
  ];
  // Together they prove it; short of that, other causes fit as well.
  const proves = claim(agrees.every(({ holds }) => holds === true));
  const whoMadeIt = whoCalledSinceDayBefore('CreateTargetGroup', onset);
  const does = text`forward to a new target group of protocol HTTPS, or register the targets of ${resource(name)} on the port where they speak plain HTTP`;
  return [
    {
      strength: strengthOfClaims({ proves, agrees }),
      says: text`${resource(name)} sends plain HTTP to port ${andList(ports.map(code))}${proven ? ', which expects TLS' : ', usually a TLS port'}`,
      because: [cite.targetGroups`the protocol of ${resource(name)} is ${code('HTTP')}`, ...shownBy(agrees)],
      affects: scopeOf(targets),
      explains: ['502'],
      fixes: [look(text`see who created or changed the group or its targets`, whoMadeIt), mendByHand(arn, tags, does)],
      facts: { targetGroup: arn, ports, errors502 },
    },
  ];
}
