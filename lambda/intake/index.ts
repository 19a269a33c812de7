export { parseDuration } from './duration.ts';
export { readEvent } from './event.ts';
export { InvalidInput, UnreadableEvent } from './input-errors.ts';
export type { Intake, SecondLook } from './intake.ts';
export { parseLogPlace, parseLogPlaces } from './log-places.ts';
export { parseMoment } from './moment.ts';
export { listed, meant, meantByWords, nearestOf, nearTo } from './nearest.ts';
export { hostNameIn, isOwnName, parseReference, regionOf } from './reference.ts';
export { isRunbook, RUNBOOK } from './runbook.ts';
