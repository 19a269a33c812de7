import { setMaxListeners } from 'node:events';

export interface Deadline {
  readonly signal: AbortSignal;
  readonly expired: Promise<never>;
}

/** After some milliseconds, or with an earlier signal. */
export function deadlineAfter(ms: number, earlier?: AbortSignal): Deadline {
  const signal = signalAfter(ms, earlier);
  // Every call in flight listens, and Node would warn of the eleventh.
  setMaxListeners(0, signal);
  const expired = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  // Nobody may be waiting when the deadline comes.
  expired.catch(() => {});
  return { signal, expired };
}

/** Not by `AbortSignal.any`: what that combines with a timeout may be garbage-collected before it is over, and never aborts. */
function signalAfter(ms: number, earlier?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException('The deadline is over', 'TimeoutError'));
  setTimeout(abort, ms).unref();
  if (earlier?.aborted) abort();
  earlier?.addEventListener('abort', abort, { once: true });
  return controller.signal;
}
