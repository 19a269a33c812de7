import { seen } from '../incident/observed.ts';
import { attributesOf } from './attributes.ts';
import { defineCollector, unseenLike } from './collector.ts';
import { oneByOne } from './listed.ts';
import { describeTargetGroupAttributes } from './operations.ts';

export const targetGroupAttributes = defineCollector({
  key: 'targetGroupAttributes',
  after: ['targetGroups'],
  actions: [describeTargetGroupAttributes.action],
  async collect(_question, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const arns = targetGroups.value.map((group) => group.arn);
    const { items, gaps } = await oneByOne(arns, async (arn) => {
      const answer = await aws.ask(describeTargetGroupAttributes, { TargetGroupArn: arn });
      return [[arn, attributesOf(answer.Attributes)] as const];
    });
    return seen(Object.fromEntries(items), [...targetGroups.gaps, ...gaps]);
  },
});
