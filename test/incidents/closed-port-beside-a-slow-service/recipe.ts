import { elsewhere } from '../../support/traffic.ts';
import { FAULTS, twoGroups } from '../../support/two-groups.ts';

export const recipe = elsewhere(
  twoGroups(
    { name: 'ledger', asked: 260, since: '14:06', fault: FAULTS['nothing-listening'] },
    { name: 'export', asked: 240, since: '14:17', fault: FAULTS['slower-than-idle-timeout'] },
  ),
  { name: 'books', region: 'us-east-1', account: '410000000024' },
);
