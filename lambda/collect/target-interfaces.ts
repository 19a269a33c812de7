import { isIPv6 } from 'node:net';
import { seen } from '../incident/observed.ts';
import { askedTargets, isAddressInside } from './asked-targets.ts';
import { defineCollector, unseenLike } from './collector.ts';
import { answered, inBatches } from './listed.ts';
import { readInterfaces } from './network-interface.ts';
import { describeNetworkInterfaces } from './operations.ts';

const FAILING_ADDRESSES = 400;
const VALUES_A_FILTER = 200;

export const targetInterfaces = defineCollector({
  key: 'targetInterfaces',
  after: ['targetHealth', 'targetGroups'],
  actions: [describeNetworkInterfaces.action],
  async collect(_question, { targetHealth, targetGroups }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const asked = askedTargets(targetHealth.value.filter(isAddressInside), FAILING_ADDRESSES);
    // Private addresses repeat from VPC to VPC. All groups of a load balancer are in its own.
    const vpcs = [...new Set(targetGroups.value.flatMap((group) => group.vpcId ?? []))];
    const [v6, v4] = [asked.ids.filter(isIPv6), asked.ids.filter((id) => !isIPv6(id))];
    const answers = await Promise.all([
      inBatches(v4, VALUES_A_FILTER, (batch) => holders(batch, 'addresses.private-ip-address')),
      inBatches(v6, VALUES_A_FILTER, (batch) => holders(batch, 'ipv6-addresses.ipv6-address')),
    ]);
    const found = new Map(answers.flatMap(({ items }) => items).map((each) => [each.id, each]));
    const gaps = answers.flatMap((answer) => answer.gaps);
    return seen([...found.values()], [...targetHealth.gaps, ...asked.gaps, ...gaps]);

    async function holders(addresses: readonly string[], filter: string) {
      const read = await readInterfaces({ [filter]: addresses, ...(vpcs.length > 0 && { 'vpc-id': vpcs }) }, aws);
      return answered(addresses, read, (each) => each.addresses, describeNetworkInterfaces.action, 'address');
    }
  },
});
