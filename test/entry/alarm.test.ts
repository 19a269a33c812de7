import { readFileSync } from 'node:fs';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import * as collecting from '../../lambda/collect/index.ts';
import * as diagnosing from '../../lambda/diagnose/diagnose.ts';
import { handler, type Reply } from '../../lambda/entry/alarm.ts';
import type { Question } from '../../lambda/incident/question.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';
import { accessDenied } from '../collect/support.ts';
import { aSnapshot, NOW } from '../support/a-snapshot.ts';
import { mockClient } from '../support/mock-client.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:triage';

/** What was logged: `level message {facts}`. */
const logged = vi.hoisted((): string[] => []);
vi.mock('../../lambda/entry/log.ts', () => ({
  openLog: (requestId: string) => {
    const line = (level: string) => (message: string, facts: object) =>
      void logged.push(`${level} ${message} ${JSON.stringify({ ...facts, requestId })}`);
    return { info: line('info'), error: line('error') };
  },
}));

/** The session is real, but for the Date header, which no client that is mocked has. */
vi.mock('../../lambda/collect/index.ts', async (original) => {
  const real = await original<typeof collecting>();
  return {
    ...real,
    openAws: vi.fn((options: collecting.AwsOptions) => ({ ...real.openAws(options), readAt: () => NOW })),
    collect: vi.fn(),
  };
});
vi.mock('../../lambda/diagnose/diagnose.ts', async (original) => {
  const real = await original<typeof diagnosing>();
  return { ...real, diagnose: vi.fn(real.diagnose) };
});

const sns = mockClient(SNSClient);
const elb = mockClient(ElasticLoadBalancingV2Client);
const collect = vi.mocked(collecting.collect);
const openAws = vi.mocked(collecting.openAws);
const diagnose = vi.mocked(diagnosing.diagnose);

beforeEach(() => {
  logged.length = 0;
  vi.clearAllMocks();
  sns.reset();
  elb.reset();
  let messages = 0;
  sns.on(PublishCommand).callsFake(() => {
    messages += 1;
    return { MessageId: `m-${messages}` };
  });
  elb
    .on(DescribeLoadBalancersCommand)
    .resolves({ LoadBalancers: [{ LoadBalancerArn: LB, DNSName: 'web-123.eu-central-1.elb.amazonaws.com' }] });
  collect.mockImplementation(async (question) => withoutErrors(question));
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('TRIAGE_TOPIC_ARN', TOPIC);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const LB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';

const NO_OUTAGE =
  'No request was answered 5xx in the last 30 min: a 5xx that clients see does not come from this load balancer or its targets';

/** Healthy, whatever was asked about; and the alarm does not say how many errors it counted, which would be missed. */
function withoutErrors(question: Question): Snapshot {
  const { datapoints: _, ...trigger } = question.trigger;
  return { ...aSnapshot({ at: question.at }), question: { ...question, trigger } };
}

function event(name: string) {
  return JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8'));
}

function invoke(asked: unknown, remainingMs = () => 30_000): Promise<Reply | readonly Reply[]> {
  return handler(asked, { awsRequestId: 'r-1', getRemainingTimeInMillis: remainingMs });
}

const fitsReport = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')),
);
const sent = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);
const bodies = () => sent().map(({ Message = '{}' }): Record<string, string> => JSON.parse(Message));
const budgets = () => openAws.mock.calls.map(([{ budgetMs }]) => budgetMs);
const kinds = (replies: Reply | readonly Reply[]) =>
  [replies].flat().map((each) => ('ignored' in each ? 'ignored' : each.kind));

test('an alarm is triaged, published and returned', async () => {
  const report = await invoke(event('action-metric'));
  expect(report).toMatchObject({ kind: 'triage', verdict: { status: 'quiet', headline: NO_OUTAGE } });
  expect(bodies().map((body) => JSON.parse(body.default ?? ''))).toEqual([report]);
  expect(logged).toEqual([expect.stringMatching(/^info triaged .*"status":"quiet".*"messageId":"m-1"/)]);
  expect(logged[0]).toContain('"requestId":"r-1"');
});

test('the load balancer of the alarm is read, in its region', async () => {
  await invoke(event('action-metric'));
  expect(openAws.mock.calls).toEqual([[expect.objectContaining({ region: 'eu-central-1' })]]);
  expect(collect.mock.calls.map(([{ subject, trigger }]) => [subject.arn, trigger.alarmName])).toEqual([
    [LB, 'web-5xx'],
  ]);
});

