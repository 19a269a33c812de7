import { seen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { lookupEvents } from '../services/cloudtrail.ts';
import { TRAIL_EVIDENCE } from './lookups.ts';
import { hasFailed } from './recorded-call.ts';
import { trailOf } from './trail.ts';

const CALLS_AT_MOST = 50;

export const failedCalls = defineCollector({
  key: 'failedCalls',
  after: TRAIL_EVIDENCE,
  actions: [lookupEvents.action],
  async collect(question, parts, aws) {
    const { calls, gaps } = await trailOf(question, parts, aws);
    return seen(calls.filter(hasFailed).slice(-CALLS_AT_MOST), gaps);
  },
});
