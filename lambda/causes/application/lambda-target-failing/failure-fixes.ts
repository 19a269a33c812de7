import type { LambdaFunction } from '../../../incident/evidence.ts';
import { code, resource, text } from '../../../incident/text.ts';
import { showVersions, whatChangedBefore } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type FunctionArn, isVersion } from '../../../semantics/functions/function-arn.ts';
import { modificationBefore } from '../../../semantics/functions/function-failures.ts';
import type { LambdaFailure } from './failure.ts';

/** What to do about a Lambda target that fails, by the way it does. */
export function lambdaFixes(
  kind: LambdaFailure,
  arn: FunctionArn,
  found: LambdaFunction | undefined,
  onset: string,
): readonly Remedy[] {
  const look = { changes: false, undo: null, verify: null };
  const changed = {
    does: text`see what was deployed or changed in the hour before`,
    run: whatChangedBefore(onset),
    ...look,
  };
  const released = modificationBefore(onset, found) !== null;
  if (kind === 'throttled') return [...concurrency(arn, found), changed];
  const log = {
    does: text`read the log of ${resource(arn.name)} from the first error on`,
    run: logEvents(arn, found, onset, kind === 'timed-out' ? '"Task timed out"' : '?ERROR ?Error ?Exception'),
    ...look,
  };
  if (kind === 'shape') {
    const does = text`return ${code('statusCode')} as a number, ${code('body')} as a string and ${code('headers')}, or ${code('multiValueHeaders')} where the group wants those; at most 1 MB`;
    return [...(released ? back(arn) : []), changed, { does, run: null, changes: true, undo: null, verify: null }];
  }
  if (kind === 'timed-out') return [log, ...longer(arn, found), changed];
  return released ? [...back(arn), log, changed] : [log, ...back(arn), changed];
}

/** More time helps at once, and only the code that is registered itself: a version keeps the time it was published with. */
function longer({ unqualified, name, qualifier }: FunctionArn, found: LambdaFunction | undefined): readonly Remedy[] {
  const timeout = found?.configuration?.timeoutSeconds ?? null;
  if (timeout === null || qualifier !== null) return [];
  const on = ['--function-name', unqualified];
  const update = ['aws', 'lambda', 'update-function-configuration', ...on];
  const set = (seconds: number) => [...update, '--timeout', String(seconds)];
  const more = Math.min(LONGEST, Math.max(10, 2 * timeout));
  if (more <= timeout) return [];
  return [
    {
      does: text`give ${resource(name)} ${more} s until what it waits for is fast again${timeout === DEFAULT ? text` (${DEFAULT} s is what a function gets if nobody sets it)` : ''}`,
      run: set(more),
      changes: true,
      undo: set(timeout),
      verify: ['aws', 'lambda', 'get-function-configuration', ...on],
    },
  ];
}

const DEFAULT = 3;
const LONGEST = 900;

/** Which version worked is for a person to say: AWS does not show at which one an alias was before. */
function back(arn: FunctionArn): readonly Remedy[] {
  const name = resource(arn.name);
  const byHand = { run: null, changes: true, undo: null, verify: null };
  const versions = {
    does: text`see which versions of ${name} there are`,
    run: showVersions(arn.unqualified),
    ...{ changes: false, undo: null, verify: null },
  };
  if (arn.qualifier === null)
    return [{ does: text`deploy the code of ${name} that worked before`, ...byHand }, versions];
  const does = isVersion(arn)
    ? text`register the version of ${name} that worked in the target group, or better an alias`
    : text`point ${code(arn.qualifier)} of ${name} back at the version that worked: ${code('aws lambda update-alias')} with its number as ${code('--function-version')}`;
  return [
    { ...versions, step: { number: 1, of: 2 } },
    { does, ...byHand, step: { number: 2, of: 2 } },
  ];
}

/** Concurrency that is reserved is also a limit; without it the function gets what the account has left. */
function concurrency({ unqualified, name }: FunctionArn, found: LambdaFunction | undefined): readonly Remedy[] {
  const reserved = found?.reservedConcurrency ?? null;
  if (reserved === null || reserved === 'none') {
    const run = ['aws', 'lambda', 'get-account-settings'];
    const does = text`see the account's concurrency, which all functions without a reservation share`;
    return [{ does, run, changes: false, undo: null, verify: null }];
  }
  const on = ['--function-name', unqualified];
  return [
    {
      does:
        reserved === 0
          ? text`let ${resource(name)} run again, unless it was switched off on purpose`
          : text`let ${resource(name)} use the account's concurrency, if the limit of ${reserved} protects nothing behind it`,
      run: ['aws', 'lambda', 'delete-function-concurrency', ...on],
      changes: true,
      undo: ['aws', 'lambda', 'put-function-concurrency', ...on, '--reserved-concurrent-executions', String(reserved)],
      verify: ['aws', 'lambda', 'get-function-concurrency', ...on],
    },
  ];
}

function logEvents({ name }: FunctionArn, found: LambdaFunction | undefined, onset: string, pattern: string) {
  const group = found?.configuration?.logGroup ?? `/aws/lambda/${name}`;
  const start = String(Date.parse(onset));
  return [
    ...['aws', 'logs', 'filter-log-events', '--log-group-name', group, '--start-time', start],
    ...['--filter-pattern', pattern, '--max-items', '50'],
  ];
}
