import { defineCollector } from '../collector.ts';
import { LOG_READS } from './log-reads.ts';

export const accessLog = defineCollector({
  key: 'accessLog',
  after: ['logPlaces', 'loadBalancerMetrics'],
  actions: LOG_READS,
  optIn: 'logs',
  async collect(question, earlier, aws) {
    const { readLog } = await import('./read-log.ts');
    return readLog('access', question, earlier, aws);
  },
});
