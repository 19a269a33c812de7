import type { Diagnosis, Missing } from '../incident/diagnosis.ts';
import { type Gap, ifSeen, type Unseen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';

const CHANGES_AT_MOST = 100;

/** As the report lists them, oldest first: of very many, the newest. */
export function reportedChanges({ evidence }: Snapshot): Diagnosis['changes'] {
  const changes = ifSeen(evidence.changes) ?? [];
  return changes.slice(-CHANGES_AT_MOST).map(({ at, who, what, resources, source }) => ({
    ...{ at, who, what },
    resource: resources[0] ?? '',
    source,
  }));
}

/** That nothing was changed is known only where all was asked and answered. Where nothing was asked, nothing is said. */
export function unseenChanges({ evidence: { changes } }: Snapshot): Pick<Diagnosis, 'changesUnseen'> {
  const failures: readonly (Gap | Unseen)[] = changes.seen ? changes.gaps : [changes];
  // Without an id it is what would have told whom to ask about, and no change.
  const missing = failures.filter(
    ({ why, action, ...rest }) =>
      action?.startsWith('cloudtrail:') ||
      (changes.seen && why === 'not-asked' && !('ids' in rest && rest.ids?.length === 0)),
  );
  return changes.seen || missing.length > 0 ? { changesUnseen: missing.map(asMissing) } : {};
}

function asMissing({ why, detail, action, ...rest }: Gap | Unseen): Missing {
  return {
    ...{ evidence: 'changes' as const, why, detail },
    ...(action === undefined ? {} : { action }),
    ...('ids' in rest && rest.ids !== undefined ? { ids: rest.ids } : {}),
  };
}
