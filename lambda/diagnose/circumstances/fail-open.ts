import type { Attributes, Target } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen, missingIds } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { code, count, formatNumber, phrase, resource, type Text, text, time } from '../../incident/text.ts';
import { targetZonesIn } from '../../semantics/targets/target-zones.ts';
import { failsChecks, groupName, isUsable, targetsOf } from '../../semantics/targets/targets.ts';
import { type CountedRun, lastRunOf } from '../../semantics/time/counted-runs.ts';
import { secondsBetween, spanOf } from '../../semantics/time/minutes.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';
import { groupsAskedIn } from '../../semantics/traffic/target-traffic.ts';

/** "All unhealthy" is not "all down": with too few healthy targets, a group sends requests to all of them. */
export function failOpenCircumstances({ evidence, question }: Snapshot): readonly Citation<Text>[] {
  const unread = missingIds(evidence.targetHealth);
  const targets = ifSeen(evidence.targetHealth) ?? [];
  const byGroup = ifSeen(evidence.targetGroupMetrics);
  const routed = routedGroups(ifSeen(evidence.listenerRules) ?? []);
  const { from, to } = question.window;
  // A rule may send to it, and nobody ask for what the rule is about.
  const asked = byGroup === undefined ? routed : groupsAskedIn(routed, byGroup, spanOf(byGroup.grid, from, to));
  return routed.flatMap((arn) => {
    const places = unread.has(arn) ? [] : placesOf(arn, targets, evidence);
    const open = places.filter(({ failsOpen }) => failsOpen);
    const sent = lastRunOf(evidence.targetGroupMetrics, arn, 'UnhealthyRoutingRequestCount');
    if (open.length > 0)
      return open.map((place) => isOpen(arn, place, sent?.goesOn ? sent : null, asked.includes(arn)));
    const lately = sent !== null && secondsBetween(question.window.from, sent.until) > 0;
    return lately ? [wasOpen(arn, sent)] : [];
  });
}

/** A group, or its part in one zone: without cross-zone load balancing each zone is judged by itself. */
interface Place {
  readonly zone: string | null;
  readonly able: number;
  readonly healthy: number;
  readonly failsOpen: boolean;
  /** The setting that wants more than one healthy target, where that is why. */
  readonly floor: Text;
}

function placesOf(arn: string, targets: readonly Target[], evidence: Snapshot['evidence']): readonly Place[] {
  const attributes = ifSeen(evidence.targetGroupAttributes)?.[arn] ?? {};
  const able = targetsOf(targets, arn).filter(isUsable);
  if (attributes['load_balancing.cross_zone.enabled'] !== 'false') return [placeOf(null, able, attributes)];
  const zoneOf = targetZonesIn(evidence);
  const zones = [...new Set(able.map(zoneOf))];
  // A target whose zone is not known may be the one that is healthy there.
  if (zones.includes(null)) return [];
  return zones.sort().map((zone) => {
    const there = able.filter((target) => zoneOf(target) === zone);
    return placeOf(zone, there, attributes);
  });
}

const FLOOR = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';

function placeOf(zone: string | null, able: readonly Target[], attributes: Attributes): Place {
  const healthy = able.filter(({ state }) => state === 'healthy').length;
  const [number, share] = [attributes[`${FLOOR}.count`] ?? '1', attributes[`${FLOOR}.percentage`] ?? 'off'];
  // `off` is no number, and nothing is less than that.
  const floors = [
    { least: Number(number), is: text`${code(`${FLOOR}.count`)} is ${code(number)}` },
    { least: (Number(share) * able.length) / 100, is: text`${code(`${FLOOR}.percentage`)} is ${code(share)}` },
  ];
  const below = floors.find(({ least }) => least > 1 && healthy < least);
  const failing = able.filter(failsChecks).length;
  return {
    zone,
    able: able.length,
    healthy,
    failsOpen: failing > 0 && (failing === able.length || below !== undefined),
    floor: below === undefined ? [] : text` (${below.is})`,
  };
}

function isOpen(
  arn: string,
  { zone, able, healthy, floor }: Place,
  sent: CountedRun | null,
  isAsked: boolean,
): Citation<Text> {
  const where = zone === null ? [] : text` in ${code(zone)}`;
  const few = healthySaid(healthy, able);
  const since = sent === null ? [] : text`: ${count(sent.count, 'request')} since ${time(sent.since)}`;
  return {
    from: 'targetHealth',
    shows: text`${resource(groupName(arn))} fails open${where}: ${few}${floor}, so ${isAsked ? (able === 1 ? 'it still gets requests' : 'all of them get requests') : able === 1 ? 'requests to the group go to it all the same' : 'requests to the group go to any of them'}${since}`,
    ...(sent === null ? {} : { at: sent.since }),
  };
}

/** `none of its 3 targets is healthy`: of one target and of two people say it in other words. */
function healthySaid(healthy: number, able: number): Text {
  if (healthy > 0)
    return text`${formatNumber(healthy)} of ${count(able, 'target')} ${healthy > 1 ? 'are' : 'is'} healthy`;
  if (able === 1) return text`its only target is not healthy`;
  return text`${able === 2 ? 'neither of its 2' : phrase`none of its ${formatNumber(able)}`} targets is healthy`;
}

function wasOpen(arn: string, { since, until, goesOn, count: requests }: CountedRun): Citation<Text> {
  const span = goesOn ? text`since ${time(since)}` : text`from ${time(since)} to ${time(until)}`;
  return {
    from: 'targetGroupMetrics',
    shows: text`${resource(groupName(arn))} failed open ${span}: ${count(requests, 'request')} went to its targets whether healthy or not`,
    at: since,
  };
}
