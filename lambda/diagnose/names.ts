import type { Diagnosis } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { groupName } from '../semantics/targets/targets.ts';

/** What the ids that are told are called, where one thing alone is called so. */
export function namesOf(
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
): Readonly<Record<string, string>> {
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
