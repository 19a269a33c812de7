import { unseen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';

export const accessLog = defineCollector({
  key: 'accessLog',
  after: [],
  actions: [],
  optIn: 'logs',
  collect() {
    return Promise.resolve(unseen('not-asked', 'it is not read yet'));
  },
});
