import type { ChangeEvent } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';

/** A setting as it was at a moment, where it is another now. */
export interface PastSetting {
  readonly value: string;
  /** What set it to something else afterwards. */
  readonly ended: ChangeEvent;
}

/** Told by the change before the moment and the one after it; a record never says what a setting was before. */
export function pastSetting(
  changes: readonly ChangeEvent[],
  of: string,
  name: string,
  at: Time,
): PastSetting | undefined {
  const own = settingsOf(changes, of, name);
  const before = own.findLast(({ change }) => change.at <= at);
  const after = own.find(({ change }) => change.at > at);
  if (before === undefined || after === undefined || before.value === after.value) return undefined;
  return { value: before.value, ended: after.change };
}

/** The changes that set it, oldest first, and to what. */
export function settingsOf(changes: readonly ChangeEvent[], of: string, name: string) {
  return changes.flatMap((change) => {
    const { details } = change;
    const value = details.is === 'settings' && details.of === of ? details.set[name] : undefined;
    return value === undefined ? [] : [{ change, value }];
  });
}
