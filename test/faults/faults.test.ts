import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ACTIONS } from '../../lambda/collect/index.ts';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { ACCOUNT, REGION } from '../bench/account.ts';
import type { Failing } from '../bench/stub.ts';
import { differences, overclaims, untold } from './complaints.ts';
import { type AccountName, type Fault, openTriages, type Triaged } from './triage.ts';

/**
 * Each operation that is ever called, with each way in which a call can go wrong, through the handler and over the wire:
 * `npm run test:faults`. As part of `npm test`, each operation goes wrong in one of the ways, with less time.
 */
const IS_WHOLE = process.env.FAULTS === 'all';
const REMAINING_MS = IS_WHOLE ? 30_000 : 20_000;
/** At once. Most of it is waiting, but for what the judgement takes. */
const LANES = 5;
/** Nobody needs to wait longer for what the verdict does not need. */
const HELPERS_WITHIN = 10;

const logged = vi.hoisted((): string[] => []);
vi.mock('../../lambda/entry/log.ts', () => ({
  openLog: () => ({
    info() {},
    error: (message: string, facts: object) => void logged.push(`${message} ${JSON.stringify(facts)}`),
  }),
}));

interface Way {
  readonly name: string;
  readonly fault: Fault;
  /** `as-ever`: as without the fault; else no more than is still known. */
  readonly judged: 'as-ever' | 'unseen' | 'partly';
}

const WAYS: readonly Way[] = [
  ...(['denied', 'throttled', 'error', 'reset', 'hang', 'malformed', 'empty', 'html'] as const).map(
    (name): Way => ({ name, fault: () => name, judged: 'unseen' }),
  ),
  ...(['throttled', 'error', 'reset', 'empty'] as const).map(
    (name): Way => ({ name: `${name} once`, fault: ({ nth }) => (nth === 0 ? name : undefined), judged: 'as-ever' }),
  ),
  ...(['denied', 'error'] as const).map(
    (name): Way => ({
      name: `second page ${name}`,
      fault: ({ page }) => (page === '' ? { page: '2' } : name),
      judged: 'partly',
    }),
  ),
];

let triages: Awaited<ReturnType<typeof openTriages>>;
const whole = {} as Record<AccountName, Triaged>;
/** The cases: what is called of an account, and was not called of one before. */
const cases: { readonly account: AccountName; readonly action: string }[] = [];

beforeAll(async () => {
  triages = await openTriages();
  for (const [name, value] of Object.entries(triages.environment)) vi.stubEnv(name, value);
  for (const account of ['instances', 'containers', 'functions'] as const) {
    whole[account] = await triages.triage(account, () => undefined, 60_000);
    const known = IS_WHOLE ? [] : cases.map(({ action }) => action);
    const called = new Set(whole[account].calls.filter((action) => action !== 'sns:Publish'));
    cases.push(...[...called].filter((action) => !known.includes(action)).map((action) => ({ account, action })));
  }
});
beforeEach(() => {
  logged.length = 0;
});
afterAll(() => {
  triages.stop();
  vi.unstubAllEnvs();
});

