import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Citation } from '../incident/finding.ts';
import { type Names, named } from '../incident/names.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Text } from '../incident/text.ts';
import type { Topology } from '../incident/topology.ts';
import { groupName } from '../semantics/targets/targets.ts';

/** What is told by names: every sentence by itself, as each form picks its own of them. */
export function toldByNames(diagnosis: Diagnosis, evidence: ObservedEvidence): Diagnosis {
  const names = namesOf(diagnosis, evidence);
  if (Object.keys(names).length === 0) return diagnosis;
  const { verdict, findings, timeline, circumstances, ruledOut, notApplicable, topology } = diagnosis;
  const cited = (citation: Citation<Text>) => ({ ...citation, shows: named(citation.shows, names) });
  const because = <D extends { readonly because: Text }>(denial: D): D => ({
    ...denial,
    because: named(denial.because, names),
  });
  return {
    ...diagnosis,
    names,
    verdict: { ...verdict, headline: named(verdict.headline, names) },
    findings: findings.map((finding) => ({
      ...finding,
      headline: named(finding.headline, names),
      because: finding.because.map(cited),
      fixes: finding.fixes.map((fix) => ({ ...fix, does: named(fix.does, names) })),
    })),
    timeline: timeline.map((entry) => ({ ...entry, what: named(entry.what, names) })),
    circumstances: circumstances.map(cited),
    ruledOut: ruledOut.map(because),
    notApplicable: notApplicable.map(because),
    ...(topology === undefined ? {} : { topology: markedByNames(topology, names) }),
  };
}

/** What the picture's marks say stands together. */
function markedByNames(topology: Topology, names: Names): Topology {
  const told = new Set<string>();
  return { ...topology, marks: topology.marks.map((mark) => ({ ...mark, says: named(mark.says, names, told) })) };
}

/** What the ids that are told are called, where one thing alone is called so. */
function namesOf(
  told: Pick<Diagnosis, 'findings' | 'changes' | 'circumstances' | 'loadBalancer'>,
  {
    securityGroups,
    instances,
    networkAcls,
    routeTables,
    targetGroups,
    autoScalingGroups,
    ecsServices,
  }: ObservedEvidence,
): Names {
  const called = [
    ...(ifSeen(securityGroups) ?? []).map(({ id, name }) => [id, name] as const),
    ...[instances, networkAcls, routeTables].flatMap((observed) =>
      (ifSeen<readonly { readonly id: string; readonly tags: Readonly<Record<string, string>> }[]>(observed) ?? []).map(
        ({ id, tags }) => [id, tags.Name ?? ''] as const,
      ),
    ),
  ];
  const others = [
    told.loadBalancer.name,
    ...(ifSeen(targetGroups) ?? []).map(({ arn }) => groupName(arn)),
    ...(ifSeen(autoScalingGroups) ?? []).map(({ name }) => name),
    ...(ifSeen(ecsServices) ?? []).map(({ name }) => name),
  ];
  const names = [...called.map(([, name]) => name), ...others];
  const words = JSON.stringify([told.findings, told.changes, told.circumstances]);
  return Object.fromEntries(
    called.filter(
      ([id, name]) =>
        name.trim() !== '' && name !== id && words.includes(id) && names.filter((one) => one === name).length === 1,
    ),
  );
}
