import { unseen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';

export const logPlaces = defineCollector({
  key: 'logPlaces',
  after: [],
  actions: [],
  optIn: 'logs',
  collect() {
    return Promise.resolve(unseen('not-asked', 'it is not read yet'));
  },
});
