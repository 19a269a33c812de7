import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, type Text, text } from '../../../incident/text.ts';
import { wayToInternet } from '../../../remedies/internet-route.ts';
import type { CutOffSubnet } from '../../../semantics/network/internet-ingress.ts';
import { cite } from '../../cite.ts';
import type { WayFound, WaySeen } from './closed-groups.ts';
import { silenceInShort, silenceSaid } from './silence-words.ts';

/** Subnets of it that no internet gateway serves: all of them, or some. */
export function cutOff(cut: readonly CutOffSubnet[], seen: WaySeen): WayFound {
  const { loadBalancer, routeTables } = seen;
  const all = loadBalancer.zones.length;
  const isWhole = cut.length === all;
  const silence = isWhole ? silenceSaid(loadBalancer, seen.loadBalancerMetrics) : null;
  const zones = andList(cut.map(({ zone }) => code(zone)));
  const tables = [...new Map(cut.map((one) => [one.table.id, one])).values()];
  const subnets = ifSeen(seen.subnets) ?? [];
  return {
    strength: silence === null ? 'circumstantial' : 'strong',
    says: isWhole
      ? text`${resource(loadBalancer.name)} is internet-facing, and none of its subnets has a route to an internet gateway${silenceInShort(silence)}`
      : text`${resource(loadBalancer.name)} is internet-facing, and its subnet${cut.length === 1 ? '' : 's'} in ${zones} (${cut.length} of ${all} zones) ${cut.length === 1 ? 'has' : 'have'} no route to an internet gateway`,
    because: [
      ...tablesSaid(tables, cut),
      silence,
      !isWhole &&
        cite.loadBalancer`its DNS name resolves to addresses in ${all} zones: a client that uses one in ${zones} gets no answer`,
    ],
    affects: { targetGroups: [], targets: [] },
    explains: [],
    restsOn: [...tables.map(({ table }) => table.id), ...cut.map(({ subnetId }) => subnetId), loadBalancer.vpcId],
    fromAbsence: true,
    fixes: wayToInternet(cut, { loadBalancer, routeTables, subnets, tags: ifSeen(seen.tags)?.[loadBalancer.arn] }),
    facts: {
      subnets: cut.map(({ subnetId }) => subnetId),
      routeTables: tables.map(({ table }) => table.id),
      zones: all,
    },
  };
}

function tablesSaid([first, ...more]: readonly CutOffSubnet[], cut: readonly CutOffSubnet[]): WayFound['because'] {
  const said = (one: CutOffSubnet | undefined) => cite.routeTables`${one === undefined ? [] : tableSaid(one, cut)}`;
  return [said(first), ...more.map(said)];
}

function tableSaid({ table, instead }: CutOffSubnet, cut: readonly CutOffSubnet[]): Text {
  const own = cut.filter((one) => one.table.id === table.id);
  const of = andList(own.map(({ subnetId, zone }) => text`${resource(subnetId)} (${code(zone)})`));
  const goes =
    instead === null
      ? text`no route to ${resource('0.0.0.0/0')}`
      : instead.state === 'blackhole'
        ? text`${resource('0.0.0.0/0')} leads to ${resource(instead.target.id)}, which is gone: ${code('blackhole')}`
        : text`${resource('0.0.0.0/0')} leads to ${resource(instead.target.id)}`;
  return text`route table ${resource(table.id)}${table.isMain ? ' (the main table)' : ''} of ${of}: ${goes}`;
}
