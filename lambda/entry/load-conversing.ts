import type { Time } from '../incident/text.ts';
import type { Intake } from '../intake/index.ts';
import type { Conversing, Turn } from './conversing.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Log } from './log.ts';

const MEMORY_FAILED = { MemoryErrors: 1 };

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
  if (!isTurn(intake, settings)) return undefined;
  const windowSeconds = intake.do === 'fail' ? 0 : intake.request.windowSeconds;
  const look = intake.do === 'triage' ? intake.look : undefined;
  return import('./conversing.ts')
    .then(({ openConversing }) => openConversing({ windowSeconds, look, requestId }, settings, log))
    .catch((error) => {
      log.error('conversation not loaded: told as if nothing had been said', { error }, MEMORY_FAILED);
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
    log.error('conversation broke off: told as if nothing had been said', { error }, MEMORY_FAILED);
    return alone;
  }
}

/** A queue holds a message for a quarter of an hour at most: what came before its time is sent on. `true`: nothing else is to do. */
async function isSentOn(
  waited: { readonly due: Time; readonly message: unknown } | undefined,
  { queueUrl }: FunctionSettings,
): Promise<boolean> {
  const seconds = waited === undefined ? 0 : (Date.parse(waited.due) - Date.now()) / 1000;
  if (waited === undefined || queueUrl === undefined || seconds < 5) return false;
  const { sendLater } = await import('../memory/queue.ts');
  await sendLater(queueUrl, waited.message as object, seconds);
  return true;
}

/** Why AWS is not read now, or not for this; `undefined` where it is. What cannot be found out keeps nothing from being told. */
export async function notReadBecause(
  intake: Exclude<Intake, { do: 'refuse' | 'ignore' }>,
  settings: FunctionSettings,
  requestId: string,
  log: Log,
): Promise<string | undefined> {
  if (intake.do === 'fail' || !isTurn(intake, settings)) return undefined;
  if (await isSentOn(intake.deferral ?? intake.look, settings)) return 'its time has not come';
  if (settings.table === undefined) return undefined;
  const { turnToRead, withoutAnswer } = await import('./reading-turn.ts');
  const failing = (error: unknown) => {
    log.error('no turn could be asked for', { error }, MEMORY_FAILED);
    return undefined;
  };
  return await turnToRead(intake, settings, requestId).catch((error) => {
    failing(error);
    return withoutAnswer(error, intake, settings).catch(failing);
  });
}

/** What a person asks is answered by itself. */
function isTurn(intake: Exclude<Intake, { do: 'refuse' | 'ignore' }>, { table, queueUrl }: FunctionSettings): boolean {
  const { kind } = intake.do === 'fail' ? intake.trigger : intake.request.trigger;
  return intake.publish && (kind === 'alarm' || kind === 'second-look') && (table ?? queueUrl) !== undefined;
}
