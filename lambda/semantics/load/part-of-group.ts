import type { Target } from '../../incident/evidence.ts';
import { failsChecks } from '../targets/targets.ts';

/** Requests are shared out among targets roughly alike: so far from their part of them may errors be. */
const AT_MOST = 1.5;
const AT_LEAST = 0.5;

/**
 * Whether some targets of a group are the failing ones: all that fail their health checks are among them and no other is,
 * and no more of the group's requests fail than these get.
 */
function areTheFailing(these: readonly Target[], group: readonly Target[], failedShare: number | null): boolean {
  const failing = group.filter(failsChecks);
  const isSame = failing.length > 0 && these.length === failing.length && failing.every((one) => these.includes(one));
  return isSame && failedShare !== null && failedShare <= (AT_MOST * these.length) / group.length;
}

/** Whether the errors of a group are those of some of its targets: these fail their checks, or as many requests as these get. */
export function makeTheErrors(these: readonly Target[], group: readonly Target[], failedShare: number | null): boolean {
  return areTheFailing(these, group, failedShare) || (these.length > 0 && failAsManyAs(these, group, failedShare));
}

/** Whether about as many of the requests fail as these targets get, while each passes its checks. */
function failAsManyAs(these: readonly Target[], group: readonly Target[], failedShare: number | null): boolean {
  const part = these.length / group.length;
  if (failedShare === null || group.some(failsChecks)) return false;
  return failedShare >= AT_LEAST * part && failedShare <= AT_MOST * part;
}

/** Whether far fewer of the requests fail than a single target of a group gets. */
export function failFewerThanOne(group: readonly Target[], failedShare: number | null): boolean {
  return failedShare !== null && group.length > 0 && failedShare < AT_LEAST / group.length;
}
