import { GetWebACLForResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { openService } from '../service.ts';

/** One call a second is all that an account has. */
const waf = openService({
  name: 'wafv2',
  client: (config) => new WAFV2Client(config),
  limit: { concurrency: 1, burst: 1, perSecond: 1 },
  paging: { from: 'NextMarker', into: 'NextMarker' },
});

export const getWebAclForResource = waf.operation('GetWebACLForResource', GetWebACLForResourceCommand);
