import { seen } from '../../incident/observed.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { keyValues } from '../key-values.ts';
import { describeTargetGroupAttributes } from '../services/elastic-load-balancing.ts';

export const targetGroupAttributes = defineCollector({
  key: 'targetGroupAttributes',
  after: ['targetGroups'],
  actions: [describeTargetGroupAttributes.action],
  async collect(_question, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const arns = targetGroups.value.map((group) => group.arn);
    const { items, gaps } = await oneByOne(arns, async (arn) => {
      const answer = await aws.ask(describeTargetGroupAttributes, { TargetGroupArn: arn });
      return [[arn, keyValues(answer.Attributes)] as const];
    });
    return seen(Object.fromEntries(items), [...targetGroups.gaps, ...gaps]);
  },
});
