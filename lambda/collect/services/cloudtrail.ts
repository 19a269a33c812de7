import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { openService } from '../service.ts';

/** Two calls a second are all that an account has, and others ask too. */
const cloudTrail = openService({
  name: 'cloudtrail',
  client: (config) => new CloudTrailClient(config),
  limit: { concurrency: 3, burst: 2, perSecond: 2 },
  paging: { from: 'NextToken', into: 'NextToken' },
});

export const lookupEvents = cloudTrail.paged('LookupEvents', () => LookupEventsCommand);
