import type { ChangeEvent, Target, TargetGroup } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { plusSeconds } from '../time/minutes.ts';
import { isCustomaryForTls } from './health-check-answers.ts';
import { codesIn, failingSeconds } from './targets.ts';

/** What sends checks elsewhere. */
export const CHECK_SETTING = /^healthCheck(Port|Protocol)$/;
/** Health is counted by the minute. */
const MINUTE = 60;

/**
 * A check that speaks another protocol than requests do, on another port, and is answered whatever it is: it is not what
 * serves that answers. Or one in plain HTTP whose answer is 400, where TLS is customary: it is not taken for a request at all.
 */
export function isForeignCheck({ reason, description, healthCheckPort }: Target, group: TargetGroup): boolean {
  const codes = codesIn(description);
  const { protocol } = group.healthCheck;
  if (reason !== 'Target.ResponseCodeMismatch' || protocol === null || group.protocol === null) return false;
  if (protocol !== group.protocol) return true;
  const isRefused = codes.length > 0 && codes.every((status) => status === 400);
  return protocol === 'HTTP' && isRefused && isCustomaryForTls(healthCheckPort);
}

/** The check was sent elsewhere in the time that was read, and no target has passed it since. */
export function hasFailedSinceSet(
  group: TargetGroup,
  changes: readonly ChangeEvent[],
  neverHealthySince: (at: Time) => boolean,
): boolean {
  const set = changes.findLast(
    ({ details, resources }) =>
      details.is === 'settings' &&
      resources.includes(group.arn) &&
      Object.keys(details.set).some((name) => CHECK_SETTING.test(name)),
  );
  return set !== undefined && neverHealthySince(plusSeconds(set.at, failingSeconds(group) + MINUTE));
}
