import * as v from 'valibot';
import type { Trigger } from '../incident/question.ts';
import { LONGEST_WINDOW_SECONDS } from '../incident/window.ts';
import type { Intake } from './intake.ts';
import { momentIn } from './moment.ts';

const Message = v.object({
  'alb-triage': v.literal('second-look'),
  due: v.string(),
  from: v.string(),
  windowSeconds: v.number(),
  loadBalancer: v.string(),
  trigger: v.looseObject({ at: v.nullable(v.string()) }),
  talk: v.unknown(),
});

/** What the function asked itself: to look at the same again, at that time. */
export function secondLookIn(message: unknown): Intake | undefined {
  const read = v.safeParse(Message, message);
  if (!read.success) return undefined;
  const { due: written, from, windowSeconds, loadBalancer, trigger, talk } = read.output;
  const [due, began] = [momentIn(written), momentIn(from)];
  if (due === undefined || began === undefined) return undefined;
  const since = Math.max(0, (Date.parse(due) - Date.parse(began)) / 1000);
  return {
    do: 'triage',
    request: {
      about: { by: 'arn', arn: loadBalancer },
      at: null,
      // From where the first one looked.
      windowSeconds: Math.min(LONGEST_WINDOW_SECONDS, Math.round(windowSeconds + since)),
      // The cast: only this program writes it, from its own type.
      trigger: { ...(trigger as unknown as Trigger), kind: 'second-look' },
    },
    publish: true,
    look: { due, talk, message },
  };
}
