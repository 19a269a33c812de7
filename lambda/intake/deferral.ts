import * as v from 'valibot';
import type { Intake } from './intake.ts';
import { momentIn } from './moment.ts';

const Message = v.object({
  'alb-triage': v.literal('turn'),
  due: v.string(),
  by: v.optional(v.string()),
  intake: v.looseObject({
    do: v.picklist(['triage', 'follow-up']),
    publish: v.literal(true),
    request: v.looseObject({ about: v.looseObject({ by: v.string() }), trigger: v.looseObject({}) }),
  }),
});

/** What had no turn to be read, as the function sent it to itself. */
export function deferralIn(message: unknown): Intake | undefined {
  const read = v.safeParse(Message, message);
  const due = read.success ? momentIn(read.output.due) : undefined;
  if (!read.success || due === undefined) return undefined;
  const { by, intake } = read.output;
  // The cast: only this program writes it, from its own type.
  return { ...(intake as unknown as Extract<Intake, { do: 'triage' | 'follow-up' }>), deferral: { due, by, message } };
}
