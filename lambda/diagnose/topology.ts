import type { Episode, Status } from '../incident/diagnosis.ts';
import type { EvidenceKey, Target, TargetState } from '../incident/evidence.ts';
import { ifSeen, isWhole, type Observed } from '../incident/observed.ts';
import type { ObservedEvidence, Snapshot } from '../incident/snapshot.ts';
import type { GroupNode, ListenerNode, RuleNode, SortOfTargets, TargetNode, Topology } from '../incident/topology.ts';
import { isTargetOf } from '../semantics/ecs/services.ts';
import { groupBy } from '../semantics/group-by.ts';
import { targetZonesIn } from '../semantics/targets/target-zones.ts';
import { groupName, targetsOf } from '../semantics/targets/targets.ts';
import { inOrderOfTrial, reachableRules, routedGroups } from '../semantics/traffic/routing.ts';
import type { FindingWithShare } from './temper-by-errors.ts';
import { keyOfTarget, type PlacedMark, placedMarks } from './topology-marks.ts';

/** The way of a request, with what the findings say of it. Nothing is drawn that was not seen. */
export function topologyOf(
  { question: { subject }, evidence, collectedAt }: Snapshot,
  findings: readonly FindingWithShare[],
  { status, episode }: { readonly status: Status; readonly episode: Episode | null },
): Topology {
  const outage = status === 'quiet' ? 'none' : episode === null || episode.end === null ? 'there' : 'over';
  const placed = placedMarks(findings, outage, ifSeen(evidence.listenerRules) ?? []);
  const loadBalancer = ifSeen(evidence.loadBalancer);
  const { name, region, accountId } = subject;
  return {
    loadBalancer: {
      ...{ name, region, accountId },
      scheme: loadBalancer?.scheme ?? null,
      state: loadBalancer?.state ?? null,
      marks: marksOn(placed, ({ loadBalancer }) => loadBalancer),
    },
    asOf: collectedAt,
    listeners: listenersOf(evidence, placed),
    groups: groupsOf(evidence, placed),
    marks: placed.map(({ mark }) => mark),
    unseen: unseenOf(evidence),
  };
}

function marksOn(placed: readonly PlacedMark[], isOn: (place: PlacedMark) => boolean): readonly number[] {
  return placed.flatMap((place, index) => (isOn(place) ? index : []));
}

function listenersOf(evidence: ObservedEvidence, placed: readonly PlacedMark[]): readonly ListenerNode[] | null {
  const listeners = ifSeen(evidence.listeners);
  if (listeners === undefined) return null;
  const rules = ifSeen(evidence.listenerRules) ?? [];
  const reachable = new Set(reachableRules(rules));
  return [...listeners]
    .sort((one, other) => one.port - other.port)
    .map(({ arn, protocol, port }) => ({
      ...{ arn, protocol, port },
      rules: inOrderOfTrial(rules.filter(({ listenerArn }) => listenerArn === arn)).map(
        (rule): RuleNode => ({
          arn: rule.arn,
          priority: rule.priority,
          conditions: rule.conditions,
          actions: rule.actions,
          hidden: !reachable.has(rule),
          marks: marksOn(placed, (place) => place.rules.includes(rule.arn)),
        }),
      ),
      rulesSeen: isSeenOf(evidence.listenerRules, arn),
    }));
}

/** A gap that names nothing may be of anything. */
function isSeenOf(observed: Observed<unknown>, id: string): boolean {
  return observed.seen && !observed.gaps.some(({ ids }) => ids === undefined || ids.includes(id));
}

