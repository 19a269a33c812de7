import type { Counts } from '../../../computed/counts.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, count, listed, resource, type Time, text, time } from '../../../incident/text.ts';
import { showHealth, whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { managerOf, type Tags } from '../../../remedies/owner.ts';
import { fix, look, type Remedy } from '../../../remedies/remedy.ts';
import { provenProtocol } from '../../../semantics/targets/health-check-answers.ts';
import { codesIn, scopeOf } from '../../../semantics/targets/targets.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** Where servers speak TLS by custom. */
const TLS_PORTS = [443, 8443];

interface Suspect {
  readonly group: TargetGroup;
  readonly targets: readonly Target[];
  /** Whether they speak TLS for sure. */
  readonly proven: boolean;
}

/** Targets of a plain HTTP group that speak TLS for sure or, where none do, sit on a port where servers mostly do. */
export function suspectOf(group: TargetGroup, targets: readonly Target[]): Suspect {
  const proven = targets.filter((target) => provenProtocol(target, group) === 'HTTPS');
  if (proven.length > 0) return { group, targets: proven, proven: true };
  const customary = targets.filter(
    (target) => TLS_PORTS.includes(target.port ?? group.port ?? 0) && provenProtocol(target, group) !== 'HTTP',
  );
  return { group, targets: customary, proven: false };
}

type Finding = Found<'targetGroups', 'targetHealth' | 'targetGroups' | 'loadBalancerMetrics'>;

/** None where targets answer, or where most connections were not even made. */
export function plainHttpToTls(
  { group: { arn, name, port }, targets, proven }: Suspect,
  { errors502, onset, counts }: { readonly errors502: number; readonly onset: Time; readonly counts: Counts },
  tags: Tags,
): readonly Finding[] {
  const answered = counts.of(arn, 'HTTPCode_Target_2XX_Count', 'HTTPCode_Target_3XX_Count') ?? 0;
  const closed = errors502 > 2 * (counts.of(arn, 'TargetConnectionErrorCount') ?? 0);
  const answers400 = targets.some(({ description }) => codesIn(description).includes(400));
  if (answered > errors502 || !(closed || answers400)) return [];
  const ports = [...new Set(targets.map((target) => target.port ?? port ?? 0))];
  const agrees = [
    claim(
      proven,
      proven &&
        cite.targetHealth`health checks over HTTPS pass on that port of ${listed(targets.map(({ id }) => resource(id)))}`,
    ),
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
  return [
    {
      strength: strengthOfClaims({ proves, agrees }),
      says: text`${resource(name)} sends plain HTTP to port ${listed(ports.map(code))}${proven ? ', which speaks TLS' : ', where TLS is customary'}`,
      because: [cite.targetGroups`the protocol of ${resource(name)} is ${code('HTTP')}`, ...shownBy(agrees)],
      affects: scopeOf(targets),
      explains: ['502'],
      fixes: fixesFor(arn, name, onset, tags),
      facts: { targetGroup: arn, ports, errors502 },
    },
  ];
}

function fixesFor(arn: string, name: string, onset: Time, tags: Tags): readonly Remedy[] {
  const who = whoCalledSinceDayBefore('CreateTargetGroup', onset);
  const does = text`forward to a new target group of protocol HTTPS, or register the targets of ${resource(name)} on the port where they speak plain HTTP`;
  return [
    look(text`see who made or changed the group or its targets`, who),
    fix(does, { verify: showHealth(arn), managedBy: managerOf(tags) }),
  ];
}
