export { readEvent } from './event.ts';
export type { Intake } from './intake.ts';
export { moment } from './moment.ts';
export { reference, regionOf } from './reference.ts';
export { DEFAULT_WINDOW_SECONDS, seconds } from './since.ts';
export { InvalidInput, UnreadableEvent } from './unreadable.ts';
