import { seen } from '../../incident/observed.ts';
import { withGapForMissing } from '../batches.ts';
import { defineCollector } from '../collector.ts';
import { describeNetworkInterfaces } from '../services/ec2.ts';
import { readInterfaces } from './network-interface.ts';

export const loadBalancerInterfaces = defineCollector({
  key: 'loadBalancerInterfaces',
  after: [],
  actions: [describeNetworkInterfaces.action],
  async collect({ subject }, _earlier, aws) {
    const read = await readInterfaces({ description: [`ELB ${subject.dimension}`] }, aws);
    // A load balancer always has interfaces: none means that this account may not see them, as in a shared subnet.
    const whose = () => [subject.arn];
    const { items, gaps } = withGapForMissing(
      [subject.arn],
      read,
      whose,
      describeNetworkInterfaces.action,
      'interface',
    );
    return seen(items, gaps);
  },
});
