export { COOL_DOWN_SECONDS, decide } from './decide.ts';
export { hear } from './hear.ts';
export { type Decision, type Heard, NOTHING_SAID, type Said, type Talk } from './talk.ts';
export { talkIn } from './talk-in.ts';
export { toldAs } from './words.ts';
