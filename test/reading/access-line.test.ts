import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogFormat } from '../../lambda/incident/evidence.ts';
import { type AccessLine, accessLine } from '../../lambda/reading/access-line.ts';
import { LOG_COLUMNS } from '../../lambda/reading/log-columns.ts';
import { openFields } from '../../lambda/reading/log-fields.ts';
import { runs } from '../fuzz/runs.ts';

function read(line: string, format: LogFormat = 'text'): AccessLine | 'unreadable' | 'nothing' {
  const fields = openFields('access', { format })(line);
  return typeof fields === 'string' ? fields : (accessLine(fields) ?? 'unreadable');
}

const GROUP = 'arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/73e2d6bc24d8a067';
const PLAIN = `http 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${GROUP} "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-"`;
const LAMBDA = `http 2018-11-30T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 192.168.131.39:2817 - 0.000 0.001 0.000 502 - 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - ${GROUP} "Root=1-58337364-23a8c76965a2ef7629b185e3" "-" "-" 0 2018-11-30T22:22:48.364000Z "forward" "-" "LambdaInvalidResponse" "-" "-" "-" "-"`;

describe("AWS's own samples", () => {
  test('an answer', () => {
    expect(read(PLAIN)).toMatchObject({
      ...{ loadBalancer: 'app/my-loadbalancer/50dc6c495c0c9188', code: 200, targetCode: 200, address: '10.0.0.1' },
      ...{ port: 80, targetTime: 0.001, method: 'GET', path: '/', targetGroup: GROUP, receivedBytes: 34 },
      at: Date.parse('2018-07-02T22:22:48.364Z') / 1000,
      reason: null,
    });
  });

  test('a function, of a time with fewer fields', () => {
    expect(read(LAMBDA)).toMatchObject({
      ...{ code: 502, targetCode: null, address: null, reason: 'LambdaInvalidResponse', priority: 0, node: null },
      lasted: expect.closeTo(11.822641, 5),
    });
  });

  test('none of the client is read', () => {
    const secret = PLAIN.replace('192.168.131.39', '203.0.113.77')
      .replace('curl/7.46.0', 'agent-of-alice')
      .replace(':80/ HTTP', ':80/a?token=s3cret;jsessionid=12 HTTP');
    expect(JSON.stringify(read(secret))).not.toMatch(/203\.0\.113\.77|alice|s3cret|token|jsession/);
  });
});

