import type { ApplicationStatusCheckResponseObject, InstanceApplicationStatus } from '@aws-sdk/client-ec2';
import type { ApplicationCheck, ApplicationStatus } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { describeApplicationStatus, describeApplicationStatusChecks } from '../services/ec2.ts';
import { utcTime } from '../time.ts';

const IDS_A_CALL = 100;

/**
 * Hardly anybody has such checks yet: DescribeInstanceStatus tells whose application EC2 checks, and only of failing ones
 * among those is the reason asked. What a check asks for stands in its definition, which is a call of its own.
 */
export const applicationStatus = defineCollector({
  key: 'applicationStatus',
  worth: 'little',
  after: ['targetHealth', 'instanceStatus'],
  actions: [describeApplicationStatus.action, describeApplicationStatusChecks.action],
  async collect(_question, { targetHealth, instanceStatus }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    if (!instanceStatus.seen) return unseenLike(instanceStatus, 'the status of the instances');
    const failing = new Set(targetHealth.value.filter(({ state }) => state !== 'healthy').map(({ id }) => id));
    const ids = instanceStatus.value
      .filter(({ id, application }) => failing.has(id) && isChecked(application?.status))
      .map(({ id }) => id);
    const { items, gaps } = await inBatches(ids, IDS_A_CALL, (batch) => statuses(batch, aws));
    const checks = [
      ...new Set(items.flatMap((item) => detailsOf(item).flatMap((one) => one.ApplicationStatusCheckId ?? []))),
    ];
    const definitions = await definitionsOf(checks, aws);
    const known = new Map(definitions.items.map((one) => [one.ApplicationStatusCheckId, one]));
    return seen(
      items.map((item) => statusOf(item, known)),
      [...instanceStatus.gaps, ...gaps, ...definitions.gaps],
    );
  },
});

/** `not-applicable`: no check applies to it. */
function isChecked(status: string | undefined): boolean {
  return status !== undefined && status !== 'not-applicable';
}

async function statuses(ids: readonly string[], aws: Aws): Promise<PartialList<InstanceApplicationStatus>> {
  const read = await aws.pages(
    describeApplicationStatus,
    { InstanceIds: [...ids] },
    (answer) => answer.ApplicationStatuses?.Instances,
  );
  return withGapForMissing(
    ids,
    read,
    ({ InstanceId = '' }) => [InstanceId],
    describeApplicationStatus.action,
    'instance',
  );
}

/** What failed is worth knowing without the port it failed on. */
async function definitionsOf(
  ids: readonly string[],
  aws: Aws,
): Promise<PartialList<ApplicationStatusCheckResponseObject>> {
  try {
    return await inBatches(ids, IDS_A_CALL, (batch) =>
      aws.pages(
        describeApplicationStatusChecks,
        { ApplicationStatusCheckIds: [...batch] },
        (answer) => answer.ApplicationStatusChecks,
      ),
    );
  } catch (error) {
    if (error instanceof CallFailed) return { items: [], gaps: [gapOf(error, ids)] };
    throw error;
  }
}

function detailsOf({ ApplicationStatus }: InstanceApplicationStatus) {
  return ApplicationStatus?.Details ?? [];
}

function statusOf(
  described: InstanceApplicationStatus,
  definitions: ReadonlyMap<string | undefined, ApplicationStatusCheckResponseObject>,
): ApplicationStatus {
  return {
    instanceId: described.InstanceId ?? '',
    status: described.ApplicationStatus?.Status ?? 'not-applicable',
    checks: detailsOf(described).map(
      ({ ApplicationStatusCheckId = '', Status = 'not-applicable', StatusSince, Reason }): ApplicationCheck => ({
        id: ApplicationStatusCheckId,
        status: Status,
        since: utcTime(StatusSince),
        reason: Reason?.Code ?? null,
        statusCode: Reason?.StatusCode ?? null,
        port: definitions.get(ApplicationStatusCheckId)?.Port ?? null,
        path: definitions.get(ApplicationStatusCheckId)?.Path ?? null,
      }),
    ),
  };
}