test.each([
  ['by hand', 'manual-name', 'triage', 0],
  ['by hand, with publish', 'manual-full', 'triage', 1],
  ['an alarm of nothing that could be triaged', 'action-not-a-load-balancer', 'failed', 1],
  ['an alarm that is over', 'action-metric-ok', 'recovered', 1],
  ['an alarm without data', 'action-metric-insufficient-data', 'ignored', 0],
  ['a report of our own', 'sns-own-report', 'ignored', 0],
])('%s (%s) is %s and published %i times', async (_, name, kind, times) => {
  expect(kinds(await invoke(event(name)))).toEqual([kind]);
  expect(sent()).toHaveLength(times);
});

describe('a moment in the future, by the clock of AWS,', () => {
  const ahead = (seconds: number) => plusSeconds(NOW, seconds);
  const read = (seconds: number) =>
    collect.mockImplementation(async (question) => ({ ...withoutErrors(question), collectedAt: ahead(-seconds) }));

  test.each([300, 301])('is refused by hand: %i seconds ahead', async (seconds) => {
    read(seconds);
    const answered = invoke({ loadBalancer: LB, at: NOW, publish: true });
    if (seconds <= 300) return expect(kinds(await answered)).toEqual(['triage']);
    await expect(answered).rejects.toThrow(
      `Cannot read at: ${NOW} is in the future: it is ${ahead(-301)} by AWS's clock`,
    );
    expect(sent()).toEqual([]);
  });

  test('is told of an alarm', async () => {
    read(365 * 86_400);
    expect(kinds(await invoke(event('action-metric')))).toEqual(['triage']);
    expect(sent()).toHaveLength(1);
  });
});

test('the records of one event are answered one after the other and share its time', async () => {
  let remaining = 30_000;
  const answered = invoke(event('sns-two-alarms-and-a-note'), () => (remaining -= 2000));
  await expect(answered).rejects.toThrow('Your quota was raised.');
  expect(sent()).toHaveLength(2);
  expect(budgets()).toEqual([(28_000 - 4 * 3000) / 4, 26_000 - 3000]);
});

test.each([
  [5 * 60_000, 25_000],
  [10_000, 7000],
  [2000, 1000],
])('with %i ms left, AWS is read for %i ms', async (remaining, expected) => {
  await invoke(event('action-metric'), () => remaining);
  expect(budgets()).toEqual([expected]);
});

test('whatever breaks, an alarm is answered with why', async () => {
  collect.mockRejectedValue(new TypeError('x is undefined'));
  expect(await invoke(event('action-metric'))).toMatchObject({
    kind: 'failed',
    error: 'alb-triage broke off, a defect of its own (TypeError: x is undefined)',
    loadBalancer: { name: 'web', region: 'eu-central-1', accountId: '123456789012' },
    trigger: { alarmName: 'web-5xx' },
    window: { from: '2026-03-10T13:56:08Z', to: '2026-03-10T14:26:08Z' },
  });
  expect(sent()).toHaveLength(1);
  expect(logged.join()).toContain('error broken off');
});

test('an alarm whose load balancer cannot be found is answered with why, and with what to allow', async () => {
  elb.on(DescribeLoadBalancersCommand).rejects(accessDenied);
  expect(await invoke({ ...event('manual-name'), publish: true })).toMatchObject({
    kind: 'failed',
    error: expect.stringContaining('AWS denied elasticloadbalancing:DescribeLoadBalancers'),
    coverage: { denied: ['elasticloadbalancing:DescribeLoadBalancers'] },
  });
  expect(sent()).toHaveLength(1);
  expect(collect).not.toHaveBeenCalled();
});

test('a triage that does not end is answered before the time is up', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  collect.mockReturnValue(new Promise(() => {}));
  const answered = invoke(event('action-metric'), () => 10_000);
  await vi.advanceTimersByTimeAsync(8000);
  expect(await answered).toMatchObject({ error: expect.stringContaining('no answer after 8 s') });
  expect(sent()).toHaveLength(1);
});

test('a diagnosis that cannot be rendered is answered as one that broke', async () => {
  // @ts-expect-error: what a defect would hand over
  diagnose.mockImplementationOnce((snapshot) => ({ ...diagnosing.diagnose(snapshot, []), symptoms: undefined }));
  expect(await invoke(event('action-metric'))).toMatchObject({ kind: 'failed' });
  expect(sent().map(({ Subject }) => Subject)).toEqual(['web: could not be triaged - 123456789012/eu-central-1']);
});

test('what SNS refuses throws, so that Lambda tries again', async () => {
  sns.on(PublishCommand).rejects(new Error('refused'));
  await expect(invoke(event('action-metric'))).rejects.toThrow('refused');
  expect(logged.join()).toContain('error not answered');
});

