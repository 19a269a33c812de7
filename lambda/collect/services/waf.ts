import { openService } from '../service.ts';

const sdk = () => import('./sdk/waf.ts');

/** One call a second is all that an account has. */
const waf = openService({
  name: 'wafv2',
  client: async (config) => new (await sdk()).WAFV2Client(config),
  limit: { concurrency: 1, burst: 1, perSecond: 1 },
  paging: { from: 'NextMarker', into: 'NextMarker' },
});

export const getWebAclForResource = waf.operation(
  'GetWebACLForResource',
  async () => (await sdk()).GetWebACLForResourceCommand,
);
