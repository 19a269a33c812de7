import { expect, test } from 'vitest';
import { redact } from '../../../lambda/entry/cli/redact/redact.ts';
import { snapshotText } from '../../../lambda/entry/cli/saved-snapshot.ts';
import { wrongShape } from '../../../lambda/entry/cli/snapshot-shape.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { accessLog, checked, connected, connectionLog, healthCheckLog, logged } from '../../support/logs.ts';

const REFUSED = { code: 502, times: [-1, -1, -1], lasted: 0.002 } as const;

/** What somebody may have put into a path. */
function withLogs(path = '/export'): Snapshot {
  const snapshot = aSnapshot({
    accessLog: accessLog([logged(), logged({ ...REFUSED, path, reason: 'LambdaUnhandled' })]),
    connectionLog: connectionLog([connected(), connected({ verified: 'Failed:ClientCertExpired', handshake: false })]),
    healthCheckLog: healthCheckLog([checked({ passed: false, reason: 'TimedOut', latency: 5 })]),
    logPlaces: {
      places: [
        {
          ...{ log: 'access', kind: 'bucket', place: 's3://web-logs/alb', said: 'attribute', format: 'text' },
          ...{ accountId: '999999999999', lacks: ['elb'] },
        },
      ],
      off: ['connection'],
    },
  });
  return { ...snapshot, question: { ...snapshot.question, beyond: { logs: { places: ['s3://web-logs/alb'] } } } };
}

test('a snapshot keeps what was counted, and is read again', () => {
  const saved = JSON.parse(snapshotText(withLogs()));
  expect(saved).toEqual(withLogs());
  expect(wrongShape(saved)).toBeUndefined();
  saved.evidence.accessLog.value.requests[0].ending = 'somehow';
  expect(wrongShape(saved)).toContain('accessLog.value.requests.0.ending: expected "answered"');
});

test('masked, it names neither bucket, account nor target, and counts the same', () => {
  const { snapshot } = redact(withLogs());
  const text = JSON.stringify(snapshot);
  expect(text).not.toMatch(/web-logs|999999999999|10\.0\.10\.11|10\.0\.0\.10/);
  expect(wrongShape(snapshot)).toBeUndefined();
  const { accessLog: masked, healthCheckLog: checks, targetHealth, instances } = snapshot.evidence;
  expect(masked).toMatchObject({
    value: { requests: [{ ending: 'answered' }, { reason: 'LambdaUnhandled', count: 100 }] },
  });
  // What was one thing is one still.
  const address = masked.seen ? masked.value.requests[1]?.address : undefined;
  expect(instances.seen && instances.value.some(({ primaryAddress }) => primaryAddress === address)).toBe(true);
  expect(checks).toMatchObject({ value: { checks: [{ address, reason: 'TimedOut', passed: false }] } });
  const group = targetHealth.seen ? targetHealth.value[0]?.targetGroup : undefined;
  expect(masked).toMatchObject({ value: { requests: [{}, { targetGroup: group, path: '/export' }] } });
});
