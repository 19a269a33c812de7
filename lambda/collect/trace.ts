import type { Source } from '../incident/observed.ts';

/** What was asked on behalf of one piece of evidence, or to find the load balancer. */
export interface Trace {
  asked(action: string): void;
  /** `depth`: the call's place in its chain of dependent calls, from 1. `attempts`: 1, and each retry. */
  answered(action: string, depth: number, attempts: number): void;
  /** The longest chain answered so far: what a call asked now may build on. */
  depth(): number;
  progress(): { readonly asked: number; readonly answered: number };
  sources(): readonly Source[];
}

export function openTrace(): Trace {
  const calls = new Map<string, number>();
  let asked = 0;
  let answered = 0;
  let deepest = 0;
  return {
    asked: () => {
      asked += 1;
    },
    answered(action, depth, attempts) {
      answered += 1;
      deepest = Math.max(deepest, depth);
      calls.set(action, (calls.get(action) ?? 0) + attempts);
    },
    depth: () => deepest,
    progress: () => ({ asked, answered }),
    sources: () => [...calls].map(([action, count]) => ({ action, calls: count })),
  };
}
