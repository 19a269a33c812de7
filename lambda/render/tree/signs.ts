import type { Mark } from '../../incident/topology.ts';
import type { Shade } from './branches.ts';

/** A sign says it to whoever sees no colour. */
export const SIGN_OF: Readonly<Record<Mark['is'], string>> = { broken: '✗', over: '✗', possible: '?', idle: '!' };

export const SHADE_OF: Readonly<Record<Mark['is'], Shade>> = {
  broken: 'bad',
  over: 'doubtful',
  possible: 'doubtful',
  idle: 'doubtful',
};
