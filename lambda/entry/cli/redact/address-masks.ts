import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** Masks an address or a CIDR; what is neither is given back. */
export type AddressMask = (written: string) => string;

type Family = 4 | 6;

/** Ranges that mean something by themselves: an address stays within its own, and is hidden there or left as it is. */
const RANGES: readonly (readonly [cidr: string, hidden: boolean])[] = [
  ['0.0.0.0/8', false],
  ['10.0.0.0/8', true],
  ['100.64.0.0/10', true],
  ['127.0.0.0/8', false],
  ['169.254.0.0/16', false],
  ['172.16.0.0/12', true],
  ['192.168.0.0/16', true],
  ['224.0.0.0/3', false],
  ['::/3', false],
  ['64:ff9b::/96', true],
  ['2000::/3', true],
  ['fc00::/7', true],
  ['fd00:ec2::/32', false],
  ['fe80::/10', true],
  ['ff00::/8', false],
];

const SPECIAL = RANGES.map(([cidr, hidden]) => {
  const [address, length] = ipaddr.parseCIDR(cidr);
  return { family: familyOf(address), prefix: bitsOf(address).slice(0, length), hidden };
});

/**
 * Two blocks share as many leading bits masked as they did before: what was within a block, beside it or around it still
 * is. Whether a bit is turned hangs on the bits before it and on the key.
 */
function addressMask(key: string): AddressMask {
  const turned = new Map<string, boolean>();
  const turns = (family: Family, before: string): boolean => {
    const at = `${family}${before}`;
    const known = turned.get(at);
    if (known !== undefined) return known;
    const turn = isHidden(family, before) && (hashed(`${key} ${at}`)[0] ?? 0) % 2 === 1;
    turned.set(at, turn);
    return turn;
  };
  return (written) => {
    const [address, length] = parsed(written) ?? [];
    if (address === undefined || length === undefined) return written;
    const family = familyOf(address);
    const bits = bitsOf(address);
    const masked = [...bits].map((bit, at) => {
      if (at >= length) return '0';
      return turns(family, bits.slice(0, at)) ? (bit === '1' ? '0' : '1') : bit;
    });
    const text = addressOf(masked.join('')).toString();
    return written.includes('/') ? `${text}/${length}` : text;
  };
}

/** The first key by which no address stands for itself or for another one of the same snapshot. */
export function addressMaskFor(seed: string, originals: ReadonlySet<string>): AddressMask {
  for (let attempt = 0; ; attempt += 1) {
    const mask = addressMask(hashed(`${seed} ${attempt}`).toString('hex'));
    const clashes = [...originals].some((one) => !isPlain(one) && originals.has(mask(one)));
    if (!clashes || attempt === 1000) return mask;
  }
}

/** Nothing of it is to be hidden: `0.0.0.0/0`, `10.0.0.0/8`, the address of the metadata service. */
export function isPlain(written: string): boolean {
  const [address, length] = parsed(written) ?? [];
  if (address === undefined || length === undefined) return true;
  const bits = bitsOf(address);
  return !Array.from({ length }, (_, at) => isHidden(familyOf(address), bits.slice(0, at))).includes(true);
}

function isHidden(family: Family, before: string): boolean {
  const ofFamily = SPECIAL.filter((range) => range.family === family);
  if (ofFamily.some(({ prefix }) => prefix.length > before.length && prefix.startsWith(before))) return false;
  const around = ofFamily.filter(({ prefix }) => before.startsWith(prefix));
  const nearest = around.sort((one, other) => other.prefix.length - one.prefix.length)[0];
  return nearest?.hidden ?? true;
}

function parsed(written: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const [address = '', length] = written.split('/');
  // Shorter forms, such as 10.1, are versions of programs rather than addresses.
  const isAddress = address.includes(':') ? ipaddr.IPv6.isValid(address) : ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!isAddress) return undefined;
  const known = ipaddr.parse(address);
  const longest = known.kind() === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? longest : Number(length);
  return Number.isInteger(bits) && bits >= 0 && bits <= longest ? [known, bits] : undefined;
}

function familyOf(address: ipaddr.IPv4 | ipaddr.IPv6): Family {
  return address.kind() === 'ipv4' ? 4 : 6;
}

function bitsOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
}

function addressOf(bits: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.fromByteArray((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function hashed(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
