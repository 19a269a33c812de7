import type { AutoScalingInstanceDetails } from '@aws-sdk/client-auto-scaling';
import type { AutoScalingMembership } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { inBatches } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { FAILING_INSTANCES } from '../compute/instances.ts';
import { describeAutoScalingInstances } from '../services/auto-scaling.ts';
import { isInstance, targetSample } from '../target-sample.ts';

const IDS_A_CALL = 50;

/** An instance that is asked about and not listed belongs to no group: that is an answer, and no gap. */
export const autoScalingInstances = defineCollector({
  key: 'autoScalingInstances',
  after: ['targetHealth'],
  actions: [describeAutoScalingInstances.action],
  async collect(_question, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const asked = targetSample(targetHealth.value.filter(isInstance), FAILING_INSTANCES);
    const { items, gaps } = await inBatches(asked.ids, IDS_A_CALL, (batch) =>
      aws.pages(
        describeAutoScalingInstances,
        { InstanceIds: [...batch], MaxRecords: IDS_A_CALL },
        (answer) => answer.AutoScalingInstances,
      ),
    );
    return seen(items.map(membershipOf), [...targetHealth.gaps, ...asked.gaps, ...gaps]);
  },
});

type Member = Pick<
  AutoScalingInstanceDetails,
  'InstanceId' | 'AutoScalingGroupName' | 'LifecycleState' | 'HealthStatus'
>;

export function membershipOf(
  described: { readonly [K in keyof Member]?: Member[K] | undefined },
): AutoScalingMembership {
  return {
    instanceId: described.InstanceId ?? '',
    group: described.AutoScalingGroupName ?? '',
    lifecycleState: described.LifecycleState ?? '',
    healthStatus: described.HealthStatus ?? '',
  };
}
