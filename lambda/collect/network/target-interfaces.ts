import { isIPv6 } from 'node:net';
import type { NetworkInterface, Target } from '../../incident/evidence.ts';
import { type Gap, seen } from '../../incident/observed.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { describeNetworkInterfaces } from '../services/ec2.ts';
import { isAddressInside, targetSample } from '../target-sample.ts';
import { readInterfaces } from './network-interface.ts';

const FAILING_ADDRESSES = 400;
const VALUES_A_FILTER = 200;
/** Of a thousand interfaces each. */
const PAGES_AT_MOST = 4;

export const targetInterfaces = defineCollector({
  key: 'targetInterfaces',
  after: ['targetHealth', 'targetGroups'],
  actions: [describeNetworkInterfaces.action],
  async collect(_question, { targetHealth, targetGroups }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const targets = targetHealth.value.filter(isAddressInside);
    const asked = targetSample(targets, FAILING_ADDRESSES);
    // Private addresses repeat from VPC to VPC. All groups of a load balancer are in its own.
    const vpcs = [...new Set(targetGroups.value.flatMap((group) => group.vpcId ?? []))];
    const [v6, v4] = [asked.ids.filter(isIPv6), asked.ids.filter((id) => !isIPv6(id))];
    const answers = await Promise.all([
      inBatches(v4, VALUES_A_FILTER, (batch) => holders(batch, 'addresses.private-ip-address')),
      inBatches(v6, VALUES_A_FILTER, (batch) => holders(batch, 'ipv6-addresses.ipv6-address')),
    ]);
    const gaps = answers.flatMap((answer) => answer.gaps);
    const lost = new Set(gaps.flatMap(({ why, ids = [] }) => (why === 'partial' ? ids : [])));
    const unfound = targets.filter(({ id }) => lost.has(id));
    const scanned = unfound.some(({ state }) => !GONE.includes(state)) ? await scannedFor(unfound, vpcs, aws) : null;
    const found = new Map(
      [...answers.flatMap(({ items }) => items), ...(scanned?.items ?? [])].map((each) => [each.id, each]),
    );
    const rest = scanned === null ? gaps : [...gaps.filter(({ why }) => why !== 'partial'), ...scanned.gaps];
    return seen([...found.values()], [...targetHealth.gaps, ...asked.gaps, ...rest]);

    async function holders(addresses: readonly string[], filter: string) {
      const read = await readInterfaces({ [filter]: addresses, ...inVpcs(vpcs) }, aws);
      return withGapForMissing(addresses, read, (each) => each.addresses, describeNetworkInterfaces.action, 'address');
    }
  },
});

/** Nobody expects these to be held by anything. */
const GONE: readonly Target['state'][] = ['draining', 'unhealthy.draining', 'unused'];

/**
 * No filter finds an address inside a prefix that was delegated to an interface, as those of pods may be. So all interfaces
 * of the zones are read. What none of them holds is a gap of the kind `partial`: AWS withGapForMissing, and it is not there.
 */
async function scannedFor(
  targets: readonly Target[],
  vpcs: readonly string[],
  aws: Aws,
): Promise<PartialList<NetworkInterface>> {
  const addresses = [...new Set(targets.map(({ id }) => id))];
  const zones = targets.map(({ zone }) => zone);
  const inZones = zones.some((zone) => zone === null) ? {} : { 'availability-zone': distinct(zones) };
  try {
    const { items, gaps } = await readInterfaces({ ...inVpcs(vpcs), ...inZones }, aws, PAGES_AT_MOST);
    // Few incidents need them, and this is loaded at start.
    const [{ blockOf }, { interfaceLookup }] = await Promise.all([
      import('../../semantics/network/addresses.ts'),
      import('../../semantics/network/interface-lookup.ts'),
    ]);
    const holderOf = interfaceLookup(items);
    const held = addresses.map((id) => ({ id, holders: vpcs.flatMap((vpc) => holderOf(blockOf(id), vpc) ?? []) }));
    const ids = held.flatMap(({ id, holders }) => (holders.length === 0 ? [id] : []));
    const missed = ids.length === 0 ? [] : gaps.length > 0 ? gaps.map((gap) => ({ ...gap, ids })) : [heldByNobody(ids)];
    return { items: held.flatMap(({ holders }) => holders), gaps: missed };
  } catch (error) {
    if (error instanceof CallFailed) return { items: [], gaps: [gapOf(error, addresses)] };
    throw error;
  }
}

function heldByNobody(ids: readonly string[]): Gap {
  const detail = 'no network interface that this account sees holds these addresses';
  return { why: 'partial', detail, action: describeNetworkInterfaces.action, ids };
}

function inVpcs(vpcs: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return vpcs.length > 0 ? { 'vpc-id': vpcs } : {};
}

function distinct(zones: readonly (string | null)[]): readonly string[] {
  return [...new Set(zones)].filter((zone) => zone !== null);
}
