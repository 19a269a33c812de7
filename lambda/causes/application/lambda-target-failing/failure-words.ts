import type { LambdaFunction } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import {
  code,
  count,
  formatNumber,
  inSeconds,
  percent,
  resource,
  type Text,
  text,
  time,
} from '../../../incident/text.ts';
import { type LambdaFailures, modificationBefore } from '../../../semantics/functions/function-failures.ts';
import type { JudgedFunction, LambdaFailure } from './failure.ts';

export function failureSaid(kind: LambdaFailure, { routed, found, failures }: JudgedFunction): Text {
  const { arn, group } = routed;
  const name = text`The function ${resource(arn.name)} behind target group ${resource(group.name)}`;
  switch (kind) {
    case 'throttled':
      return text`${name} is ${limitSaid(found?.reservedConcurrency ?? null)}`;
    case 'timed-out':
      return text`${name} runs into its timeout of ${inSeconds(found?.configuration?.timeoutSeconds ?? 0)}`;
    case 'errors': {
      const { errors, invocations } = failures;
      return errors === null || !invocations || errors > invocations
        ? text`${name} fails`
        : text`${name} fails: ${percent(errors / invocations)} of its runs end in an error`;
    }
    case 'shape':
      return text`${name} answers in a shape the load balancer cannot use`;
  }
}

function limitSaid(reserved: LambdaFunction['reservedConcurrency']): Text {
  if (reserved === 0) return text`switched off: its reserved concurrency is 0`;
  return typeof reserved === 'number'
    ? text`throttled at the ${count(reserved, 'concurrent run')} reserved for it`
    : text`throttled`;
}

export function failureProof(
  kind: LambdaFailure,
  failures: LambdaFailures,
  errors502: number,
  since: string,
): readonly [Citation<Text, 'lambdaMetrics'>, ...Citation<Text, 'lambdaMetrics'>[]] {
  const { invocations, errors, throttles, longest, concurrent } = failures;
  const runs = text`${count(invocations ?? 0, 'invocation')}, against ${count(errors502, 'request')} answered ${code(502)}`;
  const cite = (shows: Text) => ({ from: 'lambdaMetrics' as const, shows, at: since });
  switch (kind) {
    case 'throttled':
      return [
        cite(text`${code('Throttles')}: ${formatNumber(throttles ?? 0)} since ${time(since)}, beside ${runs}`),
        ...(concurrent === null
          ? []
          : [cite(text`at most ${formatNumber(concurrent)} ran at a time in those minutes`)]),
      ];
    case 'timed-out':
      return [
        cite(text`${code('Errors')}: ${formatNumber(errors ?? 0)} since ${time(since)}, among ${runs}`),
        cite(text`the longest run in those minutes took ${inSeconds((longest ?? 0) / 1000)}`),
      ];
    case 'errors':
      return [cite(text`${code('Errors')}: ${formatNumber(errors ?? 0)} since ${time(since)}, among ${runs}`)];
    case 'shape':
      return [cite(text`no error and no throttle among ${runs}: the function runs`)];
  }
}

export function settingsSaid(
  kind: LambdaFailure,
  found: LambdaFunction | undefined,
  multiValue: string | undefined,
  onset: string,
): readonly Citation<Text, 'lambdaFunctions' | 'targetGroupAttributes'>[] {
  const reserved = found?.reservedConcurrency ?? null;
  const modified = modificationBefore(onset, found);
  const said =
    reserved === 'none'
      ? text`no concurrency is reserved: it shares the account's`
      : text`its reserved concurrency is ${reserved ?? 0}`;
  return [
    ...(kind === 'throttled' && reserved !== null ? [{ from: 'lambdaFunctions' as const, shows: said }] : []),
    ...(kind === 'shape' && multiValue !== undefined
      ? [
          {
            from: 'targetGroupAttributes' as const,
            shows: text`${code('lambda.multi_value_headers.enabled')} is ${code(multiValue)}: headers must be ${multiValue === 'true' ? 'lists of strings' : 'single strings, not lists'}`,
          },
        ]
      : []),
    ...(modified !== null
      ? [
          {
            from: 'lambdaFunctions' as const,
            shows: text`it was last modified at ${time(modified)}, shortly before`,
            at: modified,
          },
        ]
      : []),
  ];
}
