import { expect, test } from 'vitest';
import { accepts, provenProtocol } from '../../../lambda/semantics/targets/health-check-answers.ts';
import { target, targetGroup } from '../../support/a-snapshot.ts';

test.each([
  ['200', 200, true],
  ['200', 201, false],
  ['200,302', 302, true],
  ['200-299', 299, true],
  ['200-299', 300, false],
  ['200-299,400', 400, true],
  [null, 200, true],
  [null, 404, false],
])('matcher %s, code %i: %s', (matcher, status, expected) => {
  expect(accepts(matcher, status)).toBe(expected);
});

const checked = (protocol: 'HTTP' | 'HTTPS', matcher = '200') => {
  const group = targetGroup();
  return { ...group, healthCheck: { ...group.healthCheck, protocol, matcher } };
};

test.each([
  ['checked over HTTPS', target('i-1'), checked('HTTPS'), 'HTTPS'],
  ['checked over HTTP', target('i-1'), checked('HTTP'), 'HTTP'],
  ['checked over HTTP, with a matcher that takes 400', target('i-1'), checked('HTTP', '200-499'), null],
  ['checked on another port', target('i-1', { healthCheckPort: 8081 }), checked('HTTP'), null],
  ['not healthy', target('i-1', { state: 'unhealthy' }), checked('HTTP'), null],
])('what a target speaks, %s', (_, one, group, expected) => {
  expect(provenProtocol(one, group)).toBe(expected);
});
