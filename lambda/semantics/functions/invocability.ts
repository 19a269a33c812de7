import type { LambdaFunction, PolicyCondition, PolicyStatement, TargetGroup } from '../../incident/evidence.ts';

/** Whether a load balancer gets through to a function, as far as the function's own state and policy tell. */
export type Invocability =
  | { readonly is: 'open' }
  /** No such function, version or alias. */
  | { readonly is: 'gone' }
  | { readonly is: 'state'; readonly state: string; readonly reason: string | null }
  | { readonly is: 'not-permitted'; readonly denial: PolicyStatement | null }
  /** What was not read, or cannot be judged. */
  | { readonly is: 'unknown'; readonly part: 'function' | 'policy' | 'condition' | 'state' };

/** In any other state, and in those that AWS invents tomorrow, a function may well answer. */
const STATES_NOT_INVOKABLE = [
  'Pending',
  'Inactive',
  'Failed',
  'Deactivating',
  'Deactivated',
  'Deleting',
  'ActiveNonInvocable',
];
export const LOAD_BALANCER_PRINCIPAL = 'elasticloadbalancing.amazonaws.com';

export function invocabilityFor(group: TargetGroup, found: LambdaFunction | undefined): Invocability {
  if (found === undefined) return { is: 'unknown', part: 'function' };
  if (found.gone) return { is: 'gone' };
  const { configuration, policy } = found;
  if (configuration !== null && STATES_NOT_INVOKABLE.includes(configuration.state)) {
    return { is: 'state', state: configuration.state, reason: configuration.stateReason };
  }
  if (policy === null) return { is: 'unknown', part: 'policy' };
  const matches = policy.map((statement) => ({ statement, matches: matchesRequest(statement, found.arn, group.arn) }));
  const denial = matches.find((one) => one.statement.effect === 'Deny' && one.matches === true);
  if (denial !== undefined) return { is: 'not-permitted', denial: denial.statement };
  const allowed = matches.some((one) => one.statement.effect === 'Allow' && one.matches === true);
  const unsure = matches.some((one) => one.matches === 'unknown');
  if (unsure) return { is: 'unknown', part: 'condition' };
  if (!allowed) return { is: 'not-permitted', denial: null };
  return configuration === null ? { is: 'unknown', part: 'state' } : { is: 'open' };
}

function matchesRequest(statement: PolicyStatement, functionArn: string, groupArn: string): boolean | 'unknown' {
  const { principals, actions, resources, conditions } = statement;
  if (!principals.some((one) => one === '*' || one === LOAD_BALANCER_PRINCIPAL)) return false;
  if (!actions.some((one) => alike(one.toLowerCase(), 'lambda:invokefunction'))) return false;
  if (!resources.some((one) => alike(one, functionArn))) return false;
  const held = conditions.map((condition) => holds(condition, groupArn));
  if (held.includes(false)) return false;
  return held.includes('unknown') ? 'unknown' : true;
}

/** The load balancer names its target group as the source, and that group's account. */
function holds({ operator, key, values }: PolicyCondition, groupArn: string): boolean | 'unknown' {
  const name = key.toLowerCase();
  const test = operator.replace(/IfExists$/, '');
  const accountId = groupArn.split(':')[4] ?? '';
  const asked = name === 'aws:sourcearn' ? groupArn : name === 'aws:sourceaccount' ? accountId : undefined;
  if (asked === undefined) return 'unknown';
  if (test === 'ArnLike' || test === 'ArnEquals' || test === 'StringLike') {
    return values.some((value) => alike(value, asked));
  }
  return test === 'StringEquals' ? values.includes(asked) : 'unknown';
}

function alike(pattern: string, value: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`).test(value);
}

/** The image that a function was made of has to stay in its repository. */
export function isImageDeleted(stateReason: string | null): boolean {
  return /\bimage\b.*\bdeleted\b/i.test(stateReason ?? '');
}

/** Concurrency is asked of the function itself, whatever version or alias is registered. */
export function isFunctionThere(found: LambdaFunction | undefined): boolean {
  return found !== undefined && found.reservedConcurrency !== null;
}

/** The target groups that its resource policy names as what may invoke it: that another is admitted tells what was forgotten. */
export function groupsAdmitted(found: LambdaFunction | undefined): readonly string[] {
  return (found?.policy ?? [])
    .filter(({ effect, principals }) => effect === 'Allow' && principals.includes(LOAD_BALANCER_PRINCIPAL))
    .flatMap(({ conditions }) => conditions.filter(({ key }) => key.toLowerCase() === 'aws:sourcearn'))
    .flatMap(({ values }) => values.filter((value) => value.includes(':targetgroup/')));
}

/** The load balancer is answered before it runs. */
export function isShutOut({ is }: Invocability): boolean {
  return is !== 'open' && is !== 'unknown';
}
