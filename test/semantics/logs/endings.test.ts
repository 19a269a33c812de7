import { expect, test } from 'vitest';
import type { Ending } from '../../../lambda/incident/evidence.ts';
import { closedAfter, type EndOfRequest, endingOf, isFailure } from '../../../lambda/semantics/logs/endings.ts';

const end = (ill: Partial<EndOfRequest>): EndOfRequest => ({
  ...{ code: 502, targetCode: null, address: '10.0.10.11', targetGroup: 'arn', requestTime: null, targetTime: null },
  ...{ responseTime: null, lasted: 0.002, reason: null, actions: 'forward' },
  ...ill,
});
const nowhere = { address: null };

test.each<[ill: Partial<EndOfRequest>, ending: Ending]>([
  [{}, 'connection-failed'],
  [{ lasted: 0.099 }, 'connection-failed'],
  [{ lasted: 0.1 }, 'broke-off'],
  [{ lasted: 30 }, 'broke-off'],
  [{ lasted: null }, 'unexplained'],
  [{ code: 504, lasted: 10.001 }, 'connect-timeout'],
  [{ code: 504, lasted: 9.4 }, 'unexplained'],
  [{ code: 504, lasted: 60 }, 'unexplained'],
  [{ code: 504, requestTime: 0.001, lasted: 60 }, 'silent'],
  [{ code: 504, requestTime: 0, targetTime: 60, lasted: 60 }, 'silent'],
  [{ requestTime: 0.001, targetTime: 0.004 }, 'closed-at-once'],
  [{ requestTime: 0.001, targetTime: 0.01 }, 'closed'],
  [{ requestTime: 0, targetTime: 30 }, 'closed'],
  [{ requestTime: 0, lasted: 30 }, 'closed'],
  [{ requestTime: 0, targetTime: 0.2, responseTime: 0 }, 'bad-answer'],
  [{ code: 502, targetCode: 200, requestTime: 0, targetTime: 0.2, responseTime: 0 }, 'not-passed-on'],
  [{ code: 500, targetCode: 500 }, 'answered'],
  [{ code: 503, ...nowhere }, 'no-target'],
  [{ code: 503, ...nowhere, targetGroup: null }, 'unexplained'],
  [{ code: 503, ...nowhere, actions: 'fixed-response' }, 'fixed-response'],
  [{ code: 503, ...nowhere, actions: 'waf,fixed-response' }, 'fixed-response'],
  [{ code: 403, ...nowhere, actions: 'waf' }, 'waf'],
  [{ code: 500, ...nowhere, actions: 'waf-failed' }, 'waf-failed'],
  [{ code: 500, ...nowhere, reason: 'WAFConnectionTimeout' }, 'waf-failed'],
  [{ code: 561, ...nowhere, reason: 'AuthInvalidStateParam', actions: 'authenticate' }, 'authentication'],
  [{ code: 500, ...nowhere, reason: 'JWKSRequestTimeout' }, 'authentication'],
  [{ ...nowhere, reason: 'LambdaInvalidResponse' }, 'lambda'],
  [{ code: 460, requestTime: 0.001 }, 'client-left'],
  [{ code: 464 }, 'client-fault'],
  [{ code: 400, ...nowhere, targetGroup: null }, 'client-fault'],
  [{ code: 301, ...nowhere, actions: 'redirect' }, 'redirect'],
  [{ code: 503 }, 'unexplained'],
])('%j is %s', (ill, ending) => {
  expect(endingOf(end(ill))).toBe(ending);
});

test('until the target closed: its own time, or what was left after the request was sent', () => {
  expect(closedAfter(end({ requestTime: 0.5, targetTime: 30, lasted: 31 }))).toBe(30);
  expect(closedAfter(end({ requestTime: 0.5, lasted: 30.5 }))).toBe(30);
  expect(closedAfter(end({ lasted: null }))).toBeNull();
});

test('a failure is a 5xx, or a 4xx of the load balancer itself', () => {
  expect([isFailure(500, 'answered'), isFailure(404, 'answered'), isFailure(464, 'client-fault')]).toEqual([
    true,
    false,
    true,
  ]);
  expect(isFailure(200, 'answered')).toBe(false);
});
