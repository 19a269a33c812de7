import { sortedBy } from '../../incident/evidence/order.ts';
import { missingIds, seen } from '../../incident/observed.ts';
import { isUsable } from '../../semantics/targets/targets.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { describeTargetGroups, describeTargetHealth } from '../services/elastic-load-balancing.ts';
import { targetGroupOf } from './target-groups.ts';
import { targetOf } from './target-health.ts';

/** Each is a call to the scarcest of AWS's APIs, which the customer's own tools need, too. */
const GROUPS_AT_MOST = 20;

export const idleTargetGroups = defineCollector({
  key: 'idleTargetGroups',
  after: ['loadBalancer', 'listenerRules', 'targetHealth'],
  actions: [describeTargetGroups.action, describeTargetHealth.action],
  async collect(_question, { loadBalancer, listenerRules, targetHealth }, aws) {
    if (!loadBalancer.seen) return unseenLike(loadBalancer, 'the VPC of the load balancer');
    if (!listenerRules.seen) return unseenLike(listenerRules, 'the groups that get requests');
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets of the groups that get requests');
    const served = new Set(targetHealth.value.filter(isUsable).map(({ targetGroup }) => targetGroup));
    const unknown = missingIds(targetHealth);
    // Of many groups, not all are asked about: those that look well are none that nobody serves.
    if (routedGroups(listenerRules.value).every((arn) => served.has(arn) || unknown.has(arn))) return seen([]);

    const { vpcId } = loadBalancer.value;
    const all = await aws.pages(describeTargetGroups, {}, (answer) => answer.TargetGroups);
    const idle = all.items.map(targetGroupOf).filter((one) => one.loadBalancerArns.length === 0 && one.vpcId === vpcId);
    const known = sortedBy(idle, ({ arn }) => arn);
    const asked = known.slice(0, GROUPS_AT_MOST);
    const beyond = known.slice(GROUPS_AT_MOST).map(({ arn }) => arn);
    const { items, gaps } = await oneByOne(
      asked.map(({ arn }) => arn),
      async (arn) => {
        const answer = await aws.ask(describeTargetHealth, { TargetGroupArn: arn });
        const targets = (answer.TargetHealthDescriptions ?? []).map((described) => targetOf(described, arn));
        return asked.filter((group) => group.arn === arn).map((group) => ({ group, targets }));
      },
    );
    const tooMany = {
      why: 'not-asked',
      detail: `more than ${GROUPS_AT_MOST} groups that no load balancer uses`,
    } as const;
    return seen(items, [...all.gaps, ...gaps, ...(beyond.length === 0 ? [] : [{ ...tooMany, ids: beyond }])]);
  },
});
