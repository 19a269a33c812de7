import { defineCollector } from '../collector.ts';
import { LOG_READS } from './log-reads.ts';

export const healthCheckLog = defineCollector({
  key: 'healthCheckLog',
  after: ['logPlaces', 'loadBalancerMetrics'],
  actions: LOG_READS,
  optIn: 'logs',
  async collect(question, earlier, aws) {
    const { readLog } = await import('./read-log.ts');
    return readLog('healthCheck', question, earlier, aws);
  },
});
