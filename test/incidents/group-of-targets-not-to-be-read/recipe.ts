import { aSnapshot, denied, TG, targetGroup } from '../../support/a-snapshot.ts';
import { afternoon, noInstances, step } from '../../support/afternoon.ts';
import { during, elsewhere, wandering } from '../../support/traffic.ts';

const asked = wandering(881, 540, 0.1);
const failed = during(step(0, '14:30', 0), '14:20', '14:30', (_, minute) => 150 + ((minute * 31) % 60));

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    ...afternoon(882, { [TG]: { asked, failed: { '503': failed }, seconds: [0.08, 0.7] } }),
    targetHealth: denied('elasticloadbalancing:DescribeTargetHealth'),
    targetGroupMetrics: denied('cloudwatch:GetMetricData'),
    ecsServices: denied('ecs:DescribeServices'),
    ecsTasks: denied('ecs:ListTasks'),
  }),
  { name: 'gallery', region: 'ap-south-1', account: '430000000009' },
);
