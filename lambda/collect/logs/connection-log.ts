import { defineCollector } from '../collector.ts';

export const connectionLog = defineCollector({
  key: 'connectionLog',
  after: ['logPlaces', 'loadBalancerMetrics'],
  // Where they are is for whoever asks to say: see `log-permissions.ts`.
  actions: [],
  optIn: 'logs',
  async collect(question, earlier, aws) {
    const { readLog } = await import('./read-log.ts');
    return readLog('connection', question, earlier, aws);
  },
});
