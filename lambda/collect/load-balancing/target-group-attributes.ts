import { seen } from '../../incident/observed.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { keyValues } from '../key-values.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { describeTargetGroupAttributes } from '../services/elastic-load-balancing.ts';
import { suspectsAmong } from './suspects.ts';

export const targetGroupAttributes = defineCollector({
  key: 'targetGroupAttributes',
  after: ['targetGroups'],
  actions: [describeTargetGroupAttributes.action, getMetricData.action],
  async collect(question, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const { arns, gaps: beyond } = await suspectsAmong(targetGroups.value, question, aws);
    const { items, gaps } = await oneByOne(arns, async (arn) => {
      const answer = await aws.ask(describeTargetGroupAttributes, { TargetGroupArn: arn });
      return [[arn, keyValues(answer.Attributes)] as const];
    });
    return seen(Object.fromEntries(items), [...targetGroups.gaps, ...beyond, ...gaps]);
  },
});
