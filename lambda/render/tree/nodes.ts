import type { Action, TargetState } from '../../incident/evidence.ts';
import { count, formatNumber, phrase } from '../../incident/text.ts';
import type {
  GroupNode,
  ListenerNode,
  RuleNode,
  SortOfTargets,
  TargetNode,
  Topology,
} from '../../incident/topology.ts';
import { type Branch, type Piece, piece, type Shade } from './branches.ts';
import { SHADE_OF, SIGN_OF } from './signs.ts';

/** How much is told by name: of targets alike that are healthy or not, and whether rules that are in order are. */
export interface Detail {
  readonly healthy: number;
  readonly failing: number;
  readonly soundRules: boolean;
  /** Rules behind which nothing fails, and of which nothing is more than possible, are told by their number. */
  readonly provenOnly?: true;
}

/** The most that fits is told. */
export const DETAILS: readonly Detail[] = [
  { healthy: 3, failing: 10, soundRules: true },
  { healthy: 3, failing: 6, soundRules: true },
  { healthy: 0, failing: 6, soundRules: true },
  { healthy: 0, failing: 3, soundRules: false },
  { healthy: 0, failing: 1, soundRules: false },
  { healthy: 0, failing: 0, soundRules: false },
  { healthy: 0, failing: 0, soundRules: false, provenOnly: true },
];

export function loadBalancerBranch(topology: Topology, detail: Detail): Branch {
  const { loadBalancer, listeners, groups } = topology;
  const { name, region, accountId, scheme, state, marks } = loadBalancer;
  const drawing: Drawing = { topology, detail, told: new Set() };
  const place = [region, ...(accountId === '' ? [] : [`account ${accountId}`]), ...(scheme === null ? [] : [scheme])];
  const told =
    state === null
      ? [piece('state not seen', 'doubtful')]
      : state.code === 'active'
        ? []
        : [piece(`${state.code}${state.reason ? `: ${state.reason}` : ''}`, 'bad')];
  const twigs =
    listeners === null
      ? [plain('listeners not seen', 'doubtful')]
      : listeners.length === 0
        ? [plain('no listener: nothing answers', 'bad')]
        : listeners.map((listener) => listenerBranch(drawing, listener));
  const rest = groups.filter(({ arn }) => !drawing.told.has(arn));
  return {
    label: [...signsOf(drawing, marks), piece(name, 'bold'), piece(place.join(', '), 'faint'), ...told],
    twigs: [
      ...twigs,
      ...apart(
        'no rule forwards to',
        rest.filter(({ routed }) => routed === false),
        drawing,
      ),
      ...apart(
        'whether a rule forwards to these was not seen',
        rest.filter(({ routed }) => routed !== false),
        drawing,
      ),
    ],
  };
}

function apart(title: string, groups: readonly GroupNode[], drawing: Drawing): readonly Branch[] {
  if (groups.length === 0) return [];
  return [{ label: [piece(title, 'doubtful')], twigs: groups.map((group) => groupBranch(drawing, group.arn, [])) }];
}

const plain = (said: string, shade: Shade = 'plain'): Branch => ({ label: [piece(said, shade)], twigs: [] });

/** One pass over the picture: a group that several rules forward to is drawn once. */
interface Drawing {
  readonly topology: Topology;
  readonly detail: Detail;
  readonly told: Set<string>;
}

function signsOf(drawing: Drawing, marks: readonly number[]): readonly Piece[] {
  const kinds = new Set(marks.flatMap((index) => drawing.topology.marks[index]?.is ?? []));
  return [...kinds].map((is) => piece(SIGN_OF[is], SHADE_OF[is]));
}

function listenerBranch(drawing: Drawing, { protocol, port, rules, rulesSeen }: ListenerNode): Branch {
  const folded = drawing.detail.soundRules ? [] : rules.filter((rule) => isSound(drawing, rule));
  const shown = folded.length < 2 ? rules : rules.filter((rule) => !folded.includes(rule));
  const twigs = shown.map((rule) => ruleBranch(drawing, rule));
  if (folded.length >= 2) {
    for (const rule of folded) for (const arn of groupsIn(rule)) drawing.told.add(arn);
    twigs.push(
      plain(
        phrase`${folded.length} ${shown.length === 0 ? 'rules' : 'more rules'}, all targets behind them healthy`,
        'good',
      ),
    );
  }
  const unseen = rulesSeen ? [] : [plain(rules.length === 0 ? 'rules not seen' : 'more rules, not seen', 'doubtful')];
  return { label: [piece(`${protocol}:${port}`)], twigs: [...twigs, ...unseen] };
}

function ruleBranch(drawing: Drawing, { priority, conditions, actions, hidden, marks }: RuleNode): Branch {
  const forwards = actions.flatMap((action) => (action.type === 'forward' ? action.to : []));
  const label = [
    ...signsOf(drawing, marks),
    piece(priority === null ? 'default rule' : `rule ${priority}: ${conditions.join(' and ')}`),
    ...(hidden ? [piece('never reached: an earlier rule takes every request', 'faint')] : []),
    ...actions.flatMap((action) => (action.type === 'forward' ? [] : [piece(`→ ${stepSaid(action)}`)])),
  ];
  const [only] = forwards;
  if (only !== undefined && forwards.length === 1 && only.weight > 0)
    return groupBranch(drawing, only.targetGroup, [...label, piece('→')]);
  return {
    label,
    twigs: forwards.map(({ targetGroup, weight }) =>
      groupBranch(drawing, targetGroup, [
        piece(weight === 0 ? 'weight 0, no requests →' : `weight ${weight} →`, weight === 0 ? 'faint' : 'plain'),
      ]),
    ),
  };
}

