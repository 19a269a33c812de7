import type { LambdaFunction } from '../incident/evidence.ts';
import type { Fix } from '../incident/finding.ts';
import { code, resource, type Text, text } from '../incident/text.ts';
import { whatChanged } from '../semantics/commands.ts';
import type { FunctionArn } from '../semantics/lambda/function-arn.ts';
import { plusSeconds } from '../semantics/minutes.ts';

/** What to do about a Lambda target that fails, by the way it does. */
export function lambdaFixes(
  kind: 'throttled' | 'timed-out' | 'errors' | 'shape',
  arn: FunctionArn,
  found: LambdaFunction | undefined,
  onset: string,
): readonly Fix<Text>[] {
  const look = { changes: false, undo: null, verify: null };
  const changed = {
    does: text`see what was deployed or changed in the hour before`,
    run: whatChanged(plusSeconds(onset, -3600)),
    ...look,
  };
  if (kind === 'throttled') return [...concurrency(arn, found), changed];
  const log = {
    does: text`read the log of ${resource(arn.name)} from the first error on`,
    run: logEvents(arn, found, onset, kind === 'timed-out' ? '"Task timed out"' : '?ERROR ?Error ?Exception'),
    ...look,
  };
  if (kind === 'shape') {
    const does = text`return ${code('statusCode')} as a number, ${code('body')} as a string and ${code('headers')}, or ${code('multiValueHeaders')} where the group wants those; at most 1 MB`;
    return [changed, { does, run: null, changes: true, undo: null, verify: null }];
  }
  const back = {
    does: text`point it back at the version that worked`,
    run: null,
    changes: true,
    undo: null,
    verify: null,
  };
  return [log, changed, back];
}

/** Concurrency that is reserved is also a limit; without it the function gets what the account has left. */
function concurrency({ unqualified, name }: FunctionArn, found: LambdaFunction | undefined): readonly Fix<Text>[] {
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
    'aws',
    'logs',
    'filter-log-events',
    '--log-group-name',
    group,
    '--start-time',
    start,
    '--filter-pattern',
    pattern,
    '--max-items',
    '50',
  ];
}
