import { ifSeen } from '../../incident/observed.ts';
import type { Subject } from '../../incident/question.ts';
import { partAt, type RecordPart, textsIn } from '../../reading/trail-record.ts';
import type { TrailEvidence } from './lookups.ts';

/** The resources of this incident, by the names that records of CloudTrail call them. */
export interface IncidentResources {
  readonly ids: ReadonlySet<string>;
  /** `/app/web/50dc6c495c0c9188`: in the ARNs of its listeners and their rules. */
  readonly loadBalancer: string;
  /** Auto Scaling groups, services and functions have names that mean something within their own service only. */
  readonly named: readonly ResourceName[];
}

interface ResourceName {
  readonly source: 'autoscaling.amazonaws.com' | 'ecs.amazonaws.com' | 'lambda.amazonaws.com';
  readonly name: string;
  /** Of an ECS service. */
  readonly cluster?: string;
  readonly targetGroups: readonly string[];
}

export function incidentResources({ arn, dimension }: Subject, parts: TrailEvidence): IncidentResources {
  const { loadBalancer, targetGroups, targetHealth, instances, targetInterfaces, ecsServices } = parts;
  const targets = ifSeen(targetHealth) ?? [];
  const interfaces = [
    ...(ifSeen(instances) ?? []).flatMap((instance) => instance.interfaces),
    ...(ifSeen(targetInterfaces) ?? []),
  ];
  // Of tasks that come and go, nothing may be registered at the moment.
  const networks = (ifSeen(ecsServices) ?? []).flatMap(({ network }) => network ?? []);
  const subnets = [
    ...networks.flatMap(({ subnetIds }) => subnetIds),
    ...interfaces.map(({ subnetId }) => subnetId),
    ...(ifSeen(loadBalancer)?.zones ?? []).map(({ subnetId }) => subnetId),
  ];
  const own = new Set([
    arn,
    ...(ifSeen(targetGroups) ?? []).map((group) => group.arn),
    ...targets.map(({ id }) => id).filter((id) => id.startsWith('i-')),
    ...interfaces.flatMap(({ id, securityGroupIds }) => [id, ...securityGroupIds]),
    ...networks.flatMap(({ securityGroupIds }) => securityGroupIds),
    ...(ifSeen(loadBalancer)?.securityGroupIds ?? []),
    ...subnets.filter((id) => id !== null),
  ]);
  for (const { id, subnetIds } of ifSeen(parts.networkAcls) ?? [])
    if (subnetIds.some((one) => own.has(one))) own.add(id);
  for (const { id, subnetIds, isMain } of ifSeen(parts.routeTables) ?? []) {
    if (isMain || subnetIds.some((one) => own.has(one))) own.add(id);
  }
  return { ids: own, loadBalancer: `/${dimension}`, named: namesIn(parts) };
}

function namesIn({ autoScalingGroups, ecsServices, targetHealth }: TrailEvidence): readonly ResourceName[] {
  const functions = new Map<string, readonly string[]>();
  for (const { id, targetGroup } of ifSeen(targetHealth) ?? []) {
    const [, name] = /:function:([^:]+)/.exec(id) ?? [];
    if (name !== undefined) functions.set(name, [...(functions.get(name) ?? []), targetGroup]);
  }
  return [
    ...(ifSeen(autoScalingGroups) ?? []).map(({ name, targetGroups }) => ({
      source: 'autoscaling.amazonaws.com' as const,
      name,
      targetGroups,
    })),
    ...(ifSeen(ecsServices) ?? []).map(({ name, cluster, targetGroups }) => ({
      source: 'ecs.amazonaws.com' as const,
      name,
      cluster,
      targetGroups: targetGroups.map(({ arn }) => arn),
    })),
    ...[...functions].map(([name, targetGroups]) => ({ source: 'lambda.amazonaws.com' as const, name, targetGroups })),
  ];
}

/** What of this incident a call touched, and what else it names, the resource itself first; nothing where none is ours. */
export function affectedResources(
  record: RecordPart,
  named: readonly string[],
  own: IncidentResources,
): readonly string[] {
  const asked = textsIn(partAt(record, 'requestParameters'));
  const ids = [...asked, ...named].filter((text) => ID.test(text));
  const byName = own.named.filter((one) => one.source === partAt(record, 'eventSource') && isNamed(one, asked));
  const isOurs = byName.length > 0 || ids.some((id) => own.ids.has(id) || id.includes(own.loadBalancer));
  if (!isOurs) return [];
  return [
    ...new Set([...byName.map(({ name }) => name), ...ids, ...byName.flatMap(({ targetGroups }) => targetGroups)]),
  ].slice(0, RESOURCES_AT_MOST);
}

/** Whether a call names any resource, of this incident or not. */
export function namesResources(record: RecordPart, named: readonly string[]): boolean {
  return [...textsIn(partAt(record, 'requestParameters')), ...named].some((text) => ID.test(text));
}

const RESOURCES_AT_MOST = 100;
const ID = /^(arn:|(sg|sgr|acl|aclassoc|rtb|rtbassoc|i|eni|subnet|vpc|pcx|tgw|nat|pl)-)/;

function isNamed({ name, cluster }: ResourceName, asked: readonly string[]): boolean {
  const last = asked.map((text) => text.split(/[/:]/).at(-1) ?? '');
  if (!last.includes(name)) return asked.some((text) => text.includes(`:function:${name}:`));
  return cluster === undefined || last.includes(cluster.split('/').at(-1) ?? '');
}
