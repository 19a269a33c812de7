import type { RouteTable, SecurityGroup, Target } from '../../incident/evidence.ts';
import { type Gap, ifSeen, type Observed, seen } from '../../incident/observed.ts';
import { coversPorts, onePort, tcpPorts } from '../../semantics/network/ports.ts';
import { inBatches } from '../batches.ts';
import { defineCollector, gapLike, unseenLike, withGaps } from '../collector.ts';
import { getManagedPrefixListEntries } from '../services/ec2.ts';

const { action } = getManagedPrefixListEntries;

/** Prefix lists that rules of security groups and routes name, where they may decide over a path to a target. */
export const prefixLists = defineCollector({
  key: 'prefixLists',
  after: ['securityGroups', 'routeTables', 'targetHealth'],
  actions: [action],
  // AWS's own lists belong to the account `aws`.
  resources: { [action]: 'arn:*:ec2:*:*:prefix-list/*' },
  async collect(_question, { securityGroups, routeTables, targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    if (!securityGroups.seen && !routeTables.seen) return unseenLike(securityGroups, 'the rules that name lists');
    const ids = new Set([
      ...listsInRules(ifSeen(securityGroups) ?? [], targetHealth.value),
      ...listsInRoutes(ifSeen(routeTables) ?? [], targetHealth.value),
    ]);
    const { items, gaps } = await inBatches([...ids].sort(), 1, async ([id = '']) => {
      const read = await aws.pages(
        getManagedPrefixListEntries,
        { PrefixListId: id, MaxResults: 100 },
        (answer) => answer.Entries,
      );
      // A list of which a page is missing would look closed to what stands on that page.
      const whole = read.gaps.length === 0;
      return {
        items: whole ? [{ id, cidrs: read.items.flatMap(({ Cidr }) => Cidr ?? []) }] : [],
        gaps: read.gaps.map((gap) => ({ ...gap, ids: [id] })),
      };
    });
    return withGaps(seen(items, gaps), [securityGroups, routeTables].flatMap(gapsIn));
  },
});

/** Of rules for a port that the load balancer uses. */
function listsInRules(groups: readonly SecurityGroup[], targets: readonly Target[]): readonly string[] {
  const ports = [...new Set(targets.flatMap(({ port, healthCheckPort }) => [port, healthCheckPort]))];
  return groups
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .filter(({ prefixListIds }) => prefixListIds.length > 0)
    .filter((rule) => {
      const open = tcpPorts(rule);
      return open !== undefined && ports.some((port) => port !== null && coversPorts(open, onePort(port)));
    })
    .flatMap(({ prefixListIds }) => prefixListIds);
}

/**
 * Within the VPC the local route is enough, and only a list that leads nowhere could take packets off it. Most routes by
 * a list are those of gateway endpoints, to addresses of AWS.
 */
function listsInRoutes(tables: readonly RouteTable[], targets: readonly Target[]): readonly string[] {
  const anyOutside = targets.some(({ zone }) => zone === 'all');
  return tables
    .flatMap(({ routes }) => routes)
    .filter(({ destination, state }) => destination.startsWith('pl-') && (anyOutside || state === 'blackhole'))
    .map(({ destination }) => destination);
}

function gapsIn(observed: Observed<unknown>): readonly Gap[] {
  return observed.seen ? observed.gaps : [gapLike(observed, 'the rules that name lists')];
}