function groupBranch(drawing: Drawing, arn: string, before: readonly Piece[]): Branch {
  const group = drawing.topology.groups.find((one) => one.arn === arn);
  if (group === undefined) return { label: [...before, piece(arn)], twigs: [] };
  const { name, protocol, port, registered, marks } = group;
  const label = [...before, ...signsOf(drawing, marks), piece(name, 'bold')];
  if (drawing.told.has(arn)) return { label: [...label, piece('(above)', 'faint')], twigs: [] };
  drawing.told.add(arn);
  const listens = protocol === null ? [] : [piece(port === null ? protocol : `${protocol}:${port}`, 'faint')];
  const twigs = targetBranches(drawing, group);
  const [only] = twigs;
  // All alike, and none of them by name: the line of the group has room for it.
  if (only !== undefined && twigs.length === 1 && group.sorts.length === 1 && !isNamed(drawing, group)) {
    return { label: [...label, ...listens, ...only.label], twigs: [] };
  }
  const size =
    registered === null
      ? piece('target health not seen', 'doubtful')
      : registered === 0
        ? piece('no target registered', 'bad')
        : piece(count(registered, 'target'), 'faint');
  return { label: [...label, ...listens, size], twigs };
}

/** The first sort has names, where any has. */
function isNamed({ detail }: Drawing, { sorts: [first] }: GroupNode): boolean {
  return first !== undefined && namedAtMost(first, detail) > 0;
}

/** Healthy ones by name only where all of them are; one that would be told as "1 more" may as well be told by name. */
function namedAtMost({ state, marks, count }: SortOfTargets, { healthy, failing }: Detail): number {
  const isSound = state === 'healthy' && marks.length === 0;
  const atMost = isSound ? healthy : failing;
  if (atMost > 0 && count <= atMost + 1) return count;
  return isSound ? 0 : atMost;
}

function targetBranches(drawing: Drawing, { sorts, targets }: GroupNode): readonly Branch[] {
  return sorts.flatMap((sort) => {
    const alike = targets.filter((target) => isOfSort(target, sort));
    const named = alike.slice(0, namedAtMost(sort, drawing.detail));
    const rest = sort.count - named.length;
    return [
      ...named.map((target) => targetBranch(drawing, target)),
      ...(rest === 0 ? [] : [restBranch(drawing, sort, rest, named.length > 0)]),
    ];
  });
}

function targetBranch(drawing: Drawing, target: TargetNode): Branch {
  const { id, name, port, zone } = target;
  const isFunction = id.includes(':function:');
  const address = isFunction
    ? (name ?? id)
    : port === null
      ? id
      : id.includes(':')
        ? `[${id}]:${port}`
        : `${id}:${port}`;
  const isNamed = name !== null && name !== id && !isFunction;
  return {
    label: [
      ...signsOf(drawing, target.marks),
      ...(isNamed ? [piece(name), piece(`(${address})`, 'faint')] : [piece(address)]),
      ...(zone === null || zone === 'all' ? [] : [piece(zone, 'faint')]),
      ...healthPieces(target),
    ],
    twigs: [],
  };
}

function restBranch(drawing: Drawing, sort: SortOfTargets, rest: number, isMore: boolean): Branch {
  const many = piece(isMore ? phrase`${formatNumber(rest)} more` : formatNumber(rest));
  return { label: [...signsOf(drawing, sort.marks), many, ...healthPieces(sort)], twigs: [] };
}

/** Nothing is marked in it, and all that it sends requests to was seen to be healthy. */
function isSound(drawing: Drawing, rule: RuleNode): boolean {
  const { topology, detail } = drawing;
  const isUnmarked = (marks: readonly number[]) =>
    marks.every((index) => detail.provenOnly && topology.marks[index]?.is === 'possible');
  const isSoundGroup = ({ marks, registered, sorts }: GroupNode) =>
    isUnmarked(marks) &&
    (registered ?? 0) > 0 &&
    sorts.every((sort) => sort.state === 'healthy' && isUnmarked(sort.marks));
  const arns = groupsIn(rule);
  const groups = topology.groups.filter(({ arn }) => arns.includes(arn));
  return isUnmarked(rule.marks) && groups.length > 0 && groups.every(isSoundGroup);
}

const groupsIn = ({ actions }: RuleNode): readonly string[] =>
  actions.flatMap((action) => (action.type === 'forward' ? action.to.map(({ targetGroup }) => targetGroup) : []));

function stepSaid(action: Exclude<Action, { type: 'forward' }>): string {
  return action.type === 'fixed-response' ? `fixed-response ${action.statusCode}` : action.name;
}

function isOfSort(target: TargetNode, { state, why, marks }: SortOfTargets): boolean {
  return target.state === state && target.why === why && target.marks.join() === marks.join();
}

function healthPieces({ state, why }: Pick<TargetNode, 'state' | 'why'>): readonly Piece[] {
  return [piece(why === null ? state : `${state}: ${why}`, HEALTH[state] ?? 'plain')];
}

const HEALTH: Readonly<Record<TargetState, Shade>> = {
  healthy: 'good',
  unhealthy: 'bad',
  'unhealthy.draining': 'bad',
  unavailable: 'doubtful',
  unused: 'doubtful',
  initial: 'doubtful',
  draining: 'doubtful',
};
