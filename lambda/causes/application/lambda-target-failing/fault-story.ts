import type { RoutedFunction } from '../../../computed/functions.ts';
import type { Citation } from '../../../incident/finding.ts';
import {
  code,
  count,
  formatNumber,
  inSeconds,
  percent,
  type Text,
  type Time,
  text,
  time,
} from '../../../incident/text.ts';
import {
  allowMoreConcurrency,
  allowMoreTime,
  backToWorkingVersion,
  readFunctionLog,
} from '../../../remedies/function.ts';
import { whatWasDeployed } from '../../../remedies/look.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import { modificationBefore } from '../../../semantics/functions/function-failures.ts';
import type { CountedFunction, FunctionFault } from '../../../semantics/functions/function-fault.ts';
import type { Sometimes } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** What is said of a fault, what proves it, and what to do about it. */
interface FaultStory {
  /** To follow the name of the function. */
  readonly says: Text;
  readonly proof: readonly [
    Citation<Text, 'lambdaMetrics'>,
    ...Sometimes<Citation<Text, 'lambdaMetrics' | 'lambdaFunctions' | 'targetGroupAttributes'>>[],
  ];
  readonly fixes: readonly Sometimes<Remedy>[];
}

export interface Scene extends RoutedFunction, CountedFunction {
  /** When the errors began. */
  readonly onset: Time;
  /** Whether headers have to be lists; `undefined`: not seen. */
  readonly multiValueHeaders: string | undefined;
}

export function storyOf(fault: FunctionFault, scene: Scene): FaultStory {
  return STORIES[fault.kind](scene, fault.since ?? scene.onset);
}

const STORIES: Readonly<Record<FunctionFault['kind'], (scene: Scene, since: Time) => FaultStory>> = {
  throttled: (scene, since) => {
    const { throttles, concurrent } = scene;
    const reserved = scene.found?.reservedConcurrency ?? null;
    const limit =
      reserved === 'none'
        ? text`no concurrency is reserved: the function shares the account's`
        : text`its reserved concurrency is ${reserved ?? 0}`;
    const counted = citeAt(since);
    return {
      says: text`is ${limitSaid(reserved)}`,
      proof: [
        counted.lambdaMetrics`${count(throttles ?? 0, 'throttled invocation')} (${code('Throttles')}) since ${time(since)}, beside ${runsOf(scene)}`,
        concurrent !== null &&
          counted.lambdaMetrics`at most ${formatNumber(concurrent)} ran at the same time in those minutes`,
        reserved !== null && cite.lambdaFunctions`${limit}`,
      ],
      fixes: [allowMoreConcurrency(scene), whatWasDeployed(scene.onset)],
    };
  },

  'timed-out': (scene, since) => {
    const longest = inSeconds((scene.longest ?? 0) / 1000);
    return {
      says: text`reaches its timeout of ${inSeconds(scene.found?.configuration?.timeoutSeconds ?? 0)}`,
      proof: [errorsAmong(scene, since), citeAt(since).lambdaMetrics`the longest run in those minutes took ${longest}`],
      fixes: [
        allowMoreTime(scene),
        readFunctionLog(scene, scene.onset, '"Task timed out"'),
        whatWasDeployed(scene.onset),
      ],
    };
  },

  errors: (scene, since) => {
    const { arn, found, onset, errors, invocations } = scene;
    const log = readFunctionLog(scene, onset, '?ERROR ?Error ?Exception');
    const back = backToWorkingVersion(arn);
    return {
      says:
        errors === null || !invocations || errors > invocations
          ? text`fails`
          : text`fails: ${percent(errors / invocations)} of its invocations end in an error`,
      proof: [errorsAmong(scene, since)],
      fixes: [...(modificationBefore(onset, found) === null ? [log, ...back] : [...back, log]), whatWasDeployed(onset)],
    };
  },

  shape: (scene, since) => {
    const { arn, found, onset, multiValueHeaders } = scene;
    const headers = multiValueHeaders === 'true' ? 'lists of strings' : 'single strings, not lists';
    const does = text`return ${code('statusCode')} as a number, ${code('body')} as a string and ${code('headers')}, or ${code('multiValueHeaders')} where the group has multi-value headers on; at most 1 MB`;
    return {
      says: text`returns a response the load balancer cannot use`,
      proof: [
        citeAt(since).lambdaMetrics`no error and no throttle in ${runsOf(scene)}: the function itself runs`,
        multiValueHeaders !== undefined &&
          cite.targetGroupAttributes`${code(MULTI_VALUE_HEADERS)} is ${code(multiValueHeaders)}: headers must be ${headers}`,
      ],
      fixes: [
        ...(modificationBefore(onset, found) === null ? [] : backToWorkingVersion(arn)),
        whatWasDeployed(onset),
        fix(does),
      ],
    };
  },
};

/** The attribute of a target group that says how headers go to its function and come back. */
export const MULTI_VALUE_HEADERS = 'lambda.multi_value_headers.enabled';

function limitSaid(reserved: number | 'none' | null): Text {
  if (reserved === 0) return text`switched off: its reserved concurrency is 0`;
  return typeof reserved === 'number' ? text`throttled at its reserved concurrency of ${reserved}` : text`throttled`;
}

function errorsAmong(scene: Scene, since: Time) {
  return citeAt(since)
    .lambdaMetrics`${count(scene.errors ?? 0, 'error')} of the function (its metric ${code('Errors')}) since ${time(since)}, among ${runsOf(scene)}`;
}

function runsOf({ invocations, errors502 }: Scene): Text {
  return text`${count(invocations ?? 0, 'invocation')}, against ${count(errors502, 'request')} answered ${code(502)}`;
}
