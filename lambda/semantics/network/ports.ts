import type { SecurityGroupRule } from '../../incident/evidence.ts';

/** Inclusive at both ends, as AWS writes it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Sorted, and no two touch. */
export type PortSet = readonly PortRange[];

const EVERY_PORT: PortRange = { from: 0, to: 65535 };

/** What a load balancer's node connects from, all of it: a return path that opens Linux's 32768–60999 cuts some. */
export const EPHEMERAL_PORTS: PortRange = { from: 1024, to: 65535 };

export const onePort = (port: number): PortRange => ({ from: port, to: port });

/** `443`, `1024-65535`. */
export const rangeName = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`);

export function coversPorts(outer: PortRange, inner: PortRange): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

/** Whether a rule is about a port; one without ports is about all. */
export function coversPort(
  { fromPort, toPort }: Pick<SecurityGroupRule, 'fromPort' | 'toPort'>,
  port: number,
): boolean {
  return fromPort === null || (fromPort <= port && port <= (toPort ?? fromPort));
}

export function portUnion(ranges: readonly PortRange[]): PortSet {
  const joined: PortRange[] = [];
  for (const range of ranges.filter(isNotEmpty).toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || range.from > last.to + 1) joined.push(range);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return joined;
}

/** Cuts a range wherever one of the others begins or ends: each of the others covers a slice wholly or not at all. */
export function portSlices(range: PortRange, others: readonly PortRange[]): PortSet {
  const starts = others
    .flatMap((other) => [other.from, other.to + 1])
    .filter((port) => port > range.from && port <= range.to);
  const sorted = [...new Set([range.from, ...starts])].toSorted((a, b) => a - b);
  return sorted.map((from, index) => ({ from, to: (sorted[index + 1] ?? range.to + 1) - 1 }));
}

/**
 * The TCP ports that a rule of a security group or an ACL speaks of; `undefined` where it is not about TCP. Protocol
 * `-1` means all ports whatever its port fields say (absent, or -1); a TCP rule without ports means all of them.
 */
export function tcpPorts(rule: {
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}): PortRange | undefined {
  if (rule.protocol === '-1') return EVERY_PORT;
  if (rule.protocol !== '6' && rule.protocol.toLowerCase() !== 'tcp') return undefined;
  const from = rule.fromPort ?? EVERY_PORT.from;
  const to = rule.toPort ?? EVERY_PORT.to;
  return from < 0 || to < 0 ? EVERY_PORT : { from, to };
}

function isNotEmpty({ from, to }: PortRange): boolean {
  return from <= to;
}
