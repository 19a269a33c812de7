import * as v from 'valibot';
import { NOTHING_SAID, type Talk } from './talk.ts';

const Change = v.object({ at: v.string(), who: v.string(), what: v.string() });
const Fault = v.looseObject({
  id: v.string(),
  fingerprint: v.string(),
  cause: v.nullable(v.string()),
  sureness: v.picklist(['identified', 'suspected', 'inconclusive', 'quiet', 'failed']),
  says: v.string(),
  incidentId: v.string(),
  since: v.string(),
  told: v.array(v.object({ at: v.string(), sureness: v.string() })),
  seen: v.number(),
  lastAlarm: v.string(),
  returns: v.number(),
  change: v.optional(Change),
  mended: v.optional(Change),
});
const Past = v.object({ id: v.string(), from: v.string(), to: v.string(), mended: v.optional(Change) });
const Written = v.object({
  faults: v.array(Fault),
  past: v.array(Past),
  kept: v.optional(v.object({ count: v.number(), why: v.string(), at: v.string() })),
  look: v.optional(v.object({ due: v.nullable(v.string()), count: v.number() })),
  read: v.optional(v.object({ at: v.string(), id: v.string() })),
});

/** A conversation as the table or a message has it; `undefined` for what is none. */
export function talkIn(value: unknown): Talk | undefined {
  const read = v.safeParse(Written, value);
  // The cast: all that is compared was looked at, and only this program writes it.
  return read.success ? ({ ...NOTHING_SAID, ...read.output } as Talk) : undefined;
}
