import type { Attributes, Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type Errors503, errors503ByZone } from '../../../semantics/errors/errors-by-zone.ts';
import { targetZonesIn } from '../../../semantics/targets/target-zones.ts';
import { isUsable, targetsOf } from '../../../semantics/targets/targets.ts';
import { groupsInUse } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { settingChange, subnetSwitch, targetCall } from '../../kit/changes.ts';

const CROSS_ZONE = 'load_balancing.cross_zone.enabled';

/** Nearly all 503s come from the nodes in the zones without a target. */
const NEARLY_ALL = 0.9;

export default defineCause({
  id: 'zone-without-targets',
  needs: ['targetHealth', 'targetGroups', 'loadBalancer'],
  uses: [
    'targetGroupAttributes',
    'zoneMetrics',
    'loadBalancerMetrics',
    'listenerRules',
    'instances',
    'targetInterfaces',
    'subnets',
    'tags',
  ],
  madeBy: [settingChange(/^load_balancing\.cross_zone\.enabled$/), subnetSwitch, targetCall('deregisters')],

  examine(seen, { window }) {
    const attributes = ifSeen(seen.targetGroupAttributes) ?? {};
    const routed = groupsInUse(seen);
    const apart = seen.targetGroups.filter(
      ({ arn, targetType }) => routed.includes(arn) && targetType !== 'lambda' && mayBeOff(attributes[arn]),
    );
    if (apart.length === 0) return notApplicable(text`cross-zone load balancing is on for every group`);

    const zoneOf = targetZonesIn(seen);
    const zones = [...new Set(seen.loadBalancer.zones.map(({ zone }) => zone))].sort();
    const groups = apart.map((group): Spread => {
      // Without a usable target in any zone the zones are not to blame, and one outside the VPC serves all of them.
      const targets = targetsOf(seen.targetHealth, group.arn).filter(isUsable);
      const byZone = zones.map((zone) => ({ zone, targets: targets.filter((one) => zoneOf(one) === zone).length }));
      const shared = targets.length === 0 || targets.some((target) => zoneOf(target) === 'all');
      return {
        group,
        known: attributes[group.arn] !== undefined,
        byZone,
        without: shared ? [] : byZone.filter((one) => one.targets === 0).map(({ zone }) => zone),
        unplaced: targets.filter((target) => zoneOf(target) === null),
      };
    });
    const errors = errors503ByZone(ifSeen(seen.loadBalancerMetrics), ifSeen(seen.zoneMetrics), window);
    const findings = groups
      .filter(({ without, unplaced }) => without.length > 0 && unplaced.length === 0)
      .flatMap((spread) => found(spread, errors, ifSeen(seen.tags)?.[spread.group.arn] ?? {}));
    if (findings.length > 0) return { is: 'found', findings };

    const unplaced = groups.filter(({ without }) => without.length > 0).flatMap((spread) => spread.unplaced);
    if (unplaced.length > 0) {
      const detail = `the zones of ${count(unplaced.length, 'target')} are not known`;
      return unsure({ evidence: 'instances', why: 'partial', ids: unplaced.slice(0, 20).map(({ id }) => id), detail });
    }
    if (groups.some(({ known, without }) => !known && without.length > 0)) {
      const { why, detail } = seen.targetGroupAttributes.seen ? PARTLY : seen.targetGroupAttributes;
      return unsure({ evidence: 'targetGroupAttributes', why, detail });
    }
    return ruledOut(text`every zone of the load balancer has targets of its own: ${listed(zones.map(code), 6)}`);
  },
});

interface Spread {
  readonly group: TargetGroup;
  /** Whether its attributes were read. */
  readonly known: boolean;
  readonly byZone: readonly { readonly zone: string; readonly targets: number }[];
  readonly without: readonly string[];
  readonly unplaced: readonly Target[];
}

const PARTLY = { why: 'partial', detail: 'the attributes of a group were not read' } as const;

/** Without a word of its own a group follows the load balancer, which has it always on. */
const mayBeOff = (attributes: Attributes | undefined): boolean =>
  attributes === undefined || attributes[CROSS_ZONE] === 'false';

type Cited = 'targetHealth' | 'targetGroupAttributes' | 'zoneMetrics' | 'loadBalancerMetrics';

function found(
  { group, known, byZone, without }: Spread,
  errors: Errors503 | null,
  tags: Readonly<Record<string, string>>,
): Found<'targetHealth', Cited>[] {
  const here = errors?.inZones(without) ?? null;
  const elsewhere = errors?.inZones(byZone.map(({ zone }) => zone).filter((zone) => !without.includes(zone))) ?? 0;
  const onlyHere = here !== null && here > 0 && here >= NEARLY_ALL * (here + elsewhere);
  const notByZone = here === null && errors !== null && errors.total > 0;
  // Two of three: off, no target there, 503s there.
  if (!known && !onlyHere) return [];
  const strength = known && onlyHere ? 'decisive' : onlyHere || notByZone ? 'strong' : 'circumstantial';
  const where = listed(without.map(code));
  const spread = byZone.map(({ zone, targets }) => text`${targets === 0 ? 'none' : targets} in ${code(zone)}`);
  return [
    {
      strength,
      says: text`${resource(group.name)} has no target in ${where}, and cross-zone load balancing ${known ? 'is' : 'seems to be'} off`,
      because: [
        { from: 'targetHealth', shows: text`usable targets of ${resource(group.name)}: ${listed(spread, 6)}` },
        ...(known
          ? [{ from: 'targetGroupAttributes' as const, shows: text`${code(CROSS_ZONE)} is ${code('false')}` }]
          : []),
        ...(errors !== null && here !== null
          ? [{ from: 'zoneMetrics' as const, shows: errorsSay(errors, here, elsewhere, where) }]
          : []),
        ...(notByZone
          ? [
              {
                from: 'loadBalancerMetrics' as const,
                shows: text`${count(errors.total, 'request')} answered ${code(503)} since ${time(errors.onset)}; from which zone was not seen`,
              },
            ]
          : []),
      ],
      affects: { targetGroups: [group.arn], targets: [] },
      explains: ['503'],
      fromAbsence: true,
      fixes: fixesFor(group.arn, without, known, tags),
      facts: { targetGroup: group.arn, zones: without, errors503: here },
    },
  ];
}

function errorsSay({ onset }: Errors503, here: number, elsewhere: number, where: Text): Text {
  return text`${count(here, 'request')} answered ${code(503)} in ${where} since ${time(onset)}, ${elsewhere === 0 ? 'none' : count(elsewhere, 'request')} in other zones`;
}

function fixesFor(
  arn: string,
  zones: readonly string[],
  known: boolean,
  tags: Readonly<Record<string, string>>,
): Remedy[] {
  const set = (value: string) => [
    'aws',
    'elbv2',
    'modify-target-group-attributes',
    '--target-group-arn',
    arn,
    '--attributes',
    `Key=${CROSS_ZONE},Value=${value}`,
  ];
  return [
    {
      does: text`let every zone use the targets of all zones`,
      run: set('true'),
      changes: true,
      undo: known ? set('false') : null,
      verify: ['aws', 'elbv2', 'describe-target-group-attributes', '--target-group-arn', arn],
      ...managedByField(tags),
    },
    {
      does: text`register targets in ${listed(zones.map(code))}, or take the zone out of the load balancer`,
      run: null,
      changes: true,
      undo: null,
      verify: showHealth(arn),
    },
  ];
}
