import { seen } from '../../incident/observed.ts';
import { askAhead, defineCollector } from '../collector.ts';
import { lookupEvents } from '../services/cloudtrail.ts';
import { TRAIL_EVIDENCE } from './lookups.ts';
import { hasChanged } from './recorded-call.ts';
import { latestChanges, trailOf } from './trail.ts';

export const changes = defineCollector({
  key: 'changes',
  after: TRAIL_EVIDENCE,
  actions: [lookupEvents.action],
  ahead: [askAhead([], (question, _earlier, aws) => void latestChanges(question, aws))],
  async collect(question, parts, aws) {
    const { calls, gaps } = await trailOf(question, parts, aws);
    return seen(calls.filter(hasChanged), gaps);
  },
});