/** Many wait at once. */
async function inTurn<T>(all: readonly T[], one: (each: T) => Promise<readonly string[]>): Promise<readonly string[]> {
  const left = [...all];
  const complaints: string[] = [];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) complaints.push(...(await one(next)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return complaints;
}

/** What everything else is after: an incident cannot be judged without, and it is asked for longer. */
const AWAITED =
  /:(DescribeLoadBalancers|DescribeTargetGroups|DescribeTargetHealth|DescribeListeners|DescribeRules|GetMetricData)$/;
/** Asked in one account only for what these, or those of another kind, have. */
const ASKED_OF_CONTAINERS = 'ec2:DescribeNetworkInterfaces';

async function tried(account: AccountName, action: string, way: Way): Promise<readonly string[]> {
  const { report, seconds } = await triages.triage(
    account,
    (call) => (call.action === action ? way.fault(call) : undefined),
    REMAINING_MS,
  );
  const before = whole[account].report;
  const mayFail = action.endsWith(':DescribeLoadBalancers') && way.name === 'denied';
  const tells = way.judged === 'unseen' && (action !== ASKED_OF_CONTAINERS || account === 'containers') && !mayFail;
  // What is answered at once takes only as long as the machine does.
  const isHelper = IS_WHOLE && way.name === 'hang' && !AWAITED.test(action);
  const limit = isHelper ? HELPERS_WITHIN : REMAINING_MS / 1000;
  const complaints = [
    ...(mayFail ? [] : way.judged === 'as-ever' ? differences(report, before) : overclaims(report, before)),
    ...(tells ? untold(report, action) : []),
    ...(report.kind === (mayFail ? 'failed' : 'triage') ? [] : [`it was ${report.kind}: ${report.error}`]),
    ...(way.name === 'denied' && isNeeded(account, action) && !isNamed(report, action)
      ? ['the permission is not named']
      : []),
    ...(seconds < limit ? [] : [`answered after ${seconds.toFixed(1)} s`]),
  ];
  return complaints.map((complaint) => `${account}, ${action} ${way.name}: ${complaint}`);
}

/** Only its contributors tell which load balancer is meant. */
const BY_ALARM = { alarmName: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:any-5xx` };

/** Clusters are asked for before anybody knows that all targets are functions: what nobody needs, nobody misses. */
function isNeeded(account: AccountName, action: string): boolean {
  return account !== 'functions' || action !== 'ecs:ListClusters';
}

/** CloudTrail is waited for a few seconds and no longer, which may be over on a busy machine before it denied anything. */
function isNamed({ coverage, changesUnseen = [] }: Report, action: string): boolean {
  const late = action === 'cloudtrail:LookupEvents' && changesUnseen.some(({ why }) => why === 'timed-out');
  return late || coverage.denied.includes(action);
}

test('every operation is called that is ever called', async () => {
  const { calls } = await triages.triage('instances', () => undefined, 30_000, BY_ALARM);
  const called = new Set([...calls, ...Object.values(whole).flatMap((one) => one.calls)]);
  // A permission that another call wants.
  expect(ACTIONS.filter((action) => !called.has(action))).toEqual(['wafv2:GetWebACL']);
  expect(Object.values(whole).map(({ report }) => report.verdict.cause)).toEqual([
    'target-security-group-closed',
    'target-security-group-closed',
    'lambda-target-not-invokable',
  ]);
});

if (IS_WHOLE) {
  describe('each operation', () => {
    test.each(WAYS)('$name', { timeout: 300_000 }, async (way) => {
      expect(await inTurn(cases, ({ account, action }) => tried(account, action, way))).toEqual([]);
      expect(logged).toEqual([]);
    });
  });
} else {
  test('each operation, in one of the ways', { timeout: 120_000 }, async () => {
    const share = cases.flatMap((one, index) =>
      WAYS.slice(index % WAYS.length)
        .slice(0, 1)
        .map((way) => ({ ...one, way })),
    );
    expect(await inTurn(share, ({ account, action, way }) => tried(account, action, way))).toEqual([]);
    expect(logged).toEqual([]);
  });
}

describe.concurrent('a fault of AWS that passes', () => {
  const ofElb = (action: string) => action.startsWith('elasticloadbalancing:');
  const ofAll = (action: string) => action !== 'sns:Publish';
  const lasting = (
    seconds: number,
    ofWhom: (action: string) => boolean,
    how: 'error' | 'reset' | 'throttled',
  ): Fault => {
    return (call) => (call.seconds < seconds && ofWhom(call.action) ? how : undefined);
  };

  test.each([
    ['half a second of errors of all services', lasting(0.5, ofAll, 'error')],
    ['half a second of broken connections to all services', lasting(0.5, ofAll, 'reset')],
    ['half a second of errors of Elastic Load Balancing', lasting(0.5, ofElb, 'error')],
    ['half a second of broken connections to Elastic Load Balancing', lasting(0.5, ofElb, 'reset')],
  ])('changes nothing: %s', { timeout: 60_000 }, async (_, fault) => {
    const { report } = await triages.triage('instances', fault, 60_000);
    expect(differences(report, whole.instances.report)).toEqual([]);
  });

  test.each<[name: string, fault: Fault]>([
    ['four seconds of errors of all services', lasting(4, ofAll, 'error')],
    ['four seconds of throttling by Elastic Load Balancing', lasting(4, ofElb, 'throttled')],
    ...(IS_WHOLE ? [['eleven seconds of errors of all services', lasting(11, ofAll, 'error')] as [string, Fault]] : []),
  ])('is waited for: %s', { timeout: 60_000 }, async (_, fault) => {
    const { report } = await triages.triage('instances', fault, 60_000);
    expect(overclaims(report, whole.instances.report)).toEqual([]);
    expect(report.verdict.cause).toBe('target-security-group-closed');
  });
});

describe.concurrent('a fault of AWS that lasts', () => {
  const ofAll =
    (how: 'error' | 'reset' | 'hang' | 'throttled' | 'html' | 'empty'): Fault =>
    ({ action }) =>
      action === 'sns:Publish' ? undefined : how;

  test.each(['error', 'reset', 'hang', 'throttled', 'html', 'empty'] as const)(
    'is told before the function ends: %s',
    { timeout: 60_000 },
    async (how) => {
      const { report, seconds, calls } = await triages.triage('instances', ofAll(how), 7_000);
      expect(report).toMatchObject({ kind: 'failed', error: expect.any(String) });
      expect(calls.filter((action) => action === 'sns:Publish')).toHaveLength(1);
      expect(seconds).toBeLessThan(7);
    },
  );

  test('of one service, with little time left: what is known is told', { timeout: 60_000 }, async () => {
    const hung: Fault = ({ action }) => (/^(ec2|cloudtrail):/.test(action) ? 'hang' : undefined);
    const { report, seconds } = await triages.triage('instances', hung, 6_000);
    expect(report.kind).toBe('triage');
    expect(report.symptoms.elb['504']).toBeGreaterThan(0);
    expect(overclaims(report, whole.instances.report)).toEqual([]);
    expect(seconds).toBeLessThan(6);
  });
});

describe.concurrent('by the name of an alarm', () => {
  test.each(['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmContributors'])(
    '%s',
    { timeout: 60_000 },
    async (action) => {
      const failing = (how: 'denied' | 'error' | 'empty', nth: number): Fault => {
        return (call) => (call.action === action && call.nth < nth ? how : undefined);
      };
      const answers = await Promise.all([
        triages.triage('instances', failing('denied', 99), REMAINING_MS, BY_ALARM),
        triages.triage('instances', failing('empty', 99), REMAINING_MS, BY_ALARM),
        triages.triage('instances', failing('error', 4), 60_000, BY_ALARM),
      ]);
      expect(answers.map(({ report }) => [report.kind, report.verdict.cause])).toEqual([
        ['failed', null],
        ['failed', null],
        ['triage', 'target-security-group-closed'],
      ]);
      expect(answers[0]?.report.coverage.denied).toEqual([action]);
      expect(answers[1]?.report.error).toContain(`${action} failed`);
      expect(answers[1]?.report.error).not.toContain('there is no');
    },
  );
});

describe('SNS', () => {
  const published = (calls: readonly string[]) => calls.filter((action) => action === 'sns:Publish').length;
  const failing = (how: Exclude<Failing, object>, times: number): Fault => {
    return ({ action, nth }) => (action === 'sns:Publish' && nth < times ? how : undefined);
  };

  test('is asked again after an error', async () => {
    const { report, calls } = await triages.triage('instances', failing('error', 1), 30_000);
    expect(report.kind).toBe('triage');
    expect(published(calls)).toBe(2);
  });

  test.each(['error', 'denied'] as const)('that goes on failing fails the invocation: %s', async (how) => {
    await expect(triages.triage('instances', failing(how, 99), 30_000)).rejects.toThrow('SNS did not take the message');
    expect(logged).toEqual([expect.stringContaining('not answered')]);
  });

  test.each(['empty', 'html', 'malformed'] as const)(
    'that is answered by another fails the invocation: %s',
    async (how) => {
      await expect(triages.triage('instances', failing(how, 99), 30_000)).rejects.toThrow('is no answer of SNS');
      expect(logged).toEqual([expect.stringContaining('not answered')]);
    },
  );

  test('that is slow to answer gets one copy', { timeout: 60_000 }, async () => {
    const slow: Fault = ({ action }) => (action === 'sns:Publish' ? { afterMs: 7_000 } : undefined);
    const { report, calls } = await triages.triage('instances', slow, 60_000);
    expect(report.kind).toBe('triage');
    expect(published(calls)).toBe(1);
  });
});
