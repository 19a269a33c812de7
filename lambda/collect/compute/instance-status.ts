import type { InstanceStatus as Described } from '@aws-sdk/client-ec2';
import type { InstanceStatus, StatusCheck } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { describeInstanceStatus } from '../services/ec2.ts';
import { isInstance, targetSample } from '../target-sample.ts';
import { utcTime } from '../time.ts';
import { FAILING_INSTANCES } from './instances.ts';

const IDS_A_CALL = 100;

export const instanceStatus = defineCollector({
  key: 'instanceStatus',
  after: ['targetHealth'],
  actions: [describeInstanceStatus.action],
  async collect(_question, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const asked = targetSample(targetHealth.value.filter(isInstance), FAILING_INSTANCES);
    const { items, gaps } = await inBatches(asked.ids, IDS_A_CALL, (batch) => statuses(batch, aws));
    return seen(items.map(statusOf), [...targetHealth.gaps, ...asked.gaps, ...gaps]);
  },
});

/** This call has no filter by id, and one id that is gone fails it: then ask again for those that AWS did not name. */
async function statuses(ids: readonly string[], aws: Aws): Promise<PartialList<Described>> {
  const read = async (InstanceIds: readonly string[]) => {
    const input = { InstanceIds: [...InstanceIds], IncludeAllInstances: true, IncludeManagedResources: true };
    const found = await aws.pages(describeInstanceStatus, input, (answer) => answer.InstanceStatuses);
    return withGapForMissing(ids, found, idsOf, describeInstanceStatus.action, 'instance');
  };
  try {
    return await read(ids);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.code !== 'InvalidInstanceID.NotFound') throw error;
    const gone: readonly string[] = error.said.match(/i-[0-9a-f]+/g) ?? [];
    const rest = ids.filter((id) => !gone.includes(id));
    if (rest.length === ids.length) throw error;
    if (rest.length > 0) return read(rest);
    return withGapForMissing(ids, { items: [], gaps: [] }, idsOf, describeInstanceStatus.action, 'instance');
  }
}

function idsOf({ InstanceId = '' }: Described): readonly string[] {
  return [InstanceId];
}

function statusOf(described: Described): InstanceStatus {
  return {
    id: described.InstanceId ?? '',
    system: checkOf(described.SystemStatus),
    instance: checkOf(described.InstanceStatus),
    attachedEbs: described.AttachedEbsStatus === undefined ? null : checkOf(described.AttachedEbsStatus),
    application:
      described.ApplicationStatus?.Status === undefined
        ? null
        : {
            status: described.ApplicationStatus.Status,
            impairedSince: utcTime(described.ApplicationStatus.ImpairedSince),
          },
    events: (described.Events ?? []).map((event) => ({
      code: event.Code ?? '',
      description: event.Description ?? '',
      notBefore: utcTime(event.NotBefore),
      notAfter: utcTime(event.NotAfter),
    })),
  };
}

interface Summary {
  readonly Status?: string | undefined;
  readonly Details?: readonly { readonly ImpairedSince?: Date | undefined }[] | undefined;
}

/** Without a status, as for an instance that does not run, nothing was checked. */
function checkOf({ Status, Details = [] }: Summary = {}): StatusCheck {
  const since = Details.flatMap(({ ImpairedSince }) => utcTime(ImpairedSince) ?? []).sort();
  return { status: Status ?? 'not-applicable', impairedSince: since[0] ?? null };
}
