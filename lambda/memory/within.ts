/** What is remembered is worth no wait: whoever is on call waits for the message. */
const ANSWERED_WITHIN_MS = 1000;

/** An answer in time, or an error: also where what is called does not listen to the signal. */
export async function within<T>(call: (signal: AbortSignal) => Promise<T>, ms = ANSWERED_WITHIN_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new AbortController();
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${ms} ms`);
      late.abort(error);
      reject(error);
    }, ms);
  });
  try {
    return await Promise.race([call(late.signal), passed]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing of the SDK's reaches stderr, and nothing hangs; what fails is not worth a second try. */
export const CLIENT = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 900, throwOnRequestTimeout: true },
  logger: { debug() {}, info() {}, warn() {}, error() {} },
};
