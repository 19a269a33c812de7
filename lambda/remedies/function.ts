import type { LambdaFunction, TargetGroup } from '../incident/evidence.ts';
import { code, resource, type Time, text } from '../incident/text.ts';
import { type FunctionArn, isVersion } from '../semantics/functions/function-arn.ts';
import { LOAD_BALANCER_PRINCIPAL } from '../semantics/functions/invocability.ts';
import { showVersions } from './look.ts';
import type { Owner } from './owner.ts';
import { aws, fix, inSteps, look, type Remedy } from './remedy.ts';

/** A function with the target group it is in, and its settings, where they were read. */
interface Registered {
  readonly arn: FunctionArn;
  readonly group: TargetGroup;
  readonly found: LambdaFunction | undefined;
}

export function lookAtVersions({ name, unqualified }: FunctionArn): Remedy {
  return look(text`list the versions of ${resource(name)}`, showVersions(unqualified));
}

/** From the first error on, by a pattern of CloudWatch Logs. */
export function readFunctionLog({ arn: { name }, found }: Registered, onset: Time, filterPattern: string): Remedy {
  const logGroupName = found?.configuration?.logGroup ?? `/aws/lambda/${name}`;
  const options = { logGroupName, startTime: Date.parse(onset), filterPattern, maxItems: 50 };
  const log = aws('logs', 'filter-log-events', options);
  return look(text`read the log of ${resource(name)} from the first error on`, log);
}

/** Seconds that a function gets if nobody sets them, and that it may have at most. */
const DEFAULT_TIMEOUT = 3;
const LONGEST_TIMEOUT = 900;

/** More time helps at once, and only the code that is registered itself: a version keeps the time it was published with. */
export function allowMoreTime({ arn, found }: Registered): Remedy | null {
  const { unqualified: functionName, name, qualifier } = arn;
  const timeout = found?.configuration?.timeoutSeconds ?? null;
  if (timeout === null || qualifier !== null) return null;
  const more = Math.min(LONGEST_TIMEOUT, Math.max(10, 2 * timeout));
  if (more <= timeout) return null;
  const set = (seconds: number) => aws('lambda', 'update-function-configuration', { functionName, timeout: seconds });
  const unset = timeout === DEFAULT_TIMEOUT ? ` (${DEFAULT_TIMEOUT} s is the default)` : '';
  return fix(text`give ${resource(name)} ${more} s until what it waits for is fast again${unset}`, {
    ...{ run: set(more), undo: set(timeout), forMany: true },
    verify: aws('lambda', 'get-function-configuration', { functionName }),
  });
}

/** Which version worked is for a person to say: AWS does not show at which one an alias was before. */
export function backToWorkingVersion(arn: FunctionArn): readonly Remedy[] {
  const name = resource(arn.name);
  if (arn.qualifier === null) return [fix(text`deploy the code of ${name} that worked before`), lookAtVersions(arn)];
  const back = isVersion(arn)
    ? text`register the version of ${name} that worked with the target group or, better, an alias`
    : text`point ${code(arn.qualifier)} of ${name} back at the version that worked: ${code('aws lambda update-alias')} with its number as ${code('--function-version')}`;
  return inSteps([lookAtVersions(arn), fix(back)]);
}

/** Concurrency that is reserved is also a limit; without it the function gets what the account has left. */
export function allowMoreConcurrency({ arn, found }: Registered): Remedy {
  const { unqualified: functionName, name } = arn;
  const reserved = found?.reservedConcurrency ?? 'none';
  if (reserved === 'none') {
    const does = text`see the account's concurrency, which all functions without a reservation share`;
    return look(does, aws('lambda', 'get-account-settings'));
  }
  const does =
    reserved === 0
      ? text`let ${resource(name)} run again, unless it was switched off on purpose`
      : text`let ${resource(name)} use the account's concurrency, if the limit of ${reserved} does not protect anything behind it`;
  return fix(does, {
    run: aws('lambda', 'delete-function-concurrency', { functionName }),
    undo: aws('lambda', 'put-function-concurrency', { functionName, reservedConcurrentExecutions: reserved }),
    verify: aws('lambda', 'get-function-concurrency', { functionName }),
    forMany: reserved === 0 ? undefined : true,
  });
}

/** A function as its calls name it, with the version or alias that is registered. */
export function qualifiedName({ unqualified: functionName, qualifier }: FunctionArn) {
  return { functionName, qualifier: qualifier ?? undefined };
}

/** A statement of the same name that admits another group stays as it is. */
export function permitInvocation({ arn, group, found }: Registered, managedBy: Owner | undefined): Remedy {
  const { name, arn: sourceArn } = group;
  const taken = new Set((found?.policy ?? []).map(({ id }) => id));
  const free = [`alb-${name}`, `alb-${name}-invoke`].find((id) => !taken.has(id));
  const statement = { ...qualifiedName(arn), statementId: free ?? `alb-${name}-${taken.size}` };
  const admitted = { action: 'lambda:InvokeFunction', principal: LOAD_BALANCER_PRINCIPAL, sourceArn };
  return fix(text`allow the load balancer to invoke ${resource(arn.name)} for target group ${resource(name)}`, {
    run: aws('lambda', 'add-permission', { ...statement, ...admitted }),
    undo: aws('lambda', 'remove-permission', statement),
    verify: aws('lambda', 'get-policy', qualifiedName(arn)),
    managedBy,
  });
}
