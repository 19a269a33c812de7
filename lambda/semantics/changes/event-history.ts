/** CloudTrail keeps its event history for so long, in seconds: 90 days. */
export const EVENTS_KEPT = 90 * 86_400;
