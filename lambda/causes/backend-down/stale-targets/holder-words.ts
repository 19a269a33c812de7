import {
  andList,
  asQuoted,
  code,
  count,
  type Phrase,
  phrase,
  resource,
  type Text,
  text,
} from '../../../incident/text.ts';
import type { InterfaceOwner } from '../../../semantics/network/interface-owners.ts';
import type { StaleAddress } from '../../../semantics/network/stale-addresses.ts';
import { cite } from '../../cite.ts';

const KINDS: Readonly<Record<InterfaceOwner['kind'], Phrase>> = {
  database: phrase`a database`,
  cache: phrase`a cache`,
  'file-system': phrase`a file system`,
  'nat-gateway': phrase`a NAT gateway`,
  'transit-gateway': phrase`a transit gateway`,
  function: phrase`a Lambda function`,
  endpoint: phrase`a VPC endpoint`,
  'load-balancer': phrase`a load balancer`,
};

type Why = StaleAddress['why'];

/** More are counted: the proof names them. */
const NAMED_AT_MOST = 2;

/** `10.0.10.21 is the address of a database`, of all of them. */
export function whySaid(stale: readonly StaleAddress[]): Text {
  const isNamed = stale.length <= NAMED_AT_MOST;
  const named = andList(stale.map(({ target }) => resource(target.id)));
  const held = isNamed ? named : text`${count(stale.length, 'address', 'addresses')}`;
  const addresses = isNamed ? named : text`${count(stale.length, 'target')}`;
  const [first] = stale;
  if (first === undefined || stale.some(({ why }) => wordsOf(why) !== wordsOf(first.why))) {
    const kinds = stale.map(({ why }) => kindSaid(why));
    return kinds.includes(null)
      ? text`Something else, or nothing, holds ${held}`
      : text`${addresses} are addresses of ${andList([...new Set(kinds)].flatMap((kind) => kind ?? []))}`;
  }
  const one = stale.length === 1;
  switch (first.why.is) {
    case 'unheld':
      return text`No network interface holds ${held}`;
    case 'in-no-subnet':
      return text`${addresses} ${one ? 'is' : 'are'} in no subnet of the VPC`;
    case 'of-another-kind':
      return text`${addresses} ${one ? 'is the address' : 'are addresses'} of ${ownerSaid(first.why.owner)}`;
    case 'of-another-service':
      return text`${addresses} ${one ? 'is the address' : 'are addresses'} of ${resource(first.why.service)}, another ECS service`;
  }
}

function kindSaid(why: Why): Phrase | null {
  if (why.is === 'of-another-kind') return KINDS[why.owner.kind];
  return why.is === 'of-another-service' ? phrase`another ECS service` : null;
}

function wordsOf(why: Why): string {
  if (why.is === 'of-another-kind') return `${why.is} ${why.owner.kind} ${why.owner.name}`;
  return why.is === 'of-another-service' ? `${why.is} ${why.service}` : why.is;
}

function ownerSaid({ kind, name }: InterfaceOwner): Text {
  return name === null ? text`${KINDS[kind]}` : text`${KINDS[kind]}, ${resource(name)}`;
}

const HOLDERS_AT_MOST = 4;

/** What shows it: of the addresses that nobody holds at once, of each of the others. */
export function holdersSaid(stale: readonly StaleAddress[]) {
  const of = (is: Why['is']) =>
    andList(stale.filter(({ why }) => why.is === is).map(({ target }) => resource(target.id)));
  const has = (is: Why['is']) => stale.some(({ why }) => why.is === is);
  return [
    has('unheld') && cite.targetInterfaces`no network interface of the VPC holds ${of('unheld')}`,
    has('in-no-subnet') && cite.subnets`in the range of the VPC but in none of its subnets: ${of('in-no-subnet')}`,
    ...stale
      .flatMap(({ target, why }) => ('holder' in why ? holderSaid(target.id, why) : []))
      .slice(0, HOLDERS_AT_MOST),
  ];
}

function holderSaid(address: string, why: Extract<Why, { readonly holder: unknown }>) {
  const { id, description, requesterId } = why.holder;
  const holds = text`${resource(id)} holds ${resource(address)}`;
  if (why.is === 'of-another-service') {
    return cite.targetInterfaces`${holds}: its tags name the ECS service ${resource(why.service)}`;
  }
  const by = requesterId === undefined ? '' : text`, made by ${code(requesterId)}`;
  return cite.targetInterfaces`${holds}: ${asQuoted(description)}${by}`;
}
