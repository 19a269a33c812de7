import type { Evidence, EvidenceKey } from '../evidence.ts';
import type { Observed } from '../observed.ts';

/**
 * AWS promises no order of most that it lists, and cuts pages as it likes. A piece of evidence is put in one order where it
 * enters, so that the same facts always make the same report, and the same few of many are looked at.
 */
export function inOrder<Key extends EvidenceKey>(key: Key, observed: Observed<Evidence[Key]>): Observed<Evidence[Key]> {
  if (!observed.seen) return observed;
  const gaps = observed.gaps.map((gap) => (gap.ids === undefined ? gap : { ...gap, ids: sorted(gap.ids) }));
  // The cast: the same things in another order.
  return { ...observed, gaps, value: ordered(observed.value, RULES[key] ?? {}, key) as Evidence[Key] };
}

/** Any list as a set would be written: by content, whatever came first. */
export function sorted<T>(items: readonly T[]): readonly T[] {
  return [...items].sort(compared);
}

export function sortedBy<T>(items: readonly T[], by: (item: T) => unknown): readonly T[] {
  return [...items].sort((one, other) => compared(by(one), by(other)));
}

interface OrderRule {
  /** Fields that hold a list in which the place means something; what is within it may still be put in order. */
  readonly keeps?: readonly string[];
  /** Fields that are left as they are, whole: series, documents, what stands first for a reason. */
  readonly leaves?: readonly string[];
  /** What the things themselves are sorted by first, where that is not the first of their fields. */
  readonly by?: readonly string[];
}

const SERIES: OrderRule = { leaves: ['values'] };
const COUNTED: OrderRule = { leaves: ['reading', 'requests', 'samples', 'connections', 'checks'] };

const RULES: Partial<Readonly<Record<EvidenceKey, OrderRule>>> = {
  listeners: { by: ['port'] },
  // Of a listener, the first rule that matches decides; of a rule, its actions are steps.
  listenerRules: { by: ['listenerArn', 'priority'], keeps: ['actions'] },
  loadBalancerMetrics: SERIES,
  zoneMetrics: SERIES,
  targetGroupMetrics: SERIES,
  instanceMetrics: SERIES,
  serviceMetrics: SERIES,
  lambdaMetrics: SERIES,
  // The primary interface and the primary address stand first.
  instances: { keeps: ['interfaces', 'addresses'] },
  loadBalancerInterfaces: { keeps: ['addresses'] },
  targetInterfaces: { keeps: ['addresses'] },
  // The newest first.
  ecsServices: { keeps: ['deployments', 'events'] },
  consoleOutput: { leaves: ['lines'] },
  lambdaFunctions: { leaves: ['policy'] },
  // The rule that comes first blocks first.
  webAcl: { keeps: ['blocksWith5xx'] },
  changes: { leaves: ['resources', 'details'] },
  failedCalls: { leaves: ['resources'] },
  // What comes first is read first.
  logPlaces: { keeps: ['places'] },
  // What counts lines puts its rows in order.
  accessLog: COUNTED,
  connectionLog: COUNTED,
  healthCheckLog: COUNTED,
};

/** What has keys of AWS's own making, which come as a list of pairs. */
const PAIRS = ['tags', 'attributes', 'loadBalancerAttributes', 'targetGroupAttributes'];

function ordered(value: unknown, rule: OrderRule, name: string, inPairs = false): unknown {
  if (rule.leaves?.includes(name)) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map((item) => ordered(item, rule, ''));
    return rule.keeps?.includes(name) ? items : [...items].sort((one, other) => comparedBy(rule, one, other));
  }
  if (typeof value !== 'object' || value === null) return value;
  const isPairs = inPairs || PAIRS.includes(name);
  const fields = Object.entries(value).map(([field, of]) => [field, ordered(of, rule, field, isPairs)] as const);
  return Object.fromEntries(isPairs ? fields.sort(([one], [other]) => compared(one, other)) : fields);
}

function comparedBy({ by = [] }: OrderRule, one: unknown, other: unknown): number {
  for (const field of by) {
    const difference = compared(fieldOf(one, field), fieldOf(other, field));
    if (difference !== 0) return difference;
  }
  return compared(one, other);
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
}

/** Numbers by size, texts without the locale of the machine, things by their fields in turn; what is not there comes last. */
function compared(one: unknown, other: unknown): number {
  if (one === other) return 0;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'object' && one !== null && typeof other === 'object' && other !== null) {
    return comparedInTurn(Object.values(one), Object.values(other));
  }
  const [first, second] = [rankOf(one), rankOf(other)];
  if (first !== second) return first - second;
  return comparedTexts(String(one), String(other));
}

/** As people count: `10.0.1.9` before `10.0.1.10`. */
function comparedTexts(one: string, other: string): number {
  const [some, others] = [partsOf(one), partsOf(other)];
  const at = some.findIndex((part, index) => part !== others[index]);
  const difference = Number.parseInt(some[at] ?? '', 10) - Number.parseInt(others[at] ?? '', 10);
  if (difference < 0 || difference > 0) return difference;
  return one < other ? -1 : 1;
}

function partsOf(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function comparedInTurn(some: readonly unknown[], others: readonly unknown[]): number {
  for (let index = 0; index < Math.min(some.length, others.length); index += 1) {
    const difference = compared(some[index], others[index]);
    if (difference !== 0) return difference;
  }
  return some.length - others.length;
}

function rankOf(value: unknown): number {
  if (value === null || value === undefined) return 3;
  return typeof value === 'object' ? 2 : 1;
}
