import type { ListenerRule, TargetGroup } from '../../incident/evidence.ts';
import { ifSeen, isWhole, type Observed } from '../../incident/observed.ts';
import { isHidden } from './rule-conditions.ts';

/**
 * Which target groups get requests: those that a rule forwards to with a weight above 0, where no earlier rule of the
 * listener takes every request. A weight of 0 gets nothing.
 */
export function routedGroups(rules: readonly ListenerRule[]): readonly string[] {
  const arns = new Set<string>();
  for (const rule of reachableRules(rules)) {
    for (const action of rule.actions) {
      if (action.type !== 'forward') continue;
      for (const { targetGroup, weight } of action.to) if (weight > 0) arns.add(targetGroup);
    }
  }
  return [...arns].sort();
}

/** The same, known to be all of them; `null` where a rule may not have been read: then any group may get requests. */
export function allRoutedGroups(rules: Observed<readonly ListenerRule[]>): readonly string[] | null {
  return rules.seen && isWhole(rules) ? routedGroups(rules.value) : null;
}

/** The groups that may get requests: all of the load balancer's, where not every rule was read. */
export function groupsAskedOf(
  rules: Observed<readonly ListenerRule[]>,
  groups: readonly TargetGroup[],
): readonly string[] {
  const routed = allRoutedGroups(rules);
  if (routed !== null) return routed;
  const known = routedGroups(ifSeen(rules) ?? []);
  return [...new Set([...groups.map(({ arn }) => arn), ...known])];
}

/** Rules are tried by priority, the default rule last; the first that matches decides. */
export function reachableRules(rules: readonly ListenerRule[]): readonly ListenerRule[] {
  const ordered = inOrderOfTrial(rules);
  return ordered.filter(
    (rule) =>
      !ordered.some(
        (earlier) => earlier.listenerArn === rule.listenerArn && rankOf(earlier) < rankOf(rule) && takesAll(earlier),
      ),
  );
}

export function inOrderOfTrial(rules: readonly ListenerRule[]): readonly ListenerRule[] {
  return [...rules].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Where the requests of these rules would go without them: to what comes after a rule that takes all, or the same. */
export function groupsBehind(hiding: readonly ListenerRule[], rules: readonly ListenerRule[]): readonly string[] {
  const isHidden = (rule: ListenerRule) =>
    hiding.some(
      (one) =>
        one.listenerArn === rule.listenerArn &&
        rankOf(one) < rankOf(rule) &&
        (takesAll(one) || isSameList(one.conditions, rule.conditions)),
    );
  return routedGroups(rules.filter(isHidden));
}

/** The same, of rules that answer 5xx themselves. */
export function behindErrors(rules: readonly ListenerRule[]): readonly string[] {
  return groupsBehind(
    rules.filter((rule) => fixedCodesIn(rule).some((status) => status.startsWith('5'))),
    rules,
  );
}

/** What all rules after one do with the requests that it takes, where they do the same: forward, and nothing else. */
export function forwardAfter(rule: ListenerRule, rules: readonly ListenerRule[]): ForwardTo | null {
  const later = rules.filter((one) => one.listenerArn === rule.listenerArn && rankOf(one) > rankOf(rule));
  const actions = new Set(later.map((one) => JSON.stringify(one.actions)));
  const [action, ...more] = later[0]?.actions ?? [];
  return actions.size === 1 && action?.type === 'forward' && more.length === 0 ? action.to : null;
}

type ForwardTo = Extract<ListenerRule['actions'][number], { readonly type: 'forward' }>['to'];

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length > 0 && !one.some(isHidden) && [...one].sort().join('\n') === [...other].sort().join('\n');
}

function rankOf({ priority }: ListenerRule): number {
  return priority ?? Number.POSITIVE_INFINITY;
}

function takesAll({ conditions }: ListenerRule): boolean {
  return conditions.length > 0 && conditions.every(holdsAlways);
}

/** Conditions are as a reader reads them: `path is /api/* or /*`. */
function holdsAlways(condition: string): boolean {
  const [, field, values = ''] = /^(path|host) is (.+)$/.exec(condition) ?? [];
  return values.split(' or ').some((value) => value === '*' || (field === 'path' && value === '/*'));
}

/** The rules that send something to a group, default rules last. */
export function rulesTo(rules: readonly ListenerRule[], targetGroup: string): readonly ListenerRule[] {
  return reachableRules(rules).filter((rule) =>
    rule.actions.some(
      (action) => action.type === 'forward' && action.to.some((to) => to.targetGroup === targetGroup && to.weight > 0),
    ),
  );
}

const AUTHENTICATION = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];

/** The steps of a rule that authenticate users or validate tokens: what fails there is answered by the load balancer. */
export function authenticationIn({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) =>
    action.type === 'other' && AUTHENTICATION.includes(action.name) ? [action.name] : [],
  );
}

/** The hosts of the identity providers that a rule asks. */
export function providerHostsIn({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) => (action.type === 'other' ? (action.hosts ?? []) : []));
}

/** The codes that a rule answers with itself. */
export function fixedCodesIn({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) => (action.type === 'fixed-response' ? [action.statusCode] : []));
}

/** Whether a rule that can be reached answers with this code itself. */
export function answersOnPurpose(rules: readonly ListenerRule[], statusCode: string): boolean {
  return reachableRules(rules).some((rule) => fixedCodesIn(rule).includes(statusCode));
}
