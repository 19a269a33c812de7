import { elsewhere } from '../../support/traffic.ts';
import { FAULTS, twoGroups } from '../../support/two-groups.ts';

export const recipe = elsewhere(
  twoGroups(
    { name: 'basket', asked: 310, since: '14:05', fault: FAULTS['unresponsive-backend'] },
    { name: 'reviews', asked: 150, since: '14:12', fault: FAULTS['target-security-group-closed'] },
  ),
  { name: 'bazaar', region: 'eu-north-1', account: '410000000021' },
);
