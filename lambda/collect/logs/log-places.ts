import { defineCollector } from '../collector.ts';

const DESTINATION = 'logs:GetDeliveryDestination';

export const logPlaces = defineCollector({
  key: 'logPlaces',
  after: ['loadBalancerAttributes'],
  actions: ['logs:DescribeDeliveries', 'logs:DescribeDeliverySources', DESTINATION],
  resources: { [DESTINATION]: 'arn:*:logs:*:*:delivery-destination:*' },
  optIn: 'logs',
  async collect(question, { loadBalancerAttributes }, aws) {
    // On demand, as all that only logs need.
    const { findPlaces } = await import('./find-places.ts');
    return findPlaces(question, loadBalancerAttributes, aws);
  },
});
