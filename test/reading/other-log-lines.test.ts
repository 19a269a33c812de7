import { expect, test } from 'vitest';
import { openFields } from '../../lambda/reading/log-fields.ts';
import { connectionLine, healthCheckLine } from '../../lambda/reading/other-log-lines.ts';

const check = (line: string) => {
  const fields = openFields('healthCheck', { format: 'text' })(line);
  return typeof fields === 'string' ? fields : healthCheckLine(fields);
};
const connection = (line: string) => {
  const fields = openFields('connection', { format: 'text' })(line);
  return typeof fields === 'string' ? fields : connectionLine(fields);
};

test("AWS's samples of health checks, of a time without the last fields", () => {
  expect(check('http 2025-10-31T12:44:59.875678Z 0.019584011 172.31.20.97:80 HCLogsTestIPs PASS 200 -')).toMatchObject({
    ...{ type: 'http', address: '172.31.20.97', port: 80, targetGroupName: 'HCLogsTestIPs', passed: true, code: 200 },
    ...{ reason: null, latency: 0.019584011, loadBalancer: null, node: null },
  });
  expect(
    check('http 2025-10-31T12:44:58.901409Z 1.121980746 172.31.31.9:80 HCLogsTestIPs FAIL 502 TargetError'),
  ).toMatchObject({ passed: false, code: 502, reason: 'TargetError' });
});

test('a function has no port; what is no check is none', () => {
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:shop';
  expect(check(`lambda 2026-03-10T14:20:00Z 0.1 ${arn} shop FAIL - TimedOut app/web/1 10.0.0.1`)).toMatchObject({
    ...{ address: arn, port: null, code: null, reason: 'TimedOut', loadBalancer: 'app/web/1', node: '10.0.0.1' },
  });
  expect(check('http 2026-03-10T14:20:00Z 0.1 10.0.0.1:80 shop MAYBE - -')).toBeNull();
  expect(check('http 2026-03-10T14:20:00Z 0.1 somewhere shop PASS 200 -')).toBeNull();
});

test("AWS's sample of a connection, without its client", () => {
  const line =
    '2023-10-04T17:05:15.514108Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 - "CN=amazondomains.com,O=endEntity,L=Seattle,ST=Washington,C=US" NotBefore=2023-09-21T22:43:21Z;NotAfter=2026-06-17T22:43:21Z FEF257372D5C14D4 Failed:ClientCertUntrusted TID_1c71a68d70587445ad5127ff8b2687d7';
  expect(connection(line)).toEqual({
    ...{ loadBalancer: null, at: 1696439115.514108, listenerPort: 443, protocol: 'TLSv1.2', latency: null },
    ...{ verified: 'Failed:ClientCertUntrusted', node: null },
  });
});

test('where several logs go to one place, a line of another one is passed over', () => {
  const read = openFields('connection', { format: 'json' });
  expect(read('{"elb_status_code": "502", "time": "2026-03-10T14:20:00Z"}')).toBe('nothing');
  expect(read('{"listener_port": "443", "timestamp": "2026-03-10T14:20:00Z"}')).toBeTypeOf('function');
  expect(openFields('access', { format: 'json' })('{"reason_code": "-"}')).toBe('nothing');
});
