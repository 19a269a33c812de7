import { seen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { describeListeners } from '../services/elastic-load-balancing.ts';

export const listeners = defineCollector({
  key: 'listeners',
  worth: 'much',
  after: [],
  actions: [describeListeners.action],
  async collect({ subject }, _earlier, aws) {
    const input = { LoadBalancerArn: subject.arn };
    const { items, gaps } = await aws.pages(describeListeners, input, (answer) => answer.Listeners);
    const found = items.map((listener) => ({
      arn: listener.ListenerArn ?? '',
      port: listener.Port ?? 0,
      protocol: listener.Protocol ?? '',
      sslPolicy: listener.SslPolicy ?? null,
    }));
    return seen(found, gaps);
  },
});
