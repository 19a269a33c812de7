import type { ChangeEvent } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { coversPort } from '../network/ports.ts';

/** What closed a path and what opened it again, as far as CloudTrail shows it by now. */
export interface BracketingChanges {
  readonly closing: ChangeEvent | undefined;
  readonly opening: ChangeEvent | undefined;
}

/**
 * The last change up to a time that took something away, and the first after it that gave it back. `ids`: what filters the
 * path. `port`: where rules for one port close it, changes to those for others have not.
 */
export function changesAround(
  at: Time,
  changes: readonly ChangeEvent[],
  { ids, port }: { readonly ids: readonly string[]; readonly port: number | undefined },
): BracketingChanges {
  const own = changes.filter(
    ({ resources, details }) =>
      details.is === 'security-groups' || (resources.some((id) => ids.includes(id)) && isAbout(port, details)),
  );
  return {
    closing: own.findLast((change) => change.at <= at && effectOf(change).takes),
    opening: own.find((change) => change.at > at && effectOf(change).gives),
  };
}

function isAbout(port: number | undefined, details: ChangeEvent['details']): boolean {
  if (details.is !== 'security-group-rules' || port === undefined) return true;
  return details.rules.some((rule) => coversPort(rule, port));
}

/** Whether it can have closed a path, or opened one. */
function effectOf({ details }: ChangeEvent): { readonly takes: boolean; readonly gives: boolean } {
  switch (details.is) {
    case 'security-groups':
      return { takes: true, gives: true };
    case 'security-group-rules':
      return { takes: details.does === 'revokes', gives: details.does === 'admits' };
    case 'route':
      return { takes: details.does === 'deletes', gives: details.does !== 'deletes' };
    case 'network-acl-entry': {
      const isDeleted = details.does === 'deletes';
      const action = details.entry?.action;
      return { takes: isDeleted || action === 'deny', gives: isDeleted || action === 'allow' };
    }
    default:
      return { takes: false, gives: false };
  }
}