describe('chat', () => {
  const CHAT = TOPIC.replace('triage', 'chat');
  const to = (topicArn: string) => sent().filter(({ TopicArn }) => TopicArn === topicArn);

  test('gets the card as the body for https', async () => {
    await invoke(event('action-metric'));
    expect(JSON.parse(bodies()[0]?.https ?? '')).toMatchObject({ version: '1.0', source: 'custom' });
  });

  test('or on a topic of its own, as all of the message; https is then the report, as by default', async () => {
    vi.stubEnv('TRIAGE_CHAT_TOPIC_ARN', CHAT);
    await invoke(event('action-metric'));
    expect(sent()).toHaveLength(2);
    const [card] = to(CHAT);
    expect(card).toEqual({ TopicArn: CHAT, Message: expect.any(String) });
    expect(JSON.parse(card?.Message ?? '')).toMatchObject({
      source: 'custom',
      metadata: { threadId: '123456789012/eu-central-1/app/web/50dc6c495c0c9188' },
    });
    expect(JSON.parse(to(TOPIC)[0]?.Message ?? '')).not.toHaveProperty('https');
    expect(logged.join()).toMatch(/"messageId":"m-\d","cardId":"m-\d"/);
  });

  test('is not worth repeating all mails for: where only the card is refused, the log tells', async () => {
    vi.stubEnv('TRIAGE_CHAT_TOPIC_ARN', CHAT);
    sns.on(PublishCommand, { TopicArn: CHAT }).rejects(new Error('refused'));
    await expect(invoke(event('action-metric'))).resolves.toMatchObject({ kind: 'triage' });
    expect(to(TOPIC)).toHaveLength(1);
    expect(logged.join()).toContain('error card not published');
  });

  test('is told also where the topic of the reports refuses, which Lambda then tries again', async () => {
    vi.stubEnv('TRIAGE_CHAT_TOPIC_ARN', CHAT);
    sns.on(PublishCommand, { TopicArn: TOPIC }).rejects(new Error('refused'));
    await expect(invoke(event('action-metric'))).rejects.toThrow('refused');
    expect(to(CHAT)).toHaveLength(1);
  });

  test('gets nothing that nobody wants to hear of', async () => {
    vi.stubEnv('TRIAGE_CHAT_TOPIC_ARN', CHAT);
    vi.stubEnv('TRIAGE_NOTIFY', 'identified');
    await invoke(event('action-metric'));
    expect(sent()).toEqual([]);
  });
});

describe('the fallback topic', () => {
  const FALLBACK = TOPIC.replace('triage', 'elsewhere');
  const to = (topicArn: string) => sent().filter(({ TopicArn }) => TopicArn === topicArn);
  const refused = Object.assign(new Error('not yours'), { name: 'AuthorizationErrorException' });

  test('gets nothing while the topic takes it', async () => {
    vi.stubEnv('TRIAGE_FALLBACK_TOPIC_ARN', FALLBACK);
    await invoke(event('action-metric'));
    expect(sent().map(({ TopicArn }) => TopicArn)).toEqual([TOPIC]);
  });

  test('gets what the topic refuses, with the reason first', async () => {
    vi.stubEnv('TRIAGE_FALLBACK_TOPIC_ARN', FALLBACK);
    sns.on(PublishCommand, { TopicArn: TOPIC }).rejects(refused);
    await expect(invoke(event('action-metric'))).resolves.toMatchObject({ kind: 'triage' });
    const [there] = to(FALLBACK);
    const { email, default: report }: Record<string, string> = JSON.parse(there?.Message ?? '');
    expect(email?.split('\n')[0]).toBe(
      `You get this by the fallback topic. SNS did not take the message for ${TOPIC}: AuthorizationError. Allow sns:Publish on this topic (not yours).`,
    );
    expect(email?.split('\n')[1]).toBe('');
    expect(fitsReport(JSON.parse(report ?? ''))).toBe(true);
    expect(logged.join()).toContain('error topic refused, fallback topic asked');
  });

  test('that refuses, too, leaves it to Lambda to try again', async () => {
    vi.stubEnv('TRIAGE_FALLBACK_TOPIC_ARN', FALLBACK);
    sns.on(PublishCommand).rejects(refused);
    await expect(invoke(event('action-metric'))).rejects.toThrow(`SNS did not take the message for ${TOPIC}`);
    expect(to(FALLBACK)).toHaveLength(1);
    expect(logged.join()).toContain('error fallback topic refused');
  });
});