function groupsOf(evidence: ObservedEvidence, placed: readonly PlacedMark[]): readonly GroupNode[] {
  const rules = ifSeen(evidence.listenerRules) ?? [];
  const groups = ifSeen(evidence.targetGroups) ?? [];
  const targets = ifSeen(evidence.targetHealth) ?? [];
  const named = inOrderOfTrial(rules)
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.type === 'forward' ? action.to : []))
    .map(({ targetGroup }) => targetGroup);
  const arns = new Set([...named, ...groups.map(({ arn }) => arn), ...targets.map(({ targetGroup }) => targetGroup)]);
  const routed = routedGroups(rules);
  const nodeOf = targetNodesOf(evidence, placed);
  return [...arns].map((arn) => {
    const group = groups.find((one) => one.arn === arn);
    const nodes = targetsOf(targets, arn).map(nodeOf).sort(worstFirst);
    return {
      arn,
      name: group?.name ?? groupName(arn),
      targetType: group?.targetType ?? null,
      protocol: group?.protocol ?? null,
      port: group?.port ?? null,
      routed: routed.includes(arn) || (isWhole(evidence.listenerRules) ? false : null),
      registered: isSeenOf(evidence.targetHealth, arn) ? nodes.length : null,
      sorts: sortsOf(nodes),
      targets: nodes.slice(0, TARGETS_AT_MOST),
      omitted: Math.max(0, nodes.length - TARGETS_AT_MOST),
      marks: marksOn(placed, (place) => place.groups.includes(arn)),
    };
  });
}

const TARGETS_AT_MOST = 20;

function sortsOf(nodes: readonly TargetNode[]): readonly SortOfTargets[] {
  return groupBy(nodes, ({ state, why, marks }) => JSON.stringify([state, why, marks])).map((alike) => {
    const [{ state, why, marks }] = alike;
    return { state, why, marks, count: alike.length };
  });
}

const WORST: readonly TargetState[] = [
  'unhealthy',
  'unhealthy.draining',
  'unavailable',
  'unused',
  'initial',
  'draining',
  'healthy',
];

/** What is marked, then what fails; of these by reason, so that they stand together. */
function worstFirst(one: TargetNode, other: TargetNode): number {
  const keys = ({ marks, state, why, id, port }: TargetNode) =>
    [marks.length === 0 ? 1 : 0, WORST.indexOf(state), marks.join(), why ?? '', id, port ?? 0] as const;
  const [a, b] = [keys(one), keys(other)];
  const differs = a.findIndex((key, index) => key !== b[index]);
  return differs < 0 ? 0 : (a[differs] ?? 0) < (b[differs] ?? 0) ? -1 : 1;
}

function targetNodesOf(evidence: ObservedEvidence, placed: readonly PlacedMark[]): (target: Target) => TargetNode {
  const zoneOf = targetZonesIn(evidence);
  const instances = new Map((ifSeen(evidence.instances) ?? []).map(({ id, tags }) => [id, tags.Name]));
  const tasks = ifSeen(evidence.ecsTasks) ?? [];
  const nameOf = (target: Target): string | undefined =>
    tasks
      .find((task) => task.status === 'RUNNING' && isTargetOf(target, task))
      ?.service?.split('/')
      .at(-1) ??
    instances.get(target.id) ??
    /:function:([^:]+)/.exec(target.id)?.[1];
  return (target) => ({
    id: target.id,
    name: nameOf(target) ?? null,
    port: target.port,
    zone: zoneOf(target),
    state: target.state,
    why: target.description ?? target.reason,
    marks: marksOn(placed, ({ targets }) => targets.has(keyOfTarget(target))),
  });
}

const DRAWN = ['listeners', 'listenerRules', 'targetGroups', 'targetHealth'] as const satisfies readonly EvidenceKey[];

/** What was not asked for want of what comes before it is told with that. */
function unseenOf(evidence: ObservedEvidence): Topology['unseen'] {
  return DRAWN.flatMap((key) => {
    const observed = evidence[key];
    if (observed.seen) return observed.gaps.map((gap) => ({ evidence: key, ...gap }));
    const { why, detail, action } = observed;
    return [{ evidence: key, why, detail, ...(action === undefined ? {} : { action }) }];
  });
}
