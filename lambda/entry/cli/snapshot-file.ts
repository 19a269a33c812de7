import { open } from 'node:fs/promises';
import { Option } from 'commander';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { snapshotText } from './saved-snapshot.ts';
import { describeError, type Shell } from './shell.ts';
import { snapshotDiagnosis } from './snapshot-diagnosis.ts';
import type { Triage } from './triage.ts';

export function redactOption(): Option {
  return new Option('--redact', 'mask accounts, addresses, names and ids in all that is written');
}

/** The same triage of a snapshot that names nobody and nothing; on standard error, what was masked, by kind and count. */
export async function redactedTriage({ snapshot, diagnosis }: Triage, shell: Shell): Promise<Triage> {
  if (snapshot === undefined) return { diagnosis };
  const [{ redact }, { countsSaid }] = await Promise.all([
    import('./redact/redact.ts'),
    import('./redact/mask-counts.ts'),
  ]);
  const { snapshot: masked, counts } = redact(snapshot);
  shell.stderr.write(`alb-triage: masked: ${countsSaid(counts)}\n`);
  const again = snapshotDiagnosis(masked);
  if (conclusionOf(again) !== conclusionOf(diagnosis)) {
    shell.stderr.write(
      'alb-triage: a defect: the masked snapshot is judged differently; compare with the report without --redact\n',
    );
  }
  return { snapshot: masked, diagnosis: again };
}

function conclusionOf({ kind, verdict, findings }: Diagnosis): string {
  return JSON.stringify([kind, verdict.status, findings.map(({ cause, strength }) => [cause, strength])]);
}

/** Nobody else's to read, for it tells of the whole network: also where the file was there before. */
export async function unsavedBecause(snapshot: Snapshot, file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'w', 0o600);
    try {
      if ((await handle.stat()).isFile()) await handle.chmod(0o600);
      await handle.writeFile(snapshotText(snapshot));
    } finally {
      await handle.close();
    }
    return undefined;
  } catch (error) {
    return `cannot save the snapshot to ${file}: ${describeError(error)}`;
  }
}
