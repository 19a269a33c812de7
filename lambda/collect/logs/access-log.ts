import { unseen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';

export const accessLog = defineCollector({
  key: 'accessLog',
  after: [],
  actions: [],
  optIn: 'logs',
  collect(_q, _e, aws) {
    if (aws === null) {
      void import('../services/s3.ts');
      void import('../services/cloudwatch-logs.ts');
    }
    return Promise.resolve(unseen('not-asked', 'it is not read yet'));
  },
});
