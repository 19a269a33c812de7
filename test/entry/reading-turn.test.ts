import { beforeEach, expect, test, vi } from 'vitest';
import { NOTHING_SAID } from '../../lambda/conversation/index.ts';
import { functionSettings } from '../../lambda/entry/function-settings.ts';
import { turnToRead, withoutAnswer } from '../../lambda/entry/reading-turn.ts';
import type { Intake } from '../../lambda/intake/index.ts';
import { readEvent } from '../../lambda/intake/index.ts';
import { sendLater } from '../../lambda/memory/queue.ts';
import { type Leased, openTable, type Table } from '../../lambda/memory/table.ts';

vi.mock('../../lambda/memory/queue.ts');
vi.mock('../../lambda/memory/table.ts');

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/looks';
const SETTINGS = functionSettings({ TRIAGE_TABLE: 'alb-triage', TRIAGE_QUEUE_URL: QUEUE });
const sent = vi.mocked(sendLater);

/** One table, as DynamoDB keeps it, of leases and turns alone. */
function aTable(): Table {
  const leases = new Map<string, { readonly by: string; readonly until: number }>();
  let sharedUntil = 0;
  return {
    read: async () => ({ talk: NOTHING_SAID, version: 0 }),
    write: async () => true,
    lease: async (key, { by, now, until }): Promise<Leased> => {
      const held = leases.get(key);
      const isHeld = held !== undefined && held.until >= now && held.by !== by;
      if (!isHeld) leases.set(key, { by, until });
      return { talk: NOTHING_SAID, version: 0, ...(isHeld ? { heldUntil: held.until } : {}) };
    },
    share: async (_, ms, now) => {
      sharedUntil = Math.max(sharedUntil, now) + ms;
      return sharedUntil;
    },
  };
}

beforeEach(() => {
  const table = aTable();
  vi.mocked(openTable).mockReset().mockReturnValue(table);
  sent.mockReset();
});

type Triage = Extract<Intake, { do: 'triage' | 'follow-up' }>;
const alarm = (name: string): Triage => ({
  do: 'triage',
  request: {
    about: {
      by: 'arn',
      arn: `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/${name}/50dc6c495c0c9188`,
    },
    at: '2026-03-10T14:30:00Z',
    windowSeconds: 1800,
    trigger: { kind: 'alarm', state: 'ALARM', at: '2026-03-10T14:30:00Z', alarmName: `${name}-5xx` },
  },
  publish: true,
});

/** As the function is handed it again. */
function backFromQueue(): Triage {
  const body = JSON.stringify(sent.mock.calls.at(-1)?.[1]);
  const [intake] = readEvent({ Records: [{ eventSource: 'aws:sqs', body }] });
  return intake as Triage;
}

test('whoever is alone reads at once', async () => {
  expect(await turnToRead(alarm('web'), SETTINGS, 'r-1')).toBeUndefined();
  expect(sent).not.toHaveBeenCalled();
});

test('of the same load balancer, the second comes back as it came', async () => {
  await turnToRead(alarm('web'), SETTINGS, 'r-1');
  expect(await turnToRead(alarm('web'), SETTINGS, 'r-2')).toContain('another is reading');
  expect(sent).toHaveBeenCalledTimes(1);
  const { deferral, ...intake } = backFromQueue();
  expect(intake).toEqual(alarm('web'));
  expect(deferral?.by).toBeUndefined();
});

test('of many load balancers, those without a turn come back with the one that is theirs, and read then', async () => {
  const whys = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((name) => turnToRead(alarm(name), SETTINGS, `r-${name}`)),
  );
  expect(whys.map((why) => why === undefined)).toEqual([true, true, false, false, false]);
  expect(sent).toHaveBeenCalledTimes(3);
  const last = backFromQueue();
  expect(last.deferral?.by).toBe('r-e');
  // Another of the same load balancer has to wait for it; it has not.
  expect(await turnToRead(alarm('e'), SETTINGS, 'r-other')).toContain('another is reading');
  expect(await turnToRead(last, SETTINGS, 'r-back')).toBeUndefined();
}, 10_000);

test('without a queue nobody comes back: all read at once', async () => {
  const settings = functionSettings({ TRIAGE_TABLE: 'alb-triage' });
  const whys = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => turnToRead(alarm('web'), settings, `r-${n}`)));
  expect(whys.every((why) => why === undefined)).toBe(true);
}, 10_000);

test('without a table too', async () => {
  expect(await turnToRead(alarm('web'), functionSettings({ TRIAGE_QUEUE_URL: QUEUE }), 'r-1')).toBeUndefined();
  expect(openTable).not.toHaveBeenCalled();
});

test.each([
  ['does not answer', new Error('no answer within 1000 ms'), alarm('web'), SETTINGS, true],
  [
    'refuses',
    Object.assign(new Error('denied'), { $metadata: { httpStatusCode: 400 } }),
    alarm('web'),
    SETTINGS,
    false,
  ],
  [
    'does not answer the second time',
    new Error('no answer within 1000 ms'),
    { ...alarm('web'), deferral: { due: '2026-03-10T14:30:10Z', message: {} } },
    SETTINGS,
    false,
  ],
  ['does not answer, without a queue', new Error('late'), alarm('web'), functionSettings({ TRIAGE_TABLE: 't' }), false],
])('of a table that %s', async (_, error, intake, settings, comesBack) => {
  const why = await withoutAnswer(error, intake, settings);
  expect(why === undefined).toBe(!comesBack);
  expect(sent).toHaveBeenCalledTimes(comesBack ? 1 : 0);
});
