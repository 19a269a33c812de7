import type { Intake, SecondLook } from '../intake/index.ts';
import type { Conversing, Turn } from './conversing.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Log } from './log.ts';

/**
 * With a table or a queue, an alarm's event is a turn of a conversation; what a person asks is answered by itself. What
 * remembers is loaded only then, and never keeps a message from being told.
 */
export function loadConversing(
  intake: Exclude<Intake, { do: 'refuse' | 'ignore' }>,
  settings: FunctionSettings,
  requestId: string,
  log: Log,
): Promise<Conversing | undefined> | undefined {
  const { table, queueUrl } = settings;
  const trigger = intake.do === 'fail' ? intake.trigger : intake.request.trigger;
  const isTurn = intake.publish && (trigger.kind === 'alarm' || trigger.kind === 'second-look');
  if (!isTurn || (table === undefined && queueUrl === undefined)) return undefined;
  const windowSeconds = intake.do === 'fail' ? 0 : intake.request.windowSeconds;
  const look = intake.do === 'triage' ? intake.look : undefined;
  return import('./conversing.ts')
    .then(({ openConversing }) => openConversing({ windowSeconds, look, requestId }, settings, log))
    .catch((error) => {
      log.error('conversation not loaded: told as if nothing had been said', { error });
      return undefined;
    });
}

/** Of what cannot be decided, all is told. */
export async function takeTurn(
  conversing: Promise<Conversing | undefined> | undefined,
  diagnosis: Turn['diagnosis'],
  log: Log,
): Promise<Turn> {
  const alone: Turn = { diagnosis, done: async () => {} };
  try {
    return (await (await conversing)?.takeTurn(diagnosis)) ?? alone;
  } catch (error) {
    log.error('conversation broke off: told as if nothing had been said', { error });
    return alone;
  }
}

/** A queue holds a message for a quarter of an hour at most: what came before its time is sent on. `true`: nothing else is to do. */
export async function isSentOn(look: SecondLook | undefined, { queueUrl }: FunctionSettings): Promise<boolean> {
  const seconds = look === undefined ? 0 : (Date.parse(look.due) - Date.now()) / 1000;
  if (look === undefined || queueUrl === undefined || seconds < 5) return false;
  const { sendLater } = await import('../memory/queue.ts');
  await sendLater(queueUrl, look.message as object, seconds);
  return true;
}
