export { decide } from './decide.ts';
export { COOL_DOWN_SECONDS } from './faults.ts';
export { hear } from './hear.ts';
export { type Decision, type Heard, NOTHING_SAID, type Said, type Talk } from './talk.ts';
export { talkIn } from './talk-in.ts';
export { answeredBy, comesBackAt, READING_MS, TURN_MS, turnAt, waitsHere } from './turns.ts';
export { toldAs } from './words.ts';
