import { ifSeen, whyUnseen } from '../../../incident/observed.ts';
import { andList, code, count, resource, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { fix } from '../../../remedies/remedy.ts';
import { switchOnCrossZone } from '../../../remedies/target-group.ts';
import { settingChange, subnetSwitch, targetCall } from '../../../semantics/changes/change-kinds.ts';
import { type Errors503, errors503ByZone } from '../../../semantics/errors/errors-by-zone.ts';
import { enabledZones, targetZonesIn } from '../../../semantics/targets/target-zones.ts';
import { targetsOf } from '../../../semantics/targets/targets.ts';
import {
  CROSS_ZONE,
  mayKeepZonesApart,
  type ZoneSpread,
  zoneSpreadOf,
} from '../../../semantics/targets/zone-spread.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';

export default defineCause({
  id: 'zone-without-targets',
  needs: ['targetHealth', 'targetGroups', 'loadBalancer', 'routed'],
  uses: ['targetGroupAttributes', 'zoneMetrics', 'errors', 'instances', 'targetInterfaces', 'subnets', 'tags'],
  madeBy: [settingChange(/^load_balancing\.cross_zone\.enabled$/), subnetSwitch, targetCall('deregisters')],

  examine(seen) {
    const { targetHealth, targetGroups, loadBalancer, routed, targetGroupAttributes, zoneMetrics, tags } = seen;
    const attributes = ifSeen(targetGroupAttributes) ?? {};
    const inUse = targetGroups.filter(({ arn }) => routed.has(arn));
    const apart = inUse.filter((group) => mayKeepZonesApart(group, attributes[group.arn]));
    if (apart.length === 0) return notApplicable(text`cross-zone load balancing is on for every group`);

    const zones = enabledZones(loadBalancer);
    const zoneOf = targetZonesIn(seen);
    const uneven = apart
      .map((group) => zoneSpreadOf(group, group.arn in attributes, zones, targetsOf(targetHealth, group.arn), zoneOf))
      .filter(({ empty }) => empty.length > 0);
    const errors = errors503ByZone(seen.errors, ifSeen(zoneMetrics));
    const findings = uneven
      .filter(({ unplaced }) => unplaced.length === 0)
      .flatMap((spread) => findingsOf(spread, errors, ifSeen(tags)?.[spread.group.arn]));
    if (findings.length > 0) return { is: 'found', findings };

    const unplaced = uneven.flatMap((spread) => spread.unplaced.map(({ id }) => id));
    if (unplaced.length > 0) {
      const detail = `the zones of ${count(unplaced.length, 'target')} are not known`;
      return unsure({ evidence: 'instances', why: 'partial', ids: unplaced.slice(0, 20), detail });
    }
    if (uneven.some(({ isOff }) => !isOff)) {
      const detail = targetGroupAttributes.seen
        ? 'the attributes of a group were not read'
        : targetGroupAttributes.detail;
      return unsure({ evidence: 'targetGroupAttributes', detail, ...whyUnseen(targetGroupAttributes) });
    }
    return ruledOut(text`every zone of the load balancer has targets of its own: ${andList(zones.map(code), 6)}`);
  },
});

/** Nearly all 503s come from the nodes in the zones without a target. */
const NEARLY_ALL = 0.9;

type Cites = 'targetHealth' | 'targetGroupAttributes' | 'zoneMetrics' | 'loadBalancerMetrics';

function findingsOf(
  { group: { arn, name }, isOff, byZone, empty }: ZoneSpread,
  errors: Errors503 | null,
  tags: Tags,
): readonly Found<'targetHealth', Cites>[] {
  const here = errors?.inZones(empty) ?? null;
  const all = errors?.inZones(byZone.map(({ zone }) => zone)) ?? 0;
  const known = here ?? 0;
  const elsewhere = all - known;
  const onlyHere = known > 0 && known >= NEARLY_ALL * all;
  const notByZone = here === null && errors !== null && errors.total > 0;
  // Two of three: off, no target there, 503s there.
  if (!isOff && !onlyHere) return [];
  const where = andList(empty.map(code));
  const spread = byZone.map(({ zone, targets }) => text`${targets === 0 ? 'none' : targets} in ${code(zone)}`);
  return [
    {
      strength: isOff && onlyHere ? 'decisive' : onlyHere || notByZone ? 'strong' : 'circumstantial',
      says: text`${resource(name)} has no target in ${where}, and cross-zone load balancing ${isOff ? 'is' : 'seems to be'} off`,
      because: [
        cite.targetHealth`usable targets of ${resource(name)}: ${andList(spread, 6)}`,
        isOff && cite.targetGroupAttributes`${code(CROSS_ZONE)} is ${code('false')}`,
        errors !== null &&
          here !== null &&
          cite.zoneMetrics`${count(here, 'request')} answered ${code(503)} in ${where} since ${time(errors.onset)}, ${elsewhere === 0 ? 'none' : count(elsewhere, 'request')} in other zones`,
        notByZone &&
          cite.loadBalancerMetrics`${count(errors.total, 'request')} answered ${code(503)} since ${time(errors.onset)}; from which zone they came was not seen`,
      ],
      affects: { targetGroups: [arn], targets: [] },
      explains: ['503'],
      fromAbsence: true,
      fixes: [
        switchOnCrossZone(arn, isOff, tags),
        fix(text`register targets in ${where}, or remove the zone from the load balancer`, { verify: showHealth(arn) }),
      ],
      facts: { targetGroup: arn, zones: empty, errors503: here },
    },
  ];
}