describe('what lines hold', () => {
  const withField = (name: string, value: string): string =>
    LOG_COLUMNS.access.map((column) => (column === name ? value : (BASE[column] ?? '-'))).join(' ');
  const BASE: Readonly<Record<string, string>> = {
    ...{ type: 'https', time: '2026-03-10T14:20:00.000002Z', elb: 'app/web/50dc6c495c0c9188' },
    ...{ client_port: '203.0.113.1:4000', target_port: '10.0.10.11:8080', request_processing_time: '-1' },
    ...{ target_processing_time: '-1', response_processing_time: '-1', elb_status_code: '502' },
    ...{ received_bytes: '34', sent_bytes: '272', request_line: '"GET https://a.example:443/x HTTP/2.0"' },
    ...{ target_group_arn: GROUP, request_creation_time: '2026-03-10T14:20:00.000000Z', ip_address: '10.0.0.10' },
  };

  test.each<[name: string, value: string, is: Partial<AccessLine>]>([
    ['target_port', '[2001:db8::1]:80', { address: '2001:db8::1', port: 80 }],
    ['target_port', '2001:db8::1:80', { address: '2001:db8::1', port: 80 }],
    ['target_port', '-', { address: null, port: null }],
    ['request_line', '"- http://a.example:80- -"', { method: null, path: null }],
    ['request_line', '"GET https://a.example:443/a b c HTTP/1.1"', { method: 'GET', path: '/{text}' }],
    ['request_line', '"GET https://a.example:443/\\"q\\"/\\\\ HTTP/1.1"', { method: 'GET' }],
    ['request_line', '"EVILVERBTHATISNOTONE https://a.example:443/a HTTP/1.1"', { method: null, path: '/a' }],
    ['request_line', '"POST https://a.example:443?x=/b HTTP/1.1"', { method: 'POST', path: '/' }],
    ['request_processing_time', '0.001', { requestTime: 0.001, targetTime: null }],
    ['user_agent', '"a \\"quoted\\" agent \\x22 502 503 504"', { code: 502, method: 'GET' }],
    ['user_agent', `"${'x'.repeat(65_536)}"`, { code: 502 }],
    ['error_reason', '"<b>no word</b>"', { reason: null }],
    ['matched_rule_priority', '-1', { priority: -1 }],
    ['target_error_code', '0x8', { streamError: '0x8' }],
    ['classification', '"Severe"', { classification: 'Severe' }],
    ['type', 'wss', { lasted: null, at: Date.parse('2026-03-10T14:20:00Z') / 1000 + 0.000002 }],
  ])('%s %s', (name, value, is) => {
    expect(read(withField(name, value))).toMatchObject(is);
  });

  test.each([
    ['elb_status_code', '-'],
    ['elb_status_code', '5000'],
    ['time', 'yesterday'],
    ['target_port', 'somewhere'],
    ['target_status_code', 'ok'],
    ['user_agent', '"never closed'],
    ['user_agent', '"closed"and more'],
  ])('not read: %s %s', (name, value) => {
    expect(read(withField(name, value))).toBe('unreadable');
  });

  test('columns that a later release appends are passed over, and earlier ones may be missing', () => {
    expect(read(`${withField('type', 'h2')} - "new" 17`)).toMatchObject({ code: 502, type: 'h2' });
    const short = withField('type', 'h2').split(' ').slice(0, 15).join(' ');
    expect(read(short)).toMatchObject({ code: 502, targetGroup: null, lasted: null });
  });

  test('JSON, in texts or numbers, and by the names of the files', () => {
    const record = Object.fromEntries(Object.entries(BASE).map(([name, value]) => [name, value.replace(/^"|"$/g, '')]));
    const json = read(JSON.stringify(record), 'json');
    expect(json).toEqual(read(withField('type', 'https')));
    const { target_port, ...others } = record;
    const numbers = { ...others, 'target:port': target_port, elb_status_code: 502, request_processing_time: -1 };
    expect(read(JSON.stringify(numbers), null)).toEqual(json);
    expect(read('{"elb_status_code": "502"', 'json')).toBe('unreadable');
    expect(read('[]', 'json')).toBe('unreadable');
  });

  test('W3C says itself in which columns it is written', () => {
    const read = openFields('access', { format: 'w3c' });
    expect(read('#Version: 1.0')).toBe('nothing');
    expect(read('#Fields: time\telb_status_code\ttarget:port\telb')).toBe('nothing');
    const fields = read('2026-03-10T14:20:00Z\t504\t10.0.10.11:8080\tapp/web/50dc6c495c0c9188');
    if (typeof fields === 'string') throw new Error(fields);
    expect(accessLine(fields)).toMatchObject({
      code: 504,
      address: '10.0.10.11',
      loadBalancer: 'app/web/50dc6c495c0c9188',
    });
  });
});

describe('for any text', () => {
  const quoted = fc
    .string()
    .map((text) => `"${text.replace(/[\\"]/g, (mark) => `\\${mark}`).replace(/[\r\n]/g, ' ')}"`);

  test('reading never throws, and is a line or none', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('text', 'json', null),
        (line, format) => {
          const is = read(line, format as LogFormat);
          expect(typeof is === 'string' || is.code >= 0).toBe(true);
        },
      ),
    );
  });

  test('whatever stands in quotes, the columns after it are the same', () => {
    fc.assert(
      fc.property(quoted, quoted, (request, agent) => {
        const line = PLAIN.replace('"GET http://www.example.com:80/ HTTP/1.1"', () => request).replace(
          '"curl/7.46.0"',
          () => agent,
        );
        expect(read(line)).toMatchObject({ code: 200, targetGroup: GROUP, at: 1530570168.364 });
      }),
      runs(100, 100_000),
    );
  });
});
