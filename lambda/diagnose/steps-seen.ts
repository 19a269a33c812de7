import type { StepsSeen } from '../incident/diagnosis.ts';
import { EVIDENCE, EVIDENCE_KEYS, STEPS } from '../incident/evidence/table.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';

/** How much was seen of what each step of looking by hand would look at. Of a step without evidence nothing was. */
export function stepsSeen(evidence: ObservedEvidence): StepsSeen {
  return Object.fromEntries(
    STEPS.map((step) => [
      step,
      howMuch(
        EVIDENCE_KEYS.filter((key) => EVIDENCE[key].step === step),
        evidence,
      ),
    ]),
  ) as StepsSeen;
}

function howMuch(keys: readonly EvidenceKey[], evidence: ObservedEvidence): StepsSeen['logs'] {
  // What there was no reason to ask for is missing to nobody.
  const asked = keys.map((key) => evidence[key]).filter((one) => one.seen || one.why !== 'not-asked');
  if (!asked.some(({ seen }) => seen)) return 'not';
  return asked.every(isWhole) ? 'seen' : 'partly';
}

const isWhole = (one: Observed<unknown>): boolean => one.seen && one.gaps.every(({ why }) => why === 'not-asked');

export const NOTHING_SEEN: StepsSeen = {
  service: 'not',
  connectivity: 'not',
  logs: 'not',
  configuration: 'not',
  network: 'not',
};
