import type { Action } from '../../incident/evidence.ts';
import { count, formatNumber, phrase } from '../../incident/text.ts';
import type {
  GroupNode,
  ListenerNode,
  Mark,
  RuleNode,
  SortOfTargets,
  TargetNode,
  Topology,
} from '../../incident/topology.ts';

/** A box of the picture, and what requests reach through it. */
export interface PathNode {
  readonly title: string;
  readonly detail: string;
  readonly look: 'plain' | 'good' | 'bad' | 'faint';
  /** What is marked: the box, or the way into it. */
  readonly box?: Mark['is'];
  readonly way?: Mark['is'];
  readonly next: readonly PathNode[];
}

/** How many boxes are drawn of what is alike: targets of a group, rules of a listener. */
interface Room {
  readonly targets: number;
  readonly rules: number;
}

const ROOMS: readonly Room[] = [
  { targets: 4, rules: 12 },
  { targets: 2, rules: 6 },
  { targets: 1, rules: 4 },
  { targets: 0, rules: 3 },
];
const ROWS_AT_MOST = 12;

/** From the clients to the targets; what is marked or fails is drawn first. */
export function pathOf(topology: Topology): PathNode {
  const drawings = ROOMS.map((room) => clients(topology, room));
  return drawings.find((path) => rowsOf(path) <= ROWS_AT_MOST) ?? drawings.at(-1) ?? clients(topology, LEAST);
}

const LEAST: Room = { targets: 0, rules: 3 };

export function rowsOf({ next }: PathNode): number {
  return next.length === 0 ? 1 : next.reduce((rows, each) => rows + rowsOf(each), 0);
}

function clients(topology: Topology, room: Room): PathNode {
  const { loadBalancer, listeners, groups } = topology;
  const marked = markOf(loadBalancer.marks, topology);
  const { name, state } = loadBalancer;
  const isActive = state === null || state.code === 'active';
  const stands = isActive ? name : `${name}: ${state.code}`;
  const drawing: Drawing = { topology, room, told: new Set() };
  const boxes =
    listeners === null
      ? [{ ...box(name, 'listeners not seen', 'faint'), ...marked, next: unrouted(groups, drawing) }]
      : listeners.length === 0
        ? [{ ...box(name, 'no listener', 'bad'), ...marked }]
        : listeners.map((listener) => ({ ...listenerNode(listener, stands, drawing), ...marked }));
  return { ...box('Clients', '', 'plain'), next: boxes };
}

interface Drawing {
  readonly topology: Topology;
  readonly room: Room;
  readonly told: Set<string>;
}

const box = (title: string, detail: string, look: PathNode['look'] = 'plain'): PathNode => ({
  title,
  detail,
  look,
  next: [],
});

/** Without rules nobody knows which of them get requests: they are there. */
function unrouted(groups: readonly GroupNode[], drawing: Drawing): readonly PathNode[] {
  return groups.length === 0
    ? []
    : [{ ...box('rules not seen', '', 'faint'), next: groups.map(({ arn }) => groupNode(arn, '', drawing)) }];
}

const GRAVEST: readonly Mark['is'][] = ['broken', 'over', 'possible', 'idle'];

function markOf(marks: readonly number[], { marks: all }: Topology): Pick<PathNode, 'box' | 'way'> {
  const here = marks.flatMap((index) => all[index] ?? []);
  const [gravest] = [...here].sort((a, b) => GRAVEST.indexOf(a.is) - GRAVEST.indexOf(b.is));
  if (gravest === undefined) return {};
  return gravest.on === 'way' ? { way: gravest.is } : { box: gravest.is };
}

function listenerNode({ protocol, port, rules, rulesSeen }: ListenerNode, name: string, drawing: Drawing): PathNode {
  const { topology, room } = drawing;
  // Where not all fit, those in which nothing is wrong are told by their number alone.
  const concerning = [
    ...rules.filter((rule) => fails(rule, topology)),
    ...rules.filter((rule) => concerns(rule, topology) && !fails(rule, topology)),
  ].slice(0, room.rules);
  const shown = rules.length <= room.rules ? rules : rules.filter((rule) => concerning.includes(rule));
  const left = rules.length - shown.length;
  return {
    ...box(`${protocol}:${port}`, name),
    next: [
      ...rules.filter((rule) => shown.includes(rule)).map((rule) => ruleNode(rule, drawing)),
      ...(left === 0
        ? []
        : [
            box(
              count(left, shown.length === 0 ? 'rule' : 'more rule'),
              leftSaid(
                rules.filter((rule) => !shown.includes(rule)),
                topology,
              ),
              'faint',
            ),
          ]),
      ...(rulesSeen ? [] : [box(rules.length === 0 ? 'rules not seen' : 'more rules, not seen', '', 'faint')]),
    ],
  };
}

function leftSaid(left: readonly RuleNode[], topology: Topology): string {
  return left.some((rule) => concerns(rule, topology)) ? 'not drawn' : 'nothing wrong seen';
}

/** Something is marked on it or behind it, or is not as it should be, or was not seen. */
function concerns(rule: RuleNode, topology: Topology): boolean {
  const isUnsound = ({ marks, registered, sorts }: GroupNode) =>
    marks.length > 0 || registered === null || registered === 0 || sorts.some((sort) => !isSoundSort(sort));
  return rule.marks.length > 0 || groupsBehindRule(rule, topology).some(isUnsound);
}

