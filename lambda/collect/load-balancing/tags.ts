import { seen } from '../../incident/observed.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, gapLike } from '../collector.ts';
import { keptTags } from '../key-values.ts';
import { describeTags } from '../services/elastic-load-balancing.ts';

const ARNS_A_CALL = 20;

export const tags = defineCollector({
  key: 'tags',
  worth: 'little',
  after: ['targetGroups'],
  actions: [describeTags.action],
  async collect({ subject }, { targetGroups }, aws) {
    const groups = targetGroups.seen ? targetGroups.value.map((group) => group.arn) : [];
    const unknown = targetGroups.seen ? targetGroups.gaps : [gapLike(targetGroups, 'the target groups')];
    const arns = [subject.arn, ...groups];
    const { items, gaps } = await inBatches(arns, ARNS_A_CALL, async (batch) => {
      const { TagDescriptions = [] } = await aws.ask(describeTags, { ResourceArns: [...batch] });
      const read = { items: TagDescriptions, gaps: [] };
      return withGapForMissing(batch, read, ({ ResourceArn = '' }) => [ResourceArn], describeTags.action, 'resource');
    });
    const byArn = items.map(({ ResourceArn = '', Tags }) => [ResourceArn, keptTags(Tags)]);
    return seen(Object.fromEntries(byArn), [...unknown, ...gaps]);
  },
});
