import { seen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { keyValues } from '../key-values.ts';
import { describeLoadBalancerAttributes } from '../services/elastic-load-balancing.ts';

export const loadBalancerAttributes = defineCollector({
  key: 'loadBalancerAttributes',
  after: [],
  actions: [describeLoadBalancerAttributes.action],
  async collect({ subject }, _earlier, aws) {
    const answer = await aws.ask(describeLoadBalancerAttributes, { LoadBalancerArn: subject.arn });
    return seen(keyValues(answer.Attributes));
  },
});
