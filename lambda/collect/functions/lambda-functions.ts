import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { LambdaConfiguration, LambdaFunction, PolicyStatement, Target } from '../../incident/evidence.ts';
import { type Gap, seen } from '../../incident/observed.ts';
import { statementsIn } from '../../reading/policy-statements.ts';
import { functionIn } from '../../semantics/functions/function-arn.ts';
import type { Aws } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { getFunctionConcurrency, getFunctionConfiguration, getPolicy } from '../services/lambda.ts';
import { utcTime } from '../time.ts';

const OPERATIONS = [getFunctionConfiguration, getPolicy, getFunctionConcurrency] as const;
const ACTIONS = OPERATIONS.map(({ action }) => action);

export const lambdaFunctions = defineCollector({
  key: 'lambdaFunctions',
  after: ['targetHealth'],
  actions: ACTIONS,
  resources: Object.fromEntries(ACTIONS.map((action) => [action, 'arn:*:lambda:*:*:function:*'])),
  async collect(_question, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const { items, gaps } = await inBatches(lambdaTargets(targetHealth.value), 1, async ([arn = '']) => {
      const read = await functionAt(arn, aws);
      return { items: [read.found], gaps: read.gaps };
    });
    return seen(items, [...targetHealth.gaps, ...gaps]);
  },
});

export function lambdaTargets(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.map(({ id }) => id).filter((id) => functionIn(id) !== null))];
}

/** Three questions at once. That one is refused leaves the others' answers standing. */
async function functionAt(arn: string, aws: Aws): Promise<{ found: LambdaFunction; gaps: readonly Gap[] }> {
  const { unqualified, qualifier } = functionIn(arn) ?? { unqualified: arn, qualifier: null };
  const place = { FunctionName: unqualified, ...(qualifier === null ? {} : { Qualifier: qualifier }) };
  const [configuration, policy, concurrency] = await Promise.all([
    aws.ask(getFunctionConfiguration, place).then(configurationOf).catch(refusal),
    aws
      .ask(getPolicy, place)
      .then(({ Policy }) => statementsIn(Policy))
      .catch(refusal),
    aws
      .ask(getFunctionConcurrency, { FunctionName: unqualified })
      .then((answer) => answer.ReservedConcurrentExecutions ?? ('none' as const))
      .catch(refusal),
  ]);
  const refused = [configuration, policy, concurrency].filter((answer) => answer instanceof CallFailed);
  const [first] = refused;
  if (first !== undefined && refused.length === 3 && !refused.some(isNotFound)) throw first;
  const gone = isNotFound(configuration);
  // Of a function that exists, AWS says "not found" for a policy that it never had.
  const without = !gone && isNotFound(policy) ? nothing(configuration) : policy;
  return {
    found: {
      arn,
      gone,
      configuration: configuration instanceof CallFailed ? null : configuration,
      policy: without instanceof CallFailed ? null : without,
      reservedConcurrency: concurrency instanceof CallFailed ? null : concurrency,
    },
    gaps: refused.filter((answer) => !isNotFound(answer)).map((answer) => gapOf(answer, [arn])),
  };
}

/** Where the configuration was refused, "not found" may mean the function as well. */
function nothing(configuration: LambdaConfiguration | CallFailed): readonly PolicyStatement[] | null {
  return configuration instanceof CallFailed ? null : [];
}

function configurationOf(answer: FunctionConfiguration): LambdaConfiguration {
  return {
    state: answer.State ?? '',
    stateReason: answer.StateReason ?? null,
    lastUpdateStatus: answer.LastUpdateStatus ?? null,
    lastUpdateReason: answer.LastUpdateStatusReason ?? null,
    timeoutSeconds: answer.Timeout ?? null,
    memoryMb: answer.MemorySize ?? null,
    // `2026-03-10T14:20:00.000+0000`
    modifiedAt: answer.LastModified === undefined ? null : utcTime(new Date(answer.LastModified)),
    logGroup: answer.LoggingConfig?.LogGroup ?? null,
  };
}

function refusal(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error;
  throw error;
}

function isNotFound(answer: unknown): answer is CallFailed {
  return answer instanceof CallFailed && answer.reason === 'not-found';
}
