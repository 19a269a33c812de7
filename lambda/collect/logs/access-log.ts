import { defineCollector } from '../collector.ts';

export const accessLog = defineCollector({
  key: 'accessLog',
  after: ['logPlaces', 'loadBalancerMetrics'],
  // Where they are is for whoever asks to say: see `log-permissions.ts`.
  actions: [],
  optIn: 'logs',
  async collect(question, earlier, aws) {
    const { readLog } = await import('./read-log.ts');
    return readLog('access', question, earlier, aws);
  },
});
