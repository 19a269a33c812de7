import { aRuleTo, aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, noInstances, onFargate, routed, runningTask } from '../../support/afternoon.ts';
import { elsewhere, inMinutes, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('blog');
const asked = wandering(951, 450, 0.1);
const ADDRESSES = ['10.0.10.47', '10.0.11.48'];
const tasks = onFargate('blog', GROUP, ADDRESSES, {
  tasks: ADDRESSES.map((address, index) =>
    runningTask('blog', address, index, {
      containers: [
        { name: 'app', exitCode: null, reason: null },
        { name: 'logs', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      ],
    }),
  ),
  memory: wandering(952, 71, 0.05, 1),
});

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...tasks,
    ecsTaskDefinitions: [
      {
        arn: 'blog:7',
        memory: 1024,
        containers: [
          { name: 'app', essential: true, memory: null, stopTimeout: null, ports: [8080] },
          { name: 'logs', essential: false, memory: 64, stopTimeout: null, ports: [] },
        ],
      },
    ],
    ...routed(targetGroup('blog', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    ...afternoon(953, {
      [GROUP]: { asked, failed: { '502': inMinutes({ '14:24': 1 }) }, seconds: [0.06, 0.5], healthy: 2 },
    }),
  }),
  { name: 'blog', region: 'us-west-2', account: '430000000016' },
);
