/** How fast one service may be asked: at most so many calls at a time, drawn from a bucket that refills. */
export interface RateLimit {
  readonly concurrency: number;
  readonly burst: number;
  readonly perSecond: number;
}

/** The queue in front of one service: first come, first served. */
export interface RateLimiter {
  /** Runs the task when its turn comes; rejects with the signal's reason when that comes first. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Takes calls off the bucket that were made without asking: retries. */
  spend(calls: number): void;
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly go: () => void;
}

export function openRateLimiter({ concurrency, burst, perSecond }: RateLimit): RateLimiter {
  const queue: Waiting[] = [];
  let running = 0;
  let tokens = burst;
  let countedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  function refill(): void {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - countedAt) / 1000) * perSecond);
    countedAt = now;
  }

  function serve(): void {
    refill();
    while (queue[0] !== undefined && running < concurrency) {
      // Who gave up waiting costs nothing: the limiter outlives the session, and the next one wants its tokens.
      if (!queue[0].signal.aborted) {
        if (tokens < 1) break;
        tokens -= 1;
      }
      running += 1;
      queue.shift()?.go();
    }
    if (queue.length > 0 && running < concurrency && timer === undefined) {
      timer = setTimeout(
        () => {
          timer = undefined;
          serve();
        },
        Math.ceil(((1 - tokens) / perSecond) * 1000),
      );
    }
  }

  return {
    async run(task, signal) {
      await new Promise<void>((resolve) => {
        queue.push({ signal, go: resolve });
        serve();
      });
      try {
        signal.throwIfAborted();
        return await task();
      } finally {
        running -= 1;
        serve();
      }
    },
    spend(calls) {
      refill();
      tokens -= calls;
    },
  };
}
