export { DEFAULT_WINDOW_SECONDS, seconds } from './duration.ts';
export { readEvent } from './event.ts';
export { InvalidInput, UnreadableEvent } from './input-errors.ts';
export type { Intake } from './intake.ts';
export { moment } from './moment.ts';
export { reference, regionOf } from './reference.ts';
