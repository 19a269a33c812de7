import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COUNTERS } from '../../../lambda/collect/logs/line-counter.ts';
import { Spread } from '../../../lambda/collect/logs/tally/spread.ts';
import { openLines } from '../../../lambda/reading/lines.ts';
import { runs } from '../../fuzz/runs.ts';
import { LB } from '../../support/a-snapshot.ts';

const DIMENSION = 'app/web/50dc6c495c0c9188';
const FROM = '2026-03-10T14:00:00Z';
const PART = { places: ['s3://web-logs'], from: FROM, to: '2026-03-10T14:30:00Z', intervals: [], share: 1 };

const counter = () => COUNTERS.access({ grid: { from: FROM, minutes: 30 }, dimension: DIMENSION });

interface Some {
  readonly second?: number;
  readonly code?: number;
  readonly target?: string;
  readonly times?: string;
  readonly lasted?: number;
  readonly path?: string;
  readonly elb?: string;
}

/** `GET /` to 10.0.10.11, answered within 12 ms. */
function line({
  second = 0,
  code = 200,
  target = '10.0.10.11:8080',
  times,
  lasted = 0.012,
  path = '/',
  elb = DIMENSION,
}: Some) {
  const at = (seconds: number) => new Date(Date.parse(FROM) + seconds * 1000).toISOString();
  const targetCode = code < 500 ? code : '-';
  return `http ${at(second + lasted)} ${elb} 203.0.113.1:4000 ${target} ${times ?? (code < 500 ? '0.000 0.012 0.000' : '-1 -1 -1')} ${code} ${targetCode} 34 366 "GET http://a.example:80${path} HTTP/1.1" "curl" - - ${LB.replace('loadbalancer/app', 'targetgroup')} "Root=1" "-" "-" 0 ${at(second)} "forward" "-" "-" "-" "-" "-" "-" TID_1 "-" "-" "-" 10.0.0.10`;
}

function logOf(lines: readonly string[]) {
  const counting = counter();
  const read = counting.reader({ format: 'text' });
  for (const one of lines) read(one);
  return counting.log(PART);
}

describe('an access log', () => {
  test('lines that are alike are a row, by minute, with their times', () => {
    const lines = [3, 61, 62].map((second) => line({ second, code: 502, lasted: 0.002 }));
    const { requests, reading, samples } = logOf([...lines, line({ second: 70 })]);
    expect(requests).toHaveLength(2);
    expect(requests[0]).toMatchObject({
      ...{ code: 502, ending: 'connection-failed', address: '10.0.10.11', port: 8080, path: '/', count: 3 },
      ...{ first: '2026-03-10T14:00:03Z', last: '2026-03-10T14:01:02Z', receivedBytes: 102, priority: 0 },
      ...{ lasted: { count: 3, p50: 0.002, max: 0.002 }, target: null, until: null },
    });
    expect(requests[0]?.perMinute.slice(0, 3)).toEqual([1, 2, 0]);
    expect(requests[1]).toMatchObject({ code: 200, node: null, type: null, priority: null, target: { p50: 0.012 } });
    expect(reading).toMatchObject({ lines: 4, first: '2026-03-10T14:00:03Z', unreadable: { lines: 0, shapes: [] } });
    expect(samples.map(({ at }) => at)).toEqual(['2026-03-10T14:01:02Z', '2026-03-10T14:01:01Z']);
  });

  test('where a worker is killed at its own timeout, its time stands out', () => {
    const closed = (lasted: number, second: number) =>
      line({ code: 502, second, times: `0.001 ${lasted.toFixed(3)} -1`, lasted: lasted + 0.001 });
    const until = [30.01, 30.02, 29.99, 30, 4, 11].map((seconds, n) => closed(seconds, n));
    const { requests } = logOf(until);
    expect(requests[0]?.until?.clusters).toEqual([{ seconds: 30.005, count: 4 }]);
  });

  test('of another load balancer, of other minutes, and what is no line at all', () => {
    const { reading, requests } = logOf([
      line({ elb: 'app/other/1234567890123456' }),
      line({ second: -10 }),
      line({ second: 1801 }),
      'Enable AccessLog for ELB',
      'evil "line',
      '',
    ]);
    expect(requests).toEqual([]);
    expect(reading).toMatchObject({ lines: 0, first: null, last: null });
    expect(reading.unreadable).toEqual({ lines: 2, shapes: ['a "a', 'a a a a'] });
  });

  test('paths without number are summed up, and no request is lost', () => {
    const words = (n: number) =>
      [...n.toString(26)].map((letter) => String.fromCharCode(97 + (letter.charCodeAt(0) % 26))).join('');
    const lines = Array.from({ length: 20_000 }, (_, n) =>
      line({ second: n % 1800, path: `/x${words(n)}/y${words(n * 7)}` }),
    );
    const hot = Array.from({ length: 500 }, (_, n) => line({ second: n, code: 502, path: '/export' }));
    const { requests, reading } = logOf([...lines, ...hot, ...lines]);
    expect(requests.length).toBeLessThanOrEqual(352);
    expect(reading.lines).toBe(40_500);
    expect(requests.reduce((sum, { count }) => sum + count, 0)).toBe(40_500);
    expect(requests.find(({ path }) => path === '/export')).toMatchObject({ count: 500 });
    expect(requests.find(({ path }) => path === '(others)')).toMatchObject({ address: '10.0.10.11', code: 200 });
  });

  test('for any lines, the rows are the lines', () => {
    const some = fc.record({
      second: fc.integer({ min: 0, max: 1799 }),
      code: fc.constantFrom(200, 301, 404, 460, 500, 502, 503, 504),
      target: fc.constantFrom('10.0.10.11:8080', '10.0.11.12:8080', '-', '[2001:db8::1]:443'),
      path: fc.webPath(),
      lasted: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), (all) => {
        const { requests, reading } = logOf(all.map(line));
        expect(reading.lines).toBe(all.length);
        expect(requests.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const { perMinute, count } of requests) expect(perMinute.reduce((a, b) => a + b, 0)).toBe(count);
        expect(JSON.parse(JSON.stringify(requests))).toEqual(requests);
      }),
      runs(50, 20_000),
    );
  });
});

