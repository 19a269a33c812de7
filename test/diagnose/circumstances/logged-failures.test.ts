import { describe, expect, test } from 'vitest';
import { loggedFailuresSaid } from '../../../lambda/diagnose/circumstances/logged-failures.ts';
import type { RequestTally } from '../../../lambda/incident/evidence.ts';
import { asString } from '../../../lambda/render/json.ts';
import { loggedRequests } from '../../../lambda/semantics/logs/failures.ts';
import { aSnapshot, denied, TG } from '../../support/a-snapshot.ts';
import { accessLog, logged } from '../../support/logs.ts';

const said = (rows: readonly RequestTally[]) =>
  loggedFailuresSaid(aSnapshot({ accessLog: accessLog(rows) }), null).map(({ shows }) => asString(shows));

const well = (like: Parameters<typeof logged>[0] = {}) => logged({ minutes: [60, 0], aMinute: 100, ...like });
const CLOSED = { code: 502, times: [0.001, 30, -1], lasted: 30 } as const;

test('nothing where the log was not read, holds no 5xx, or one or two', () => {
  expect(loggedFailuresSaid(aSnapshot({ accessLog: denied('s3:GetObject') }), null)).toEqual([]);
  expect(said([well()])).toEqual([]);
  expect(said([well(), logged({ ...CLOSED, minutes: [2, 0], aMinute: 1 })])).toEqual([]);
});

test('one path and one target of several: both, with what they are measured against', () => {
  const other = { address: '10.0.11.12' };
  const [line, ...more] = said([
    well(),
    well(other),
    well({ path: '/export', method: 'POST', aMinute: 1, ...other }),
    logged({ ...CLOSED, path: '/export', method: 'POST' }),
  ]);
  expect(more).toEqual([]);
  expect(line).toBe(
    'all 100 requests that the access log has with 502 since 2026-03-10T14:00:00Z: the target closed the connection before it answered, mostly after 30 s (target group web); all of them went to 10.0.10.11:8080, one of 2 targets that got requests; all of them are "POST /export", of which 77 % fail so, and none of the other requests',
  );
});

test('where the failures are spread as the requests are, no place is named', () => {
  const [line] = said([
    well(),
    well({ path: '/cart' }),
    logged({ ...CLOSED, aMinute: 9 }),
    logged({ ...CLOSED, path: '/cart', aMinute: 9 }),
  ]);
  expect(line).toContain('the target closed the connection');
  expect(line).not.toMatch(/of them are|went to/);
});

test('rows that sum up the rare ones are no path', () => {
  expect(said([well(), logged({ ...CLOSED, path: '(others)' })])[0]).not.toMatch(/of them are|\(others\)/);
});

test.each<[Parameters<typeof logged>[0], string]>([
  [{ code: 502, times: [-1, -1, -1], lasted: 0.002 }, 'refused or reset the connection at once'],
  [{ code: 504, times: [-1, -1, -1], lasted: 10 }, 'nothing answered the load balancer for ten seconds'],
  [
    { code: 504, times: [0.001, -1, -1], lasted: 60 },
    'the target had the request, and did not answer, mostly for 60 s',
  ],
  [{ code: 502, times: [0.001, 0.003, -1], lasted: 0.005 }, 'closed the connection as the request came'],
  [{ code: 500, targetCode: 500, times: [0.001, 0.2, 0] }, 'the target answered so itself'],
  [
    { code: 502, address: null, reason: 'LambdaInvalidResponse' },
    'the function failed, or its invocation (LambdaInvalidResponse)',
  ],
])('%j', (like, says) => {
  expect(said([well(), logged(like)])[0]).toContain(says);
});

test('what a stranger put into a path stays quoted', () => {
  const path = '/x" [click](http://evil) <b>';
  const [line] = said([well(), well({ path: '/y' }), logged({ ...CLOSED, path })]);
  expect(line).toContain(`"GET ${path}"`);
});

test('of minutes before the log begins, nothing is counted', () => {
  const log = accessLog([well(), logged({ ...CLOSED })]);
  for (const last of [-1, -2, -20]) expect(loggedRequests(log, { first: 0, last })).toEqual([]);
  expect(loggedRequests(log, { first: 0, last: 179 })).toHaveLength(2);
});

describe('where not all requests are told apart, as of a log group or a busy site,', () => {
  const others = well({ path: '(others)', method: null });

  test('no share of a path is said, and none of other requests', () => {
    const [line] = said([
      others,
      logged({ ...CLOSED, path: '/cart' }),
      logged({ code: 500, targetCode: 500, path: '/a', aMinute: 5 }),
    ]);
    expect(line).toContain('; all of them are "GET /cart"');
    expect(line).not.toMatch(/of which|other requests/);
  });

  test('nor how many targets got requests', () => {
    const [line] = said([
      well({ address: '(others)', port: null, path: '(others)' }),
      logged({ ...CLOSED, path: '/cart' }),
    ]);
    expect(line).toContain('; all of them went to 10.0.10.11:8080;');
    expect(line).not.toContain('one of');
  });
});

test('a group, or a reason, is said of all only where it is that of all', () => {
  const lambda = { code: 502, address: null, port: null } as const;
  const reasons = [
    logged({ ...lambda, reason: 'LambdaInvalidResponse', aMinute: 9 }),
    logged({ ...lambda, reason: 'LambdaThrottling', aMinute: 1 }),
  ];
  expect(said([well(), ...reasons])[0]).toContain('(mostly LambdaInvalidResponse)');
  const groups = [logged({ ...CLOSED, aMinute: 9 }), logged({ ...CLOSED, targetGroup: `${TG}-b`, aMinute: 1 })];
  expect(said([well(), ...groups])[0]).not.toContain('target group');
});
