import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRateLimiter } from '../../lambda/collect/rate-limiter.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;

/** Tasks that end when told, and how many have begun. */
function tasks() {
  const ends: (() => void)[] = [];
  return {
    begun: () => ends.length,
    endFirst: () => ends.shift()?.(),
    task: () => new Promise<void>((resolve) => ends.push(resolve)),
  };
}

test('lets so many tasks run at once, and the next one when one ends', async () => {
  const limiter = openRateLimiter({ concurrency: 2, burst: 100, perSecond: 1 });
  let running = 0;
  let most = 0;
  const task = async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  };
  await Promise.all(Array.from({ length: 7 }, () => limiter.run(task, never)));
  expect(most).toBe(2);
});

test('lets the burst through at once, then so many a second', async () => {
  const limiter = openRateLimiter({ concurrency: 100, burst: 3, perSecond: 2 });
  const { task, begun } = tasks();
  for (let n = 0; n < 10; n += 1) void limiter.run(task, never);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun()).toBe(3);
  await vi.advanceTimersByTimeAsync(499);
  expect(begun()).toBe(3);
  await vi.advanceTimersByTimeAsync(2);
  expect(begun()).toBe(4);
  await vi.advanceTimersByTimeAsync(1000);
  expect(begun()).toBe(6);
});

test('refills while it is not used, up to the burst and no further', async () => {
  const limiter = openRateLimiter({ concurrency: 100, burst: 3, perSecond: 2 });
  const done = () => Promise.resolve();
  await Promise.all([1, 2, 3].map(() => limiter.run(done, never)));
  await vi.advanceTimersByTimeAsync(60_000);
  const { task, begun } = tasks();
  for (let n = 0; n < 10; n += 1) void limiter.run(task, never);
  await vi.advanceTimersByTimeAsync(0);
  expect(begun()).toBe(3);
});

test('makes the next ones wait for retries that nobody asked it for', async () => {
  const limiter = openRateLimiter({ concurrency: 100, burst: 3, perSecond: 1 });
  const { task, begun } = tasks();
  limiter.spend(3);
  void limiter.run(task, never);
  await vi.advanceTimersByTimeAsync(990);
  expect(begun()).toBe(0);
  await vi.advanceTimersByTimeAsync(20);
  expect(begun()).toBe(1);
});

test('does not run who gave up waiting, and charges nothing for it', async () => {
  const limiter = openRateLimiter({ concurrency: 1, burst: 2, perSecond: 0.001 });
  const { task, begun, endFirst } = tasks();
  const gaveUp = new AbortController();
  void limiter.run(task, never);
  const abandoned = expect(limiter.run(task, gaveUp.signal)).rejects.toThrow('gave up');
  const last = limiter.run(() => Promise.resolve('ran'), never);
  gaveUp.abort(new Error('gave up'));
  await vi.advanceTimersByTimeAsync(0);
  endFirst();
  await abandoned;
  expect(await last).toBe('ran');
  expect(begun()).toBe(0);
});

test('goes on after a task that fails', async () => {
  const limiter = openRateLimiter({ concurrency: 1, burst: 5, perSecond: 1 });
  await expect(limiter.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  expect(await limiter.run(() => Promise.resolve('yes'), never)).toBe('yes');
});
