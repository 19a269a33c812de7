import { seen } from '../incident/observed.ts';
import { attributesOf } from './attributes.ts';
import { defineCollector } from './collector.ts';
import { describeLoadBalancerAttributes } from './operations.ts';

export const loadBalancerAttributes = defineCollector({
  key: 'loadBalancerAttributes',
  after: [],
  actions: [describeLoadBalancerAttributes.action],
  async collect({ subject }, _earlier, aws) {
    const answer = await aws.ask(describeLoadBalancerAttributes, { LoadBalancerArn: subject.arn });
    return seen(attributesOf(answer.Attributes));
  },
});