/** What is known to be broken, and targets that fail, are seen before what is only possible. */
function fails(rule: RuleNode, topology: Topology): boolean {
  const isBroken = (marks: readonly number[]) => marks.some((index) => topology.marks[index]?.is === 'broken');
  const isFailing = ({ marks, registered, sorts }: GroupNode) =>
    isBroken(marks) || registered === 0 || sorts.some((sort) => isBroken(sort.marks) || lookOf(sort.state) === 'bad');
  return isBroken(rule.marks) || groupsBehindRule(rule, topology).some(isFailing);
}

function groupsBehindRule({ actions }: RuleNode, { groups }: Topology): readonly GroupNode[] {
  const arns = actions.flatMap((action) =>
    action.type === 'forward' ? action.to.map(({ targetGroup }) => targetGroup) : [],
  );
  return groups.filter(({ arn }) => arns.includes(arn));
}

const isSoundSort = ({ state, marks }: Pick<SortOfTargets, 'state' | 'marks'>): boolean =>
  state === 'healthy' && marks.length === 0;

function ruleNode({ priority, conditions, actions, hidden, marks }: RuleNode, drawing: Drawing): PathNode {
  const forwards = actions.flatMap((action) => (action.type === 'forward' ? action.to : []));
  const steps = actions.flatMap((action) => (action.type === 'forward' ? [] : [stepSaid(action)]));
  const said = hidden ? 'never reached' : priority === null ? 'all other requests' : conditions.join(' and ');
  const isAnswer = forwards.length === 0;
  return {
    ...box(
      priority === null ? 'Default rule' : `Rule ${priority}`,
      [said, ...(isAnswer ? [] : steps)].join(', '),
      hidden ? 'faint' : 'plain',
    ),
    ...markOf(marks, drawing.topology),
    next: isAnswer
      ? steps.map((step) => box(step, 'sent to no target', 'faint'))
      : forwards.map(({ targetGroup, weight }) =>
          groupNode(targetGroup, forwards.length > 1 || weight === 0 ? phrase`weight ${weight}` : '', drawing),
        ),
  };
}

const stepSaid = (action: Exclude<Action, { type: 'forward' }>): string =>
  action.type === 'fixed-response' ? `fixed-response ${action.statusCode}` : action.name;

function groupNode(arn: string, weight: string, drawing: Drawing): PathNode {
  const { topology, told } = drawing;
  const group = topology.groups.find((one) => one.arn === arn);
  if (group === undefined) return box(arn, weight);
  const { name, protocol, port, registered, marks } = group;
  const listens = protocol === null ? '' : port === null ? protocol : `${protocol}:${port}`;
  const marked = markOf(marks, topology);
  const inWords = (more: string) => [weight, listens, more].filter((part) => part !== '').join(', ');
  if (told.has(arn)) return { ...box(name, inWords('see above'), 'faint') };
  told.add(arn);
  if (registered === null)
    return { ...box(name, inWords('')), ...marked, next: [box('Targets', 'health not seen', 'faint')] };
  if (registered === 0)
    return { ...box(name, inWords('')), ...marked, next: [box('No target', 'none is registered', 'bad')] };
  const targets = targetNodes(group, drawing);
  // The way to all its targets is the way out of the group.
  if (marked.way !== undefined)
    return { ...box(name, inWords('')), next: targets.map((each) => ({ ...each, ...marked })) };
  return { ...box(name, inWords('')), ...marked, next: targets };
}

function targetNodes(group: GroupNode, { topology, room }: Drawing): readonly PathNode[] {
  const { sorts, targets } = group;
  return sorts.flatMap((sort): readonly PathNode[] => {
    const alike = targets.filter(
      (target) => target.state === sort.state && target.why === sort.why && target.marks.join() === sort.marks.join(),
    );
    const atMost = isSoundSort(sort) ? Math.min(room.targets, 2) : room.targets;
    const named = sort.count <= atMost ? alike : isSoundSort(sort) ? [] : alike.slice(0, Math.max(0, atMost - 1));
    const rest = sort.count - named.length;
    const many = named.length > 0 ? phrase`${formatNumber(rest)} more` : count(rest, 'target');
    return [
      ...named.map((target) => targetNode(target, group, topology)),
      ...(rest === 0 ? [] : [{ ...box(many, healthSaid(sort), lookOf(sort.state)), ...markOf(sort.marks, topology) }]),
    ];
  });
}

/** By name where that is its alone: the text beside the picture has every address. */
function targetNode(target: TargetNode, { targets }: GroupNode, topology: Topology): PathNode {
  const { id, name, port } = target;
  const isAlone = targets.filter((other) => other.name === name).length === 1;
  const title = name !== null && isAlone ? name : port === null ? id : `${id}:${port}`;
  return { ...box(title, healthSaid(target), lookOf(target.state)), ...markOf(target.marks, topology) };
}

const healthSaid = ({ state, why }: Pick<TargetNode, 'state' | 'why'>): string =>
  why === null ? state : `${state}: ${why}`;

function lookOf(state: TargetNode['state']): PathNode['look'] {
  if (state === 'healthy') return 'good';
  return state === 'unhealthy' || state === 'unhealthy.draining' ? 'bad' : 'plain';
}
