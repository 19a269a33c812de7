import type { Instance as Described } from '@aws-sdk/client-ec2';
import { sortedBy } from '../../incident/evidence/order.ts';
import type { Instance } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { filtersOf } from '../filters.ts';
import { keptTags } from '../key-values.ts';
import { attachedInterfaceOf, groupIdsOf } from '../network/network-interface.ts';
import { describeInstances } from '../services/ec2.ts';
import { isInstance, targetSample } from '../target-sample.ts';
import { utcTime } from '../time.ts';

export const FAILING_INSTANCES = 100;
const VALUES_A_FILTER = 200;

export const instances = defineCollector({
  key: 'instances',
  after: ['targetHealth'],
  actions: [describeInstances.action],
  async collect(_question, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const asked = targetSample(targetHealth.value.filter(isInstance), FAILING_INSTANCES);
    // By filter, not by InstanceIds: there, one that is gone fails the whole call.
    const { items, gaps } = await inBatches(asked.ids, VALUES_A_FILTER, async (batch) => {
      const Filters = filtersOf({ 'instance-id': batch });
      const read = await aws.pages(
        describeInstances,
        { Filters, IncludeManagedResources: true, MaxResults: 1000 },
        (answer) => answer.Reservations?.flatMap((reservation) => reservation.Instances ?? []),
      );
      return withGapForMissing(
        batch,
        read,
        (instance) => [instance.InstanceId ?? ''],
        describeInstances.action,
        'instance',
      );
    });
    return seen(items.map(instanceOf), [...targetHealth.gaps, ...asked.gaps, ...gaps]);
  },
});

function instanceOf(instance: Described): Instance {
  // On a second network card, there may be another of the same index.
  const interfaces = sortedBy(instance.NetworkInterfaces ?? [], ({ Attachment = {}, NetworkInterfaceId }) => [
    Attachment.DeviceIndex ?? 0,
    Attachment.NetworkCardIndex ?? 0,
    NetworkInterfaceId,
  ]);
  const primary = interfaces.find((attached) => attached.Attachment?.DeviceIndex === 0);
  return {
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? 'unknown',
    stateReason: instance.StateReason
      ? { code: instance.StateReason.Code ?? '', message: instance.StateReason.Message ?? '' }
      : null,
    stateSince: timeWithin(instance.StateTransitionReason),
    launchedAt: utcTime(instance.LaunchTime),
    type: instance.InstanceType ?? '',
    zone: instance.Placement?.AvailabilityZone ?? null,
    subnetId: instance.SubnetId ?? null,
    vpcId: instance.VpcId ?? null,
    spot: instance.InstanceLifecycle === 'spot',
    primaryAddress: primary?.PrivateIpAddress ?? instance.PrivateIpAddress ?? null,
    primarySecurityGroupIds: groupIdsOf(primary?.Groups ?? instance.SecurityGroups),
    interfaces: interfaces.map((attached) => attachedInterfaceOf(attached, instance)),
    tags: keptTags(instance.Tags),
  };
}

/** `User initiated (2026-03-10 14:22:00 GMT)`. */
function timeWithin(reason = ''): string | null {
  const [, day, clock] = /\((\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (?:GMT|UTC)\)/.exec(reason) ?? [];
  return day === undefined ? null : utcTime(new Date(`${day}T${clock}Z`));
}
