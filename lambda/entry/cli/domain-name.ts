import { lookup, Resolver } from 'node:dns/promises';
import { type Aws, askedOf, likelyRegions, loadBalancersThere } from '../../collect/index.ts';
import type { Reference } from '../../incident/question.ts';
import { isOwnName, listed } from '../../intake/index.ts';
import { NotTriaged } from './refusals.ts';

/** The part of DNS that is asked. Both may reject, with Node's codes. */
export interface Dns {
  /** What a name is another name of. */
  aliases(host: string): Promise<readonly string[]>;
  addresses(host: string): Promise<readonly string[]>;
}

const PATIENCE_MS = 5_000;
const LONGEST_CHAIN = 10;
const LOAD_BALANCERS = 300;

/** As this machine resolves names; addresses from its hosts file and its VPN, too. */
export function systemDns(): Dns {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  return {
    aliases: (host) => resolver.resolveCname(host),
    addresses: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  };
}

/** The load balancer that a name of somebody's own domain leads to. Says what else it leads to. */
export async function behindDomain(host: string, aws: Aws, dns: Dns): Promise<Reference> {
  const [chain, addresses] = await Promise.all([chainOf(host, dns), inTime(dns.addresses(host))]);
  const own = chain.find(isOwnName);
  if (own !== undefined) return { by: 'dns', dnsName: own.replace(/^dualstack[.]/, '') };
  const end = chain.at(-1) ?? host;
  const [, front] = IN_FRONT.find(([domain]) => domain.test(end)) ?? [];
  if (front !== undefined) {
    throw new NotTriaged(`${host} leads to ${front} (${end}): name the load balancer behind it`);
  }
  if ('failed' in addresses)
    throw new NotTriaged(`${host} ${addresses.failed}: check the name, or name the load balancer`);
  return byAddresses(host, addresses.is, aws, dns);
}

/** What stands in front of a load balancer, or in its place, by the domain of its names. */
const IN_FRONT: readonly (readonly [RegExp, string])[] = [
  [/[.]cloudfront[.]net$/, 'CloudFront'],
  [/[.]awsglobalaccelerator[.]com$/, 'Global Accelerator'],
  [/[.]execute-api[.]/, 'API Gateway'],
  [/[.]vpce[.]amazonaws[.]com$/, 'a VPC endpoint'],
  [/[.]s3(?:-website)?[.-]/, 'S3'],
];

/** The names that one leads to, one after the other. */
async function chainOf(host: string, dns: Dns): Promise<readonly string[]> {
  const chain: string[] = [];
  const until = Date.now() + PATIENCE_MS;
  for (let name: string | undefined = host; name !== undefined && chain.length < LONGEST_CHAIN; ) {
    const alias: InTime<readonly string[]> = await inTime(dns.aliases(name), until - Date.now());
    name = 'is' in alias ? alias.is[0]?.toLowerCase().replace(/[.]$/, '') : undefined;
    if (name === undefined || chain.includes(name)) break;
    chain.push(name);
  }
  return chain;
}

/** An alias record of Route 53 shows the addresses of the load balancer, and not its name. */
async function byAddresses(host: string, wanted: readonly string[], aws: Aws, dns: Dns): Promise<Reference> {
  const region = await aws.region();
  const regions = [...new Set([...(region === undefined ? [] : [region]), ...likelyRegions(region)])];
  const { answers, unread } = await askedOf(regions, aws, loadBalancersThere);
  const known = answers.flatMap(({ is }) => is.items).filter(({ DNSName }) => DNSName !== undefined);
  const compared = known.slice(0, LOAD_BALANCERS);
  const until = Date.now() + PATIENCE_MS;
  const matching = await Promise.all(
    compared.map(async ({ DNSName = '', LoadBalancerArn = '' }) => {
      const addresses = await inTime(dns.addresses(DNSName), until - Date.now());
      return 'is' in addresses && addresses.is.some((address) => wanted.includes(address)) ? [LoadBalancerArn] : [];
    }),
  );
  const [found, ...others] = matching.flat();
  if (found !== undefined && others.length === 0) return { by: 'arn', arn: found };
  const at = `${host} (${listed(wanted.slice(0, 3), 'and')})`;
  if (found !== undefined) {
    throw new NotTriaged(
      `${at} is at the addresses of several load balancers: name one of ${[found, ...others].join(', ')}`,
    );
  }
  const read =
    listed(
      answers.map((one) => one.region),
      'and',
    ) || 'no Region';
  const left = unread.length === 0 ? '' : `; could not be read: ${unread.map((one) => one.region).join(', ')}`;
  const more = known.length > LOAD_BALANCERS ? `, of which ${LOAD_BALANCERS} were compared` : '';
  throw new NotTriaged(
    `${at} leads to none of the ${known.length} load balancers in ${read}${more}${left}: name the load balancer, or what is behind that address`,
  );
}

type InTime<T> = { readonly is: T } | { readonly failed: string };

async function inTime<T>(asking: Promise<T>, ms = PATIENCE_MS): Promise<InTime<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<InTime<T>>((resolve) => {
    timer = setTimeout(() => resolve({ failed: 'was not resolved by DNS in time' }), Math.max(0, ms));
  });
  const answer = asking.then(
    (is): InTime<T> => ({ is }),
    (error: NodeJS.ErrnoException): InTime<T> => ({
      failed: `has no address in DNS (${error.code ?? error.message})`,
    }),
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