test('times are told to 3 %, and the same whatever order they come in', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { minLength: 1, maxLength: 60 }), (seconds) => {
      const spread = new Spread();
      const [one, other] = [new Spread(), new Spread()];
      seconds.forEach((value, n) => {
        spread.add(value);
        (n % 2 === 0 ? one : other).add(value);
      });
      one.merge(other);
      const [whole, merged] = [spread.times(), one.times()];
      expect(merged?.p50).toBeCloseTo(whole?.p50 ?? -1, 2);
      const median = [...seconds].sort((a, b) => a - b)[Math.ceil(seconds.length / 2) - 1] ?? 0;
      expect(Math.abs((whole?.p50 ?? 0) - median)).toBeLessThanOrEqual(median * 0.031 + 0.001);
      expect(whole?.max).toBeCloseTo(Math.max(...seconds), 2);
    }),
    runs(100, 20_000),
  );
});

test('lines are the same wherever the pieces are cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é', ' ') }), fc.nat(20), (text, size) => {
      const lines: string[] = [];
      const { push, end } = openLines((one) => lines.push(one));
      for (let at = 0; at < text.length; at += size + 1) push(text.slice(at, at + size + 1));
      end();
      const whole = text.split('\n').map((one) => one.replace(/\r$/, ''));
      if (text === '' || text.endsWith('\n')) whole.pop();
      expect(lines).toEqual(whole);
    }),
    runs(100, 20_000),
  );
});

test('connections and health checks', () => {
  const counted = { grid: { from: FROM, minutes: 30 }, dimension: DIMENSION };
  const checks = COUNTERS.healthCheck(counted);
  const read = checks.reader({ format: 'text' });
  for (const second of ['01', '31']) {
    read(`http 2026-03-10T14:05:${second}.5Z 5.001 10.0.10.11:8080 web FAIL - TimedOut ${DIMENSION} 10.0.0.10`);
  }
  read(`http 2026-03-10T14:04:31.5Z 4.8 10.0.10.11:8080 web PASS 200 - ${DIMENSION} 10.0.0.10`);
  expect(checks.log(PART).checks).toMatchObject([
    { passed: false, reason: 'TimedOut', count: 2, first: '2026-03-10T14:05:01.500Z', latency: { max: 5.001 } },
    { passed: true, code: 200, reason: null, count: 1, address: '10.0.10.11', port: 8080, targetGroupName: 'web' },
  ]);
  const connections = COUNTERS.connection(counted);
  const each = connections.reader({ format: 'text' });
  const line = (tls: string, verified: string) =>
    `2026-03-10T14:05:01Z 203.0.113.1 36280 ${tls} "-" - - ${verified} TID_1 X25519 ${DIMENSION} 10.0.0.10`;
  each(line('443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.004', '-'));
  each(line('443 - - -', 'Failed:ClientCertExpired'));
  each(line('80 - - -', '-'));
  expect(
    connections
      .log(PART)
      .connections.map(({ listenerPort, handshake, verified }) => [listenerPort, handshake, verified]),
  ).toEqual(
    expect.arrayContaining([
      [443, true, null],
      [443, false, 'Failed:ClientCertExpired'],
      [80, null, null],
    ]),
  );
});
