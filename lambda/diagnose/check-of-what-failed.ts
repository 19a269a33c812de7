import type { ErrorKind } from '../incident/cause.ts';
import type { Symptoms } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { showHealth } from '../remedies/look.ts';
import { asCall, type Call, isSameCall, type Remedy } from '../remedies/remedy.ts';
import { symptomCount } from '../semantics/errors/symptoms.ts';
import { targetsOf } from '../semantics/targets/targets.ts';
import { countErrors } from './error-check.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * What was well all the while tells of no fix whether it helped: where every target of the group to be looked at is
 * healthy, the group that is ill is looked at instead, and where there is none, the errors are counted.
 */
export function checksOfWhatFailed(
  { found: { affects, explains } }: FindingWithShare,
  symptoms: Symptoms,
  { evidence, question, collectedAt }: Snapshot,
): (remedy: Remedy) => Remedy {
  const health = ifSeen(evidence.targetHealth);
  const seen = explains.filter((kind) => (symptomCount(symptoms, kind) ?? 0) > 0);
  const own = seen.filter((kind) => kind !== 'target5xx');
  const sum = (kinds: readonly ErrorKind[]) =>
    kinds.reduce((all, kind) => all + (symptomCount(symptoms, kind) ?? 0), 0);
  const [first, ...others] = sum(own) >= sum(['target5xx']) ? own : (['target5xx'] as const);
  const errors: Call | null =
    first === undefined
      ? null
      : countErrors({ kinds: [first, ...others], loadBalancer: question.subject.dimension, from: collectedAt });
  const isWell = (arn: string): boolean => {
    const targets = targetsOf(health ?? [], arn);
    return targets.length > 0 && targets.every(({ state }) => state === 'healthy');
  };
  const instead = (verify: Call): Call => {
    const arn = asCall(verify)?.options.targetGroupArn;
    if (typeof arn !== 'string' || !isSameCall(verify, showHealth(arn)) || !isWell(arn)) return verify;
    const ill = affects.targetGroups.find((group) => !isWell(group) && targetsOf(health ?? [], group).length > 0);
    return ill === undefined ? (errors ?? verify) : showHealth(ill);
  };
  return (remedy) => {
    const { verify, changes, run } = remedy;
    if (verify !== null) return { ...remedy, verify: instead(verify) };
    return changes && run !== null ? { ...remedy, verify: errors } : remedy;
  };
}
