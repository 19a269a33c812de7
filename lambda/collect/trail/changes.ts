import { seen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { lookupEvents } from '../services/cloudtrail.ts';
import { PARTS } from './lookups.ts';
import { hasChanged } from './recorded-call.ts';
import { trailOf } from './trail.ts';

export const changes = defineCollector({
  key: 'changes',
  after: PARTS,
  actions: [lookupEvents.action],
  async collect(question, parts, aws) {
    const { calls, gaps } = await trailOf(question, parts, aws);
    return seen(calls.filter(hasChanged), gaps);
  },
});
