import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '../../lambda/entry/alarm.ts';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { ACCOUNT, type AccountSize, REGION } from '../bench/account.ts';
import { bundleIn } from '../bench/bundle.ts';
import { startStub } from '../bench/stub.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What is deployed: in chunks, and with less of the SDK than the source has. */
const SMALL: AccountSize = { targets: 5, groups: 2, containers: false, trail: 'busy' };
const CONTEXT = { awsRequestId: 'r-1', getRemainingTimeInMillis: () => 60_000 };
const { alarmEvent } = createRequire(import.meta.url)('../bench/alarm-event.cjs');

let stub: Awaited<ReturnType<typeof startStub>>;
beforeAll(async () => {
  stub = await startStub(SMALL, 0);
  const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
  const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:triage`;
  const environment = { ...credentials, AWS_ENDPOINT_URL: stub.url, AWS_REGION: REGION, TRIAGE_TOPIC_ARN: topic };
  for (const [name, value] of Object.entries({ ...environment, LOG_LEVEL: 'SILENT' })) vi.stubEnv(name, value);
});
afterAll(() => {
  stub.stop();
  vi.unstubAllEnvs();
});

test.each([true, false])('answers as the source does; of containers: %s', async (containers) => {
  stub.become({ ...SMALL, containers });
  const bundle = await bundleIn(temporaryFolder());
  const event = alarmEvent();
  const [deployed, source] = [await bundle.handler(event, CONTEXT), await handler(event, CONTEXT)];
  expect(deployed).toMatchObject({ verdict: { cause: 'target-security-group-closed' } });
  const { cost: _, collectedAt: __, ...report } = deployed as Report;
  expect(source).toMatchObject(report);
});

test('tells of an alarm in plain words where the part that judges cannot be loaded', async () => {
  stub.become(SMALL);
  const dir = temporaryFolder();
  const { handler: broken } = await bundleIn(dir);
  rmSync(`${dir}/judgement.cjs`);
  stub.calls();
  const report = await broken(alarmEvent(), CONTEXT);
  expect(report).toMatchObject({
    kind: 'failed',
    loadBalancer: { name: 'web', region: REGION, accountId: ACCOUNT },
    error: expect.stringContaining("Cannot find module './judgement.cjs'"),
  });
  expect(stub.calls().filter((action) => action === 'sns:Publish')).toHaveLength(1);
});
