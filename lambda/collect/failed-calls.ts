import type { FailedCall } from '../incident/evidence.ts';
import { seen } from '../incident/observed.ts';
import { defineCollector, unseenLike } from './collector.ts';

const CALLS_AT_MOST = 50;

/** What the look-ups for changes told besides: no call of its own. */
export const failedCalls = defineCollector({
  key: 'failedCalls',
  after: ['changes'],
  actions: [],
  async collect(_question, { changes }, aws) {
    if (!changes.seen) return unseenLike(changes, 'what CloudTrail tells');
    return seen([...aws.failedCalls.values()].sort(oldestFirst).slice(-CALLS_AT_MOST), changes.gaps);
  },
});

function oldestFirst(a: FailedCall, b: FailedCall): number {
  return Date.parse(a.at) - Date.parse(b.at);
}
