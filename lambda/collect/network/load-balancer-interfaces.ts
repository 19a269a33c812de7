import { seen } from '../../incident/observed.ts';
import { answered } from '../batches.ts';
import { describeNetworkInterfaces } from '../call.ts';
import { defineCollector } from '../collector.ts';
import { readInterfaces } from './network-interface.ts';

export const loadBalancerInterfaces = defineCollector({
  key: 'loadBalancerInterfaces',
  after: [],
  actions: [describeNetworkInterfaces.action],
  async collect({ subject }, _earlier, aws) {
    const read = await readInterfaces({ description: [`ELB ${subject.dimension}`] }, aws);
    // A load balancer always has interfaces: none means that this account may not see them, as in a shared subnet.
    const whose = () => [subject.arn];
    const { items, gaps } = answered([subject.arn], read, whose, describeNetworkInterfaces.action, 'interface');
    return seen(items, gaps);
  },
});
