import type { Diagnosis, Missing } from '../incident/diagnosis.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { groupBy } from '../semantics/group-by.ts';
import { refused } from './missing.ts';
import type { JudgedFinding } from './temper.ts';

/**
 * What was asked of AWS and refused, of that which would have corroborated, dated or weakened what was found all the same.
 * What also keeps another cause from being judged is told there.
 */
export function foundWithout(
  findings: readonly Pick<JudgedFinding, 'cause'>[],
  { undetermined, changesUnseen = [] }: Pick<Diagnosis, 'undetermined' | 'changesUnseen'>,
  evidence: ObservedEvidence,
): Pick<Diagnosis, 'foundWithout'> {
  const told = new Set(
    [...undetermined.flatMap(({ missing }) => missing), ...changesUnseen].map((one) => one.evidence),
  );
  const without = groupBy(
    findings.map(({ cause }) => cause),
    ({ id }) => id,
  ).flatMap(([{ id, uses }]) => {
    const missing: readonly Missing[] = uses.filter((key) => !told.has(key)).flatMap((key) => refused(key, evidence));
    return missing.length === 0 ? [] : [{ cause: id, missing }];
  });
  return without.length === 0 ? {} : { foundWithout: without };
}
