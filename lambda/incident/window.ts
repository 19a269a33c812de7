/** How long a window is, in seconds, unless somebody says so. */
export const DEFAULT_WINDOW_SECONDS = 30 * 60;
/** As long as an alarm may evaluate: seven days, of periods of an hour or more. */
export const LONGEST_WINDOW_SECONDS = 7 * 24 * 60 * 60;
const MARGIN_SECONDS = 10 * 60;

/** All that an alarm looked at, and what led to it. */
export function alarmWindow(evaluatedSeconds: number): number {
  const needed = Math.min(LONGEST_WINDOW_SECONDS, Math.ceil(evaluatedSeconds)) + MARGIN_SECONDS;
  return Math.max(DEFAULT_WINDOW_SECONDS, needed);
}