describe('by hand, for whoever reads the answer in the console,', () => {
  const answer = async (name: string) => [await invoke(event(name))].flat()[0] ?? { ignored: '' };

  test.each(['manual-name', 'manual-full'])('the answer begins with the short report: %s', async (name) => {
    const reply = await answer(name);
    expect(Object.keys(reply).slice(0, 3)).toEqual(['text', 'schemaVersion', 'tool']);
    const { text = '' } = 'ignored' in reply ? {} : reply;
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(text).not.toContain('\u001b');
    expect(lines.filter((line) => line.length > 80 && !/^ {2}|^https:/.test(line))).toEqual([]);
    expect(lines[0]).toMatch(/^web: no request was answered 5xx/i);
    expect(lines.at(-2)).toBe('web: no 5xx outage');
    expect(fitsReport(reply), JSON.stringify(fitsReport.errors)).toBe(true);
  });

  test('also where nothing could be triaged', async () => {
    elb.on(DescribeLoadBalancersCommand).rejects(accessDenied);
    const reply = await answer('manual-name');
    expect(reply).toMatchObject({ kind: 'failed', text: expect.stringContaining('could not be triaged') });
  });

  const notFound = Object.assign(new Error('not found'), { name: 'LoadBalancerNotFoundException' });

  test('a mistyped name is told what may be meant, and that nothing was published', async () => {
    elb.on(DescribeLoadBalancersCommand).callsFake(({ Names }) => {
      if (Names !== undefined) throw notFound;
      return { LoadBalancers: [{ LoadBalancerArn: LB, LoadBalancerName: 'web', Type: 'application' }] };
    });
    const reply = [await invoke({ loadBalancer: 'wep' })].flat()[0];
    expect(reply).toMatchObject({ kind: 'failed', error: expect.stringContaining('did you mean web (eu-central-1)?') });
    expect(JSON.stringify(reply)).not.toContain('add --region');
    expect(sent()).toEqual([]);
  });

  test('one that is in another Region is to be asked for by its ARN', async () => {
    const abroad = LB.replace('eu-central-1', 'us-east-1');
    let asked = 0;
    elb.on(DescribeLoadBalancersCommand).callsFake(({ Names }) => {
      if (Names === undefined) return { LoadBalancers: [] };
      asked += 1;
      if (asked === 1) throw notFound;
      return { LoadBalancers: [{ LoadBalancerArn: abroad, LoadBalancerName: 'web', Type: 'application' }] };
    });
    const reply = JSON.stringify(await invoke({ loadBalancer: 'web' }));
    expect(reply).toContain(`ask for ${abroad}`);
    expect(reply).not.toContain('add --region');
  });

  test('an alarm is answered without it', async () => {
    const reply = await answer('action-metric');
    expect(Object.keys(reply)[0]).toBe('schemaVersion');
    expect(reply).not.toHaveProperty('text');
  });

  test.each([
    [{ loadbalancer: 'web' }, 'there is no key "loadbalancer", did you mean loadBalancer?'],
    [{ alarmname: 'web-5xx', at: '2026-03-10T14:24:00Z' }, 'did you mean alarmName?'],
    [{ balancer: 'web' }, 'Expected a CloudWatch alarm action'],
    [{ loadBalancer: 'web', sinse: '2h' }, 'did you mean since?'],
  ])('%j is refused', async (asked, says) => {
    await expect(invoke(asked)).rejects.toThrow(says);
    expect(collect).not.toHaveBeenCalled();
  });
});

test('the log tells the verdict in the words of the mail', async () => {
  await invoke(event('action-metric'));
  expect(logged.join()).toContain('"says":"web: no 5xx outage - 123456789012/eu-central-1"');
  expect(logged.join()).toContain(`"headline":"${NO_OUTAGE}"`);
});

test('without a topic the report is logged and the variable named', async () => {
  vi.stubEnv('TRIAGE_TOPIC_ARN', undefined);
  await expect(invoke(event('action-metric'))).rejects.toThrow('TRIAGE_TOPIC_ARN: expected the ARN');
  expect(logged.join()).toContain(`"headline":"${NO_OUTAGE}"`);
  expect(logged[0]).toMatch(/^error report without a topic /);
  await expect(invoke(event('manual-name'))).resolves.toMatchObject({ kind: 'triage' });
});

test('a setting that cannot be read silences no alarm, and is told', async () => {
  vi.stubEnv('TRIAGE_NOTIFY', 'al');
  vi.stubEnv('TRIAGE_TIME_ZONE', 'Berlin');
  const says = ['TRIAGE_TIME_ZONE: expected a time zone', 'TRIAGE_NOTIFY: expected a list of'];
  expect(await invoke(event('action-metric'))).toMatchObject({
    settings: says.map((one) => expect.stringContaining(one)),
  });
  const [message = ''] = sent().map(({ Message }) => Message ?? '');
  const { email, default: report } = JSON.parse(message);
  for (const one of says) {
    expect(email).toContain(`A setting of alb-triage: ${one}`);
    expect(JSON.parse(report).settings.join()).toContain(one);
  }
  expect(logged[0]).toMatch(/^error settings not understood /);
});

