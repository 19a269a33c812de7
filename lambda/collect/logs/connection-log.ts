import { defineCollector } from '../collector.ts';
import { LOG_READS } from './log-reads.ts';

export const connectionLog = defineCollector({
  key: 'connectionLog',
  after: ['logPlaces', 'loadBalancerMetrics'],
  actions: LOG_READS,
  optIn: 'logs',
  async collect(question, earlier, aws) {
    const { readLog } = await import('./read-log.ts');
    return readLog('connection', question, earlier, aws);
  },
});
