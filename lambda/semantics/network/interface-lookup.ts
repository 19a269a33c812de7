import type { NetworkInterface } from '../../incident/evidence.ts';
import { type AddressBlock, blockAround, blocksOf, cidrOf } from './addresses.ts';

/**
 * The interface that holds an address. With prefix delegation a pod's address is in no list of addresses, only inside one of
 * the node's prefixes.
 */
export function interfaceLookup(interfaces: readonly NetworkInterface[]) {
  const byAddress = byBlock(interfaces, ({ addresses }) => addresses);
  const byPrefix = byBlock(interfaces, ({ prefixes }) => prefixes);
  const lengths = new Set(interfaces.flatMap(({ prefixes }) => blocksOf(prefixes)).map(({ bits }) => bits));
  return (address: AddressBlock | undefined, vpcId: string): NetworkInterface | undefined => {
    if (address === undefined) return undefined;
    const exact = byAddress.get(keyOf(address, vpcId));
    if (exact !== undefined) return exact;
    const around = [...lengths].map((bits) => byPrefix.get(keyOf(blockAround(address, bits), vpcId)));
    return around.find((one) => one !== undefined);
  };
}

function byBlock(
  interfaces: readonly NetworkInterface[],
  written: (one: NetworkInterface) => readonly string[],
): ReadonlyMap<string, NetworkInterface> {
  const found = new Map<string, NetworkInterface>();
  for (const one of interfaces) {
    for (const block of blocksOf(written(one))) {
      const key = keyOf(block, one.vpcId);
      if (!found.has(key)) found.set(key, one);
    }
  }
  return found;
}

function keyOf(block: AddressBlock, vpcId: string | null): string {
  return `${vpcId} ${cidrOf(block)}`;
}
