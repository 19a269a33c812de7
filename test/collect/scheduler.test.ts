import { expect, test } from 'vitest';
import type { Aws } from '../../lambda/collect/aws.ts';
import type { Collector } from '../../lambda/collect/collector.ts';
import { CallFailed } from '../../lambda/collect/errors.ts';
import { openRateLimiter } from '../../lambda/collect/rate-limiter.ts';
import { schedule } from '../../lambda/collect/scheduler.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { seen } from '../../lambda/incident/observed.ts';
import type { ObservedEvidence } from '../../lambda/incident/snapshot.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { accessDenied, anAws } from './support.ts';

const { question } = aSnapshot();
const limiter = openRateLimiter({ concurrency: 50, burst: 1000, perSecond: 1000 });
const call = { action: 'ec2:DescribeThings', limiter: () => limiter, send: async () => ({}) };

interface Ways {
  readonly after?: readonly EvidenceKey[];
  readonly takesMs?: number;
  readonly calls?: number;
  readonly fails?: Error;
}

/** A collector that says when it starts and ends, and makes so many calls, one after the other. */
function collector(
  key: EvidenceKey,
  log: string[],
  { after = [], takesMs = 0, calls = 0, fails }: Ways = {},
): Collector {
  return {
    key,
    after,
    actions: [],
    async collect(_question, _earlier, aws: Aws) {
      log.push(`${key} starts`);
      for (let n = 0; n < calls; n += 1) await aws.ask(call, {});
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      log.push(`${key} ends`);
      if (fails !== undefined) throw fails;
      return seen([]);
    },
  };
}

test('starts each as soon as what it waits for is there, without stages', async () => {
  const log: string[] = [];
  const collectors = [
    collector('targetGroups', log, { takesMs: 5 }),
    collector('listeners', log, { takesMs: 60 }),
    collector('targetHealth', log, { after: ['targetGroups'], takesMs: 5 }),
    collector('listenerRules', log, { after: ['listeners'] }),
    collector('instances', log, { after: ['targetHealth', 'targetGroups'] }),
  ];
  await schedule(collectors, question, anAws());
  expect(log).toEqual([
    'targetGroups starts',
    'listeners starts',
    'targetGroups ends',
    'targetHealth starts',
    'targetHealth ends',
    'instances starts',
    'instances ends',
    'listeners ends',
    'listenerRules starts',
    'listenerRules ends',
  ]);
});

test('of those that wait for the same, the first listed asks first', async () => {
  const log: string[] = [];
  const after: readonly EvidenceKey[] = ['targetGroups'];
  const collectors = [
    collector('targetGroups', log, { takesMs: 5 }),
    collector('targetHealth', log, { after }),
    collector('tags', log, { after }),
    collector('targetGroupAttributes', log, { after }),
  ];
  await schedule(collectors, question, anAws());
  expect(log.filter((line) => line.endsWith('starts')).slice(1)).toEqual([
    'targetHealth starts',
    'tags starts',
    'targetGroupAttributes starts',
  ]);
});

test.each([
  ['a call that was refused', new CallFailed('ec2:DescribeThings', accessDenied), 'denied', 'ec2:DescribeThings'],
  ['a defect', new TypeError('x is undefined'), 'failed', undefined],
])('%s leaves one evidence unseen and stops nothing', async (_, fails, why, action) => {
  const log: string[] = [];
  const collectors = [
    collector('targetGroups', log, { fails }),
    collector('listeners', log),
    collector('targetHealth', log, { after: ['targetGroups'] }),
  ];
  const { evidence } = await schedule(collectors, question, anAws());
  expect(evidence.targetGroups).toMatchObject({ seen: false, why, detail: expect.stringContaining(fails.message) });
  expect(evidence.targetGroups).toEqual(expect.objectContaining(action === undefined ? {} : { action }));
  expect(evidence.listeners?.seen).toBe(true);
  expect(log).toContain('targetHealth ends');
});

test('hands over what is waited for, seen or not, and nothing else', async () => {
  let handed: Partial<ObservedEvidence> = {};
  const fails = new CallFailed('ec2:DescribeThings', accessDenied);
  const collectors = [
    collector('targetGroups', [], { fails }),
    collector('listeners', []),
    collector('loadBalancer', []),
    {
      ...collector('instances', [], { after: ['targetGroups', 'listeners'] }),
      collect: async (_question: unknown, earlier: ObservedEvidence) => {
        handed = earlier;
        return seen([]);
      },
    },
  ];
  await schedule(collectors, question, anAws());
  expect(Object.entries(handed).map(([key, observed]) => [key, observed.seen])).toEqual([
    ['targetGroups', false],
    ['listeners', true],
  ]);
});

test.each<[name: string, ways: readonly (readonly [EvidenceKey, Ways])[], path: number]>([
  ['nothing is asked', [['listeners', {}]], 0],
  ['calls of one collector in a row', [['listeners', { calls: 3 }]], 3],
  [
    'two side by side',
    [
      ['listeners', { calls: 3 }],
      ['targetGroups', { calls: 2 }],
    ],
    3,
  ],
  [
    'a chain of three',
    [
      ['targetGroups', { calls: 1 }],
      ['targetHealth', { after: ['targetGroups'], calls: 1 }],
      ['instances', { after: ['targetHealth'], calls: 1 }],
    ],
    3,
  ],
  [
    'the longer of two chains, whichever took longer',
    [
      ['targetGroups', { calls: 1, takesMs: 30 }],
      ['listeners', { calls: 2 }],
      ['targetHealth', { after: ['targetGroups', 'listeners'], calls: 1 }],
    ],
    3,
  ],
])('the critical path of %s', async (_, ways, path) => {
  const collectors = ways.map(([key, way]) => collector(key, [], way));
  const { criticalPath } = await schedule(collectors, question, anAws());
  expect(criticalPath).toBe(path);
});

test('says of each evidence what was asked, failed or not', async () => {
  const fails = new CallFailed('ec2:DescribeThings', accessDenied);
  const collectors = [collector('listeners', [], { calls: 2 }), collector('targetGroups', [], { calls: 1, fails })];
  const { evidence } = await schedule(collectors, question, anAws());
  expect(evidence.listeners?.source).toEqual([{ action: 'ec2:DescribeThings', calls: 2 }]);
  expect(evidence.targetGroups?.source).toEqual([{ action: 'ec2:DescribeThings', calls: 1 }]);
});
