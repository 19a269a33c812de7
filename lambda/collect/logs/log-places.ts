import { defineCollector } from '../collector.ts';
import { DELIVERY_DESTINATION, DELIVERY_LISTS } from './log-reads.ts';

export const logPlaces = defineCollector({
  key: 'logPlaces',
  after: ['loadBalancerAttributes'],
  actions: [...DELIVERY_LISTS, DELIVERY_DESTINATION],
  optIn: 'logs',
  async collect(question, { loadBalancerAttributes }, aws) {
    // On demand, as all that only logs need.
    const { findPlaces } = await import('./find-places.ts');
    return findPlaces(question, loadBalancerAttributes, aws);
  },
});
