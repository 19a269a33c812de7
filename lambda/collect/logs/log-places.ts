import { defineCollector } from '../collector.ts';
import { describeDeliveries, describeDeliverySources, getDeliveryDestination } from '../services/cloudwatch-logs.ts';

export const logPlaces = defineCollector({
  key: 'logPlaces',
  after: ['loadBalancerAttributes'],
  actions: [describeDeliverySources.action, describeDeliveries.action, getDeliveryDestination.action],
  resources: { [getDeliveryDestination.action]: 'arn:*:logs:*:*:delivery-destination:*' },
  optIn: 'logs',
  async collect(question, { loadBalancerAttributes }, aws) {
    const { findPlaces } = await import('./find-places.ts');
    return findPlaces(question, loadBalancerAttributes, aws);
  },
});
