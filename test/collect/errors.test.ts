import { expect, test } from 'vitest';
import { CallFailed, UnreadableAnswer } from '../../lambda/collect/errors.ts';
import { refusal } from './support.ts';

const node = (code: string, name = 'Error') => Object.assign(new Error(`connect ${code}`), { code, name });

test.each<[code: string, error: unknown, reason: string, why: string]>([
  ['ELB refuses', refusal('AccessDenied', '', 403), 'denied', 'denied'],
  ['JSON services refuse', refusal('AccessDeniedException', '', 400), 'denied', 'denied'],
  ['EC2 refuses', refusal('UnauthorizedOperation', '', 403), 'denied', 'denied'],
  ['SNS and SQS refuse', refusal('AuthorizationError', '', 403), 'denied', 'denied'],
  ['a 403 without a known code', refusal('Forbidden', '', 403), 'denied', 'denied'],
  ['a 403 without any code: a proxy, and no word of AWS', refusal('Unknown', 'Unknown', 403), 'failed', 'failed'],
  ["a proxy's page with 403", new UnreadableAnswer(403), 'failed', 'failed'],
  ['ELB throttles', refusal('Throttling'), 'throttled', 'throttled'],
  ['JSON services throttle', refusal('ThrottlingException'), 'throttled', 'throttled'],
  ['EC2 throttles', refusal('RequestLimitExceeded', '', 503), 'throttled', 'throttled'],
  ['S3 throttles', refusal('SlowDown', '', 503), 'throttled', 'throttled'],
  ['too many requests', refusal('TooManyRequestsException', '', 429), 'throttled', 'throttled'],
  ['a 429 without a known code', refusal('Busy', '', 429), 'throttled', 'throttled'],
  ['the SDK gives up waiting', refusal('TimeoutError'), 'timed-out', 'timed-out'],
  ['our deadline', new DOMException('timeout', 'TimeoutError'), 'timed-out', 'timed-out'],
  ['an abort', refusal('AbortError'), 'timed-out', 'timed-out'],
  ['no connection in time', node('ETIMEDOUT', 'TimeoutError'), 'timed-out', 'timed-out'],
  ['nobody listens, which the SDK calls TimeoutError', node('ECONNREFUSED', 'TimeoutError'), 'unreachable', 'failed'],
  ['the connection breaks', node('ECONNRESET', 'TimeoutError'), 'unreachable', 'failed'],
  ['no such host', node('ENOTFOUND'), 'unreachable', 'failed'],
  ['a proxy with a certificate of its own', node('SELF_SIGNED_CERT_IN_CHAIN'), 'unreachable', 'failed'],
  ['no credentials', refusal('CredentialsProviderError', 'Could not load credentials'), 'no-credentials', 'failed'],
  [
    'an SSO session that is over',
    refusal('CredentialsProviderError', 'Token is expired'),
    'expired-credentials',
    'failed',
  ],
  ['expired credentials', refusal('ExpiredTokenException', '', 403), 'expired-credentials', 'failed'],
  ['EC2 and expired credentials', refusal('RequestExpired', '', 400), 'expired-credentials', 'failed'],
  ['credentials nobody knows', refusal('InvalidClientTokenId', '', 403), 'invalid-credentials', 'failed'],
  ['EC2 and credentials nobody knows', refusal('AuthFailure', '', 401), 'invalid-credentials', 'failed'],
  ['no Region', new Error('Region is missing'), 'no-region', 'failed'],
  ['gone', refusal('LoadBalancerNotFoundException'), 'not-found', 'failed'],
  ['gone, in a bundle without modelled errors', refusal('LoadBalancerNotFound'), 'not-found', 'failed'],
  ['a fault of AWS', refusal('InternalFailure', '', 500), 'failed', 'failed'],
  ['our own mistake', new TypeError('x is not a function'), 'failed', 'failed'],
  ['something thrown that is no error', 'no', 'failed', 'failed'],
])('%s: %s', (_, error, reason, why) => {
  const failed = new CallFailed('ec2:DescribeThings', error);
  expect([failed.reason, failed.why]).toEqual([reason, why]);
});

test.each<[error: unknown, sentence: string]>([
  [refusal('UnauthorizedOperation', '', 403), 'AWS denied ec2:DescribeThings (UnauthorizedOperation)'],
  [refusal('Unknown', 'Unknown', 500), 'ec2:DescribeThings failed (HTTP 500)'],
  [refusal('UnknownError', 'UnknownError', 403), 'ec2:DescribeThings failed (HTTP 403)'],
  [refusal('Unknown', 'Unknown', 429), 'AWS throttled ec2:DescribeThings (HTTP 429), retries included'],
  [refusal('Throttling'), 'AWS throttled ec2:DescribeThings (Throttling), retries included'],
  [refusal('TimeoutError'), 'ec2:DescribeThings was not answered in time'],
  [refusal('InternalFailure', 'An  internal\nerror'), 'ec2:DescribeThings failed (InternalFailure): An internal error'],
  [refusal('LoadBalancerNotFoundException'), 'ec2:DescribeThings failed (LoadBalancerNotFound)'],
])('says what and why in one sentence: %s', (error, sentence) => {
  expect(new CallFailed('ec2:DescribeThings', error).message).toBe(sentence);
});

test('says what Node says of the first address it tried', () => {
  const error = Object.assign(new AggregateError([node('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
  expect(new CallFailed('ec2:DescribeThings', error).message).toContain('connect ECONNREFUSED');
});
