import { seen } from '../../incident/observed.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { describeInstanceCreditSpecifications } from '../services/ec2.ts';

const { action } = describeInstanceCreditSpecifications;
const IDS_A_CALL = 1000;

/** Only burstable instances have one: asked about another, AWS refuses the whole call. */
export const creditModes = defineCollector({
  key: 'creditModes',
  worth: 'little',
  after: ['instances'],
  actions: [action],
  async collect(_question, { instances }, aws) {
    if (!instances.seen) return unseenLike(instances, 'the instances');
    const burstable = instances.value.filter(({ type, state }) => /^t\d/.test(type) && state === 'running');
    const ids = burstable.map(({ id }) => id);
    const { items, gaps } = await inBatches(ids, IDS_A_CALL, async (batch) => {
      const read = await aws.pages(
        describeInstanceCreditSpecifications,
        { InstanceIds: [...batch] },
        (answer) => answer.InstanceCreditSpecifications,
      );
      return withGapForMissing(batch, read, ({ InstanceId = '' }) => [InstanceId], action, 'instance');
    });
    return seen(
      items.map(({ InstanceId = '', CpuCredits = '' }) => ({ instanceId: InstanceId, mode: CpuCredits })),
      [...instances.gaps, ...gaps],
    );
  },
});
