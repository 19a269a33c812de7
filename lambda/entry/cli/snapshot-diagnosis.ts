import { CAUSES } from '../../causes/index.ts';
import { diagnose } from '../../diagnose/diagnose.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { failedIfUnseen } from '../failed-diagnosis.ts';

/** The same judgement whether the snapshot was read just now or kept. */
export function snapshotDiagnosis(snapshot: Snapshot): Diagnosis {
  return failedIfUnseen(diagnose(snapshot, CAUSES), snapshot);
}
