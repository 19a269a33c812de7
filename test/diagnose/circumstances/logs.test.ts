import { describe, expect, test } from 'vitest';
import { logCircumstances } from '../../../lambda/diagnose/circumstances/logs.ts';
import { logAdvice } from '../../../lambda/diagnose/log-advice.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { asString } from '../../../lambda/render/json.ts';
import { aSnapshot, denied, type Ill, partly } from '../../support/a-snapshot.ts';
import { accessLog, logged } from '../../support/logs.ts';

function asked(ill: Ill): Snapshot {
  const snapshot = aSnapshot(ill);
  return { ...snapshot, question: { ...snapshot.question, beyond: { logs: { places: [] } } } };
}

const said = (snapshot: Snapshot) => logCircumstances(snapshot).map(({ from, shows }) => `${from}: ${asString(shows)}`);

describe('of logs that were asked for', () => {
  test('read whole, nothing is said', () => {
    expect(said(asked({ accessLog: accessLog([logged()]) }))).toEqual([]);
  });

  test('refused, the reason is told; of the rarer ones too', () => {
    expect(said(asked({ accessLog: denied('s3:ListBucket'), healthCheckLog: denied('s3:GetObject') }))).toEqual([
      'accessLog: the access log was not read: s3:ListBucket was denied',
      'healthCheckLog: the health check log was not read: s3:GetObject was denied',
    ]);
  });

  test('off in both ways of writing them, that is told, and of the rarer ones nothing', () => {
    expect(said(asked({ logPlaces: { places: [], off: ['access', 'connection', 'healthCheck'] } }))).toEqual([
      'accessLog: access logs are off, so nothing is known of where each failed request went, and how it ended',
    ]);
  });

  test('a part of it, how much', () => {
    const intervals = [
      {
        from: '2026-03-10T14:20:00Z',
        to: '2026-03-10T14:25:00Z',
        files: { read: 7, of: 12 },
        bytes: { read: 6, of: 10 },
      },
    ];
    expect(said(asked({ accessLog: accessLog([logged()], { reading: { share: 0.6, intervals } }) }))).toEqual([
      'accessLog: 7 of 12 files of the access log were read, 60 % of it: shares hold, counts are of that part',
    ]);
  });

  test('what is missing of it', () => {
    const gap = { why: 'partial', detail: 's3://web-logs holds no line of these minutes yet' } as const;
    expect(said(asked({ accessLog: partly(accessLog([]), gap) }))).toEqual([
      'accessLog: of the access log something is missing: s3://web-logs holds no line of these minutes yet',
    ]);
  });

  test('not asked for, nothing is said of any of this', () => {
    expect(said(aSnapshot({ accessLog: denied('s3:ListBucket') }))).toEqual([]);
  });
});

describe('where the cause is not known for sure', () => {
  const ON = { 'access_logs.s3.enabled': 'true', 'access_logs.s3.bucket': 'web-logs' };
  const advice = (snapshot: Snapshot, status: 'suspected' | 'inconclusive' | 'identified' | 'quiet') => {
    const said = logAdvice(snapshot, status).advice;
    return said === undefined ? undefined : asString(said);
  };

  test('a log that is there would tell', () => {
    expect(advice(aSnapshot({ loadBalancerAttributes: ON }), 'inconclusive')).toBe(
      'The access log in bucket web-logs was not read: it tells where each failed request went, and how it ended.',
    );
  });

  test('one that is off in the attributes may be delivered all the same', () => {
    const off = aSnapshot({ loadBalancerAttributes: { ...ON, 'access_logs.s3.enabled': 'false' } });
    expect(advice(off, 'suspected')).toMatch(/^No access log goes to a bucket /);
    expect(advice(off, 'suspected')).not.toMatch(/\boff\b/);
  });

  test.each(['identified', 'quiet'] as const)('%s, nothing is advised', (status) => {
    expect(advice(aSnapshot({ loadBalancerAttributes: ON }), status)).toBeUndefined();
  });

  test('nor where the attributes were not seen, or logs were asked for', () => {
    expect(advice(aSnapshot({ loadBalancerAttributes: denied('x:Y') }), 'suspected')).toBeUndefined();
    expect(advice(asked({ loadBalancerAttributes: ON }), 'suspected')).toBeUndefined();
  });
});
