import { elsewhere } from '../../support/traffic.ts';
import { FAULTS, twoGroups } from '../../support/two-groups.ts';

export const recipe = elsewhere(
  twoGroups(
    { name: 'search', asked: 320, since: '14:03', fault: FAULTS['target-returns-5xx'] },
    { name: 'mails', asked: 140, since: '14:13', fault: FAULTS['instance-not-running'] },
  ),
  { name: 'portal', region: 'ca-west-1', account: '410000000023' },
);