describe('whom to call and what to read', () => {
  const runbook = 'https://wiki.example.com/5xx';
  /** Whose description names no runbook. */
  const alarm = (name = 'action-metric') => {
    const { alarmData, ...rest } = event(name);
    return { ...rest, alarmData: { ...alarmData, configuration: { ...alarmData.configuration, description: '' } } };
  };
  beforeEach(() => {
    vi.stubEnv('TRIAGE_OWNER', 'platform');
    vi.stubEnv('TRIAGE_RUNBOOK', runbook);
  });

  test('is what the settings say, where no tag does', async () => {
    expect(await invoke(alarm())).toMatchObject({ loadBalancer: { owner: 'platform', runbook } });
    expect(bodies()[0]?.email).toMatch(/owner platform[\s\S]*Runbook:\s+https:\/\/wiki[.]example[.]com\/5xx\n/);
  });

  test('is what the tags say, where they do', async () => {
    collect.mockImplementation(async (question) => {
      const snapshot = withoutErrors(question);
      const { tags } = aSnapshot({ tags: { [LB]: { owner: 'shop' } } }).evidence;
      return { ...snapshot, evidence: { ...snapshot.evidence, tags } };
    });
    expect(await invoke(alarm())).toMatchObject({ loadBalancer: { owner: 'shop', runbook } });
    const said = { owner: 'shop', runbook: 'https://wiki.example.com/shop-5xx' };
    expect(await invoke(event('action-metric'))).toMatchObject({ loadBalancer: said });
  });

  test('is told where nothing could be triaged, too', async () => {
    collect.mockRejectedValue(new Error('broken'));
    expect(await invoke(alarm())).toMatchObject({ kind: 'failed', loadBalancer: { owner: 'platform', runbook } });
    const said = { owner: 'platform', runbook: 'https://wiki.example.com/shop-5xx' };
    expect(await invoke(event('action-metric'))).toMatchObject({ kind: 'failed', loadBalancer: said });
  });

  test('is nobody and nothing without them; an address that is none silences no alarm', async () => {
    vi.stubEnv('TRIAGE_OWNER', '');
    vi.stubEnv('TRIAGE_RUNBOOK', 'the wiki');
    const report = await invoke(alarm());
    expect(report).not.toHaveProperty('loadBalancer.owner');
    expect(report).not.toHaveProperty('loadBalancer.runbook');
    expect(bodies()[0]?.email).toContain('A setting of alb-triage: TRIAGE_RUNBOOK: expected an https address');
  });
});

test('what the sender does not want to hear of is not sent, but returned', async () => {
  vi.stubEnv('TRIAGE_NOTIFY', 'identified');
  expect(kinds(await invoke(event('action-metric')))).toEqual(['triage']);
  expect(sent()).toEqual([]);
  expect(logged.join()).toContain('"notPublished":"TRIAGE_NOTIFY leaves it out"');
});

test('a new alarm that settles in OK is no recovery', async () => {
  const settled = event('action-metric-ok');
  settled.alarmData.previousState.value = 'INSUFFICIENT_DATA';
  expect(kinds(await invoke(settled))).toEqual(['recovered']);
  expect(sent()).toEqual([]);
});

test('a recovery says how long it took and what it follows on', async () => {
  expect(await invoke(event('action-metric-ok'))).toMatchObject({
    durationSeconds: 67 * 60,
    supersedes: '123456789012/eu-central-1/app/web/50dc6c495c0c9188/none',
  });
});

test('messages tell the time of those who read them', async () => {
  vi.stubEnv('TRIAGE_TIME_ZONE', 'Europe/Berlin');
  await invoke(event('action-metric'));
  expect(bodies()[0]?.email).toContain('Europe/Berlin');
});

test('a FIFO topic takes the same answer once, and the end of the alarm as another', async () => {
  vi.stubEnv('TRIAGE_TOPIC_ARN', `${TOPIC}.fifo`);
  for (const name of ['action-metric', 'action-metric', 'action-metric-ok']) await invoke(event(name));
  const [first, again, over] = sent();
  expect(first?.MessageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
  expect(again?.MessageDeduplicationId).toBe(first?.MessageDeduplicationId);
  expect(over?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
  expect(over?.MessageGroupId).toBe(first?.MessageGroupId);
});
