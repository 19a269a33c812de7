import { setTimeout } from 'node:timers/promises';
import type { $Command } from '@aws-sdk/client-elastic-load-balancing-v2';
import { isAnswer } from './always-sent.ts';
import { passingFault, UnreadableAnswer } from './errors.ts';
import type { SendOptions } from './operation.ts';

const ATTEMPTS = 4;
/** Others wait for the same tokens. */
const ATTEMPTS_WHEN_THROTTLED = 3;
const PAUSE_MS = 200;
const PAUSE_WHEN_THROTTLED_MS = 500;
const PAUSE_AT_MOST_MS = 1_500;

type Metadata = { readonly $metadata: object };

/**
 * One call, asked again where it failed by something that passes: a few times, and of what much waits for until the moment
 * that its session says. The SDK's own retries give up after half a second, whatever is left of the budget.
 */
export function withAttempts<I extends In, O extends Out, Config, In extends object, Out extends Metadata>(
  command: $Command<I, O, Config, In, Out>,
  options: SendOptions,
): $Command<I, O, Config, In, Out> {
  const { action, onAttempt, onDate } = options;
  const { middlewareStack } = command;
  middlewareStack.add((next) => (args) => persistently(() => next(args), options), {
    step: 'finalizeRequest',
    priority: 'high',
    name: 'persistently',
  });
  middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args).catch((error: unknown) => {
        throw readable(error);
      });
      if (!isAnswer(action, answer.output ?? {}, headersOf(answer.response)['content-length']))
        throw new UnreadableAnswer();
      return answer;
    },
    { step: 'deserialize', priority: 'high', name: 'checkAnswer' },
  );
  // Below the deserializer each attempt passes, refused ones too, and the headers are still there.
  middlewareStack.add(
    (next) => async (args) => {
      onAttempt();
      const answer = await next(args);
      const { date } = headersOf(answer.response);
      if (date !== undefined) onDate(date);
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'watchAttempts' },
  );
  return command;
}

async function persistently<T>(
  attempt: () => Promise<T>,
  { abortSignal, patientUntil }: Pick<SendOptions, 'abortSignal' | 'patientUntil'>,
): Promise<T> {
  for (let n = 1, last: unknown; ; n += 1) {
    try {
      return await (last === undefined || performance.now() > patientUntil
        ? attempt()
        : before(patientUntil, attempt(), last));
    } catch (error) {
      const kind = abortSignal.aborted ? undefined : passingFault(error);
      if (kind === undefined || error === last) throw error;
      const pause = pauseAfter(n, kind === 'throttled' ? PAUSE_WHEN_THROTTLED_MS : PAUSE_MS);
      const few = kind === 'throttled' ? ATTEMPTS_WHEN_THROTTLED : ATTEMPTS;
      const isPatient = kind !== 'unreachable' && performance.now() + pause < patientUntil;
      // What hung has taken its time already, and is the least likely to be answered when it is asked again.
      if (!isPatient && (n >= few || kind === 'timed-out')) throw error;
      last = error;
      await setTimeout(pause, undefined, { signal: abortSignal });
    }
  }
}

/** Patience ends in the midst of an attempt, too: what failed and then hangs is not waited for any longer. */
async function before<T>(until: number, answer: Promise<T>, otherwise: unknown): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(until - performance.now(), undefined, { signal: over.signal }).then(() => {
    throw otherwise;
  });
  // Whichever comes second is nobody's any more.
  late.catch(() => {});
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}

/** Doubles each time; not all who were refused together are to come back together. */
function pauseAfter(attempts: number, first: number): number {
  return Math.min(PAUSE_AT_MOST_MS, first * 2 ** (attempts - 1)) * (0.75 + Math.random() / 4);
}

/** What the SDK throws as it parses an answer and finds neither what was asked for nor an error of AWS. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || !('$response' in error) || '$fault' in error) return error;
  if (/^(TimeoutError|AbortError)$/.test(error.name)) return error;
  return new UnreadableAnswer(statusOf(error.$response));
}

interface Headers {
  readonly date?: string;
  readonly 'content-length'?: string;
}

function headersOf(response: unknown): Headers {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return {};
  // The cast: the SDK's HTTP handler makes a record of texts of them.
  return (response.headers ?? {}) as Headers;
}

function statusOf(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null || !('statusCode' in response)) return undefined;
  return typeof response.statusCode === 'number' ? response.statusCode : undefined;
}
