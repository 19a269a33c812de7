import type { LogInterval } from '../../incident/evidence.ts';
import type { Gap, Unseen } from '../../incident/observed.ts';

/** What came of reading one place: its lines were counted, or it could not be read at all. */
export type PlaceRead =
  | {
      readonly read: true;
      readonly intervals: readonly LogInterval[];
      /** How much of what was looked for was read, where bytes do not tell. */
      readonly share?: number;
      readonly gaps: readonly Gap[];
    }
  | ({ readonly read: false } & Omit<Unseen, 'seen' | 'source'>);
