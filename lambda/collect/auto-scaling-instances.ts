import { unseen } from '../incident/observed.ts';
import { defineCollector } from './collector.ts';

export const autoScalingInstances = defineCollector({
  key: 'autoScalingInstances',
  after: ['targetHealth'],
  actions: [],
  collect: async () => unseen('not-asked', 'Auto Scaling is not read by this version'),
});
