import type { Attributes, Target, TargetGroup } from '../../incident/evidence.ts';
import { isUsable } from './targets.ts';

export const CROSS_ZONE = 'load_balancing.cross_zone.enabled';

/** How the usable targets of a group spread over the zones of the load balancer. */
export interface ZoneSpread {
  readonly group: TargetGroup;
  /** Whether its attributes were read: then cross-zone load balancing is off, else it may be. */
  readonly isOff: boolean;
  readonly byZone: readonly { readonly zone: string; readonly targets: number }[];
  /** The zones without a target. */
  readonly empty: readonly string[];
  /** Targets whose zone is not known. */
  readonly unplaced: readonly Target[];
}

/** Without a word of its own a group follows the load balancer, which has it always on. */
export function mayKeepZonesApart({ targetType }: TargetGroup, attributes: Attributes | undefined): boolean {
  return targetType !== 'lambda' && (attributes === undefined || attributes[CROSS_ZONE] === 'false');
}

export function zoneSpreadOf(
  group: TargetGroup,
  isOff: boolean,
  zones: readonly string[],
  registered: readonly Target[],
  zoneOf: (target: Target) => string | null,
): ZoneSpread {
  const targets = registered.filter(isUsable);
  const byZone = zones.map((zone) => ({ zone, targets: targets.filter((one) => zoneOf(one) === zone).length }));
  // Without a usable target in any zone the zones are not to blame, and one outside the VPC serves all of them.
  const shared = targets.length === 0 || targets.some((target) => zoneOf(target) === 'all');
  const empty = shared ? [] : byZone.filter((one) => one.targets === 0).map(({ zone }) => zone);
  return { group, isOff, byZone, empty, unplaced: targets.filter((target) => zoneOf(target) === null) };
}
