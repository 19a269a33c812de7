import type { Report } from '../../lambda/incident/diagnosis.ts';
import { ifSeen } from '../../lambda/incident/observed.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { type Series, type Span, seriesOf, sum, within } from './figures.ts';

/** What stands in fields of its own in a report, and is not what the snapshot's minutes and lists come to. */
export function miscounted(report: Report, snapshot: Snapshot): readonly string[] {
  return [
    ...symptoms(report, snapshot),
    ...episode(report, snapshot),
    ...targets(report, snapshot),
    ...changes(report, snapshot),
  ];
}

function symptoms({ symptoms: { requests, elb, target5xx }, window }: Report, snapshot: Snapshot): readonly string[] {
  const span = { from: Date.parse(window.from), to: Date.parse(window.to) };
  const claims: readonly (readonly [string, number | null])[] = [
    ['RequestCount', requests],
    ['HTTPCode_ELB_500_Count', elb['500']],
    ['HTTPCode_ELB_502_Count', elb['502']],
    ['HTTPCode_ELB_503_Count', elb['503']],
    ['HTTPCode_ELB_504_Count', elb['504']],
    ['HTTPCode_Target_5XX_Count', target5xx],
  ];
  return claims.flatMap(([name, claimed]) => unlike(`symptoms: ${name}`, claimed, total(snapshot, [name], span)));
}

function episode({ episode }: Report, snapshot: Snapshot): readonly string[] {
  if (episode === null || episode.of !== 'errors') return [];
  const from = Date.parse(episode.onset);
  const sums = endsOf(episode, snapshot).map((to) => ({
    errors: total(snapshot, ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count'], { from, to }),
    requests: total(snapshot, ['RequestCount'], { from, to }),
  }));
  const { errorShare, errors, onset } = episode;
  // A request that was refused before a target was chosen may be in no RequestCount.
  const isShare = (one: (typeof sums)[number]): boolean =>
    errorShare === null || (errorShare <= 1 && errorShare >= (one.errors / (one.errors + one.requests)) * 0.98);
  if (sums.some((one) => one.errors === errors && isShare(one))) return [];
  return [`episode: ${errors} errors since ${onset}, ${errorShare} of the requests: ${JSON.stringify(sums)}`];
}

/** While it goes on, it is counted to the end, to its last error, or to the end of its last burst. */
function endsOf({ end, recurring }: NonNullable<Report['episode']>, snapshot: Snapshot): readonly number[] {
  if (end !== null) return [Date.parse(end)];
  const ends = ofLoadBalancer(snapshot).flatMap(({ from, step, values, name }) => [
    from + step * values.length,
    ...(/_5XX_/.test(name) ? [from + step * (values.findLastIndex((value) => value !== null && value > 0) + 1)] : []),
  ]);
  return [...new Set([...ends, ...(recurring === undefined ? [] : [Date.parse(recurring.last.to)])])];
}

function targets({ findings }: Report, { evidence }: Snapshot): readonly string[] {
  const known = ifSeen(evidence.targetHealth);
  if (known === undefined) return [];
  const told = JSON.stringify(evidence);
  return findings.flatMap(({ cause, affected }) => {
    // One that is gone is no target any more: other evidence names it, and no port.
    const strange = affected.targets.filter(
      ({ id, port, targetGroup }) =>
        !(port === null && told.includes(`"${id}"`)) &&
        !known.some((one) => one.id === id && one.port === port && one.targetGroup === targetGroup),
    );
    const registered = known.filter(({ targetGroup }) => affected.targetGroups.includes(targetGroup));
    return [
      ...strange.map(({ id, port }) => `${cause}: no target ${id} port ${port}`),
      ...unlike(`${cause}: registered targets`, affected.of, registered.length),
    ];
  });
}

function changes({ changes, findings }: Report, { evidence }: Snapshot): readonly string[] {
  const known = ifSeen(evidence.changes) ?? [];
  const claimed = [...changes, ...findings.flatMap(({ change }) => change ?? [])];
  return claimed.flatMap(({ at, who, what }) =>
    known.some((one) => one.at === at && one.who === who && one.what === what)
      ? []
      : [`no change at ${at} by ${who}: ${what}`],
  );
}

function ofLoadBalancer(snapshot: Snapshot): readonly Series[] {
  return seriesOf(snapshot).filter(({ key }) => key === 'loadBalancerMetrics');
}

function total(snapshot: Snapshot, names: readonly string[], span: Span): number {
  return sum(ofLoadBalancer(snapshot).flatMap((one) => (names.includes(one.name) ? within(one, span) : [])));
}

function unlike(what: string, claimed: number | null, made: number): readonly string[] {
  return claimed === null || Math.abs(claimed - made) < 0.5
    ? []
    : [`${what}: ${claimed} is said, and ${made} is there`];
}
