import type { Target } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, code, count, resource, type Text, text, time } from '../../incident/text.ts';
import { targetZonesIn } from '../../semantics/targets/target-zones.ts';
import { groupName, isUsable, targetsOf } from '../../semantics/targets/targets.ts';
import { lastRunOf } from '../../semantics/time/counted-runs.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** An Availability Zone that gets no requests, or none of the new ones: the rest carries more than it was made for. */
export function avoidedZones(snapshot: Snapshot): readonly Citation<Text>[] {
  const { evidence } = snapshot;
  return routedGroups(ifSeen(evidence.listenerRules) ?? []).flatMap((arn) => {
    const able = targetsOf(ifSeen(evidence.targetHealth) ?? [], arn).filter(isUsable);
    return [...shifted(arn, able, snapshot), ...outOfDns(arn, able, evidence)];
  });
}

/** The other override of a shift, `zonal_shift_delegated_to_dns`, only says that its state is not told here. */
const SHIFTED = 'zonal_shift_active';

/** Targets that a shift keeps requests from stay healthy: nothing but this tells. */
function shifted(arn: string, able: readonly Target[], { evidence, question }: Snapshot): readonly Citation<Text>[] {
  const away = able.filter(({ override }) => override === SHIFTED);
  const run = lastRunOf(evidence.targetGroupMetrics, arn, 'ActiveZonalShiftHostCount.max');
  if (away.length === 0) {
    if (run === null || run.goesOn || secondsBetween(question.window.from, run.until) <= 0) return [];
    const shows = text`a zonal shift kept requests from some targets of ${resource(groupName(arn))} from ${time(run.since)} to ${time(run.until)}`;
    return [{ from: 'targetGroupMetrics', shows, at: run.since }];
  }
  const zones = [...new Set(away.map(targetZonesIn(evidence)))].filter((zone) => zone !== null).sort();
  const begun = run?.goesOn ? run.since : null;
  const since = begun === null ? '' : text` since ${time(begun)}`;
  const where = zones.length === 0 ? 'a zone' : andList(zones.map(code));
  return [
    {
      from: 'targetHealth',
      shows: text`a zonal shift keeps requests from ${where}${since}: ${away.length} of ${count(able.length, 'target')} of ${resource(groupName(arn))} get no new requests, and the rest carry all of them`,
      ...(begun === null ? {} : { at: begun }),
    },
  ];
}

const CROSS_ZONE = 'load_balancing.cross_zone.enabled';

/** Without cross-zone load balancing, a zone with too few healthy targets leaves the DNS name: unless all zones are like that. */
function outOfDns(arn: string, able: readonly Target[], evidence: Snapshot['evidence']): readonly Citation<Text>[] {
  const attributes = ifSeen(evidence.targetGroupAttributes)?.[arn] ?? {};
  const zones = [...new Set((ifSeen(evidence.loadBalancer)?.zones ?? []).map(({ zone }) => zone))].sort();
  const zoneOf = targetZonesIn(evidence);
  if (attributes[CROSS_ZONE] !== 'false' || able.some((target) => zoneOf(target) === null)) return [];
  const out = zones.filter((zone) =>
    tooFewForDns(
      able.filter((target) => zoneOf(target) === zone),
      attributes,
    ),
  );
  if (out.length === 0 || out.length === zones.length) return [];
  return [
    {
      from: 'targetHealth',
      shows: text`DNS sends no new clients to ${andList(out.map(code))}: too few targets of ${resource(groupName(arn))} are healthy there`,
    },
  ];
}

const DNS = 'target_group_health.dns_failover.minimum_healthy_targets';

/** `off` is no number, and nothing is less than that. A zone in which nothing is registered stays, and answers 503. */
function tooFewForDns(able: readonly Target[], attributes: Readonly<Record<string, string>>): boolean {
  const healthy = able.filter(({ state }) => state === 'healthy').length;
  const least = Number(attributes[`${DNS}.count`] ?? 1);
  const share = (Number(attributes[`${DNS}.percentage`]) * able.length) / 100;
  return able.length > 0 && (healthy < least || healthy < share);
}
