import { elsewhere } from '../../support/traffic.ts';
import { FAULTS, twoGroups } from '../../support/two-groups.ts';

export const recipe = elsewhere(
  twoGroups(
    { name: 'quotes', asked: 280, since: '14:04', fault: FAULTS['slower-than-idle-timeout'] },
    { name: 'charts', asked: 170, since: '14:14', fault: FAULTS['cpu-saturated'] },
  ),
  { name: 'broker', region: 'ap-south-1', account: '410000000022' },
);
