import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Answer, answer, type Services } from '../../lambda/entry/answer.ts';
import { failedRequest } from '../../lambda/entry/failed-request.ts';
import { functionSettings } from '../../lambda/entry/function-settings.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Request } from '../../lambda/incident/question.ts';
import { words } from '../../lambda/incident/text.ts';
import type { Message } from '../../lambda/render/message.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:triage';

function event(name: string) {
  return JSON.parse(readFileSync(new URL(`../events/${name}.json`, import.meta.url), 'utf8'));
}

function quiet(request: Request): Diagnosis {
  const { error: _, ...diagnosis } = failedRequest(request, '');
  return { ...diagnosis, kind: 'triage', verdict: { status: 'quiet', cause: null, headline: words('No outage') } };
}

/** An invocation, with all that came of it. */
function invocation(given: Partial<Services> & { env?: Record<string, string> } = {}) {
  const { env = { TRIAGE_TOPIC_ARN: TOPIC }, ...services } = given;
  const published: Message[] = [];
  const logged: string[] = [];
  const budgets: number[] = [];
  return {
    published,
    logged,
    budgets,
    services: {
      settings: functionSettings(env),
      remainingMs: () => 30_000,
      triage: async (request: Request, budgetMs: number) => {
        budgets.push(budgetMs);
        return quiet(request);
      },
      publish: async (message: Message) => `m-${published.push(message)}`,
      log: (level: string, message: string, facts: object) =>
        void logged.push(`${level} ${message} ${JSON.stringify(facts)}`),
      ...services,
    } satisfies Services,
  };
}

const kinds = (answers: Answer | readonly Answer[]) =>
  [answers].flat().map((each) => ('ignored' in each ? 'ignored' : each.kind));

test('an alarm is triaged, published and returned', async () => {
  const { services, published, logged } = invocation();
  const report = await answer(event('action-metric'), services);
  expect(report).toMatchObject({ kind: 'triage', verdict: { status: 'quiet', headline: 'No outage' } });
  expect(published.map(({ bodies }) => JSON.parse(bodies.default))).toEqual([report]);
  expect(logged).toEqual([expect.stringMatching(/^info triaged .*"status":"quiet".*"messageId":"m-1"/)]);
});

test.each([
  ['by hand', 'manual-name', 'triage', 0],
  ['by hand, with publish', 'manual-full', 'triage', 1],
  ['an alarm of nothing that could be triaged', 'action-not-a-load-balancer', 'failed', 1],
  ['an alarm that is over', 'action-metric-ok', 'recovered', 1],
  ['an alarm without data', 'action-metric-insufficient-data', 'ignored', 0],
  ['a report of our own', 'sns-own-report', 'ignored', 0],
])('%s (%s) is %s and published %i times', async (_, name, kind, times) => {
  const { services, published } = invocation();
  expect(kinds(await answer(event(name), services))).toEqual([kind]);
  expect(published).toHaveLength(times);
});

test('the records of one event are answered one after the other and share its time', async () => {
  let remaining = 30_000;
  const { services, published, budgets } = invocation({ remainingMs: () => (remaining -= 2000) });
  await expect(answer(event('sns-two-alarms-and-a-note'), services)).rejects.toThrow('Your quota was raised.');
  expect(published).toHaveLength(2);
  expect(budgets).toEqual([(28_000 - 4 * 3000) / 4, 26_000 - 3000]);
});

test.each([
  [5 * 60_000, 25_000],
  [10_000, 7000],
  [2000, 1000],
])('with %i ms left, AWS is read for %i ms', async (remaining, expected) => {
  const { services, budgets } = invocation({ remainingMs: () => remaining });
  await answer(event('action-metric'), services);
  expect(budgets).toEqual([expected]);
});

test('whatever breaks, an alarm is answered with why', async () => {
  const { services, published, logged } = invocation({
    triage: () => Promise.reject(new TypeError('x is undefined')),
  });
  expect(await answer(event('action-metric'), services)).toMatchObject({
    kind: 'failed',
    error: 'alb-triage broke off, a defect of its own (TypeError: x is undefined)',
    loadBalancer: { name: 'web', region: 'eu-central-1', accountId: '123456789012' },
    trigger: { alarmName: 'web-5xx' },
    window: { from: '2026-03-10T13:56:08Z', to: '2026-03-10T14:26:08Z' },
  });
  expect(published).toHaveLength(1);
  expect(logged.join()).toContain('error broken off');
});

test('a triage that does not end is answered before the time is up', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { services, published } = invocation({ remainingMs: () => 10_000, triage: () => new Promise(() => {}) });
  const answered = answer(event('action-metric'), services);
  await vi.advanceTimersByTimeAsync(8000);
  expect(await answered).toMatchObject({ error: expect.stringContaining('no answer after 8 s') });
  expect(published).toHaveLength(1);
});

test('a diagnosis that cannot be rendered is answered as one that broke', async () => {
  const { services, published } = invocation({
    // @ts-expect-error: what a defect would hand over
    triage: async (request) => ({ ...quiet(request), symptoms: undefined }),
  });
  await answer(event('action-metric'), services).catch(() => undefined);
  expect(published.map(({ subject }) => subject)).toEqual(['ALB web: could not be triaged']);
});

test('what SNS refuses throws, so that Lambda tries again', async () => {
  const { services } = invocation({ publish: () => Promise.reject(new Error('refused')) });
  await expect(answer(event('action-metric'), services)).rejects.toThrow('refused');
});

test('without a topic the report is logged and the variable named', async () => {
  const { services, logged } = invocation({ env: {} });
  await expect(answer(event('action-metric'), services)).rejects.toThrow('TRIAGE_TOPIC_ARN: expected the ARN');
  expect(logged.join()).toMatch(/error report without a topic .*"headline":"No outage"/);
  await expect(answer(event('manual-name'), services)).resolves.toMatchObject({ kind: 'triage' });
});

test('what the sender does not want to hear of is not sent, but returned', async () => {
  const { services, published, logged } = invocation({ env: { TRIAGE_TOPIC_ARN: TOPIC, TRIAGE_NOTIFY: 'identified' } });
  expect(kinds(await answer(event('action-metric'), services))).toEqual(['triage']);
  expect(published).toEqual([]);
  expect(logged.join()).toContain('"notPublished":"TRIAGE_NOTIFY leaves it out"');
});

test('a new alarm that settles in OK is no recovery', async () => {
  const settled = event('action-metric-ok');
  settled.alarmData.previousState.value = 'INSUFFICIENT_DATA';
  const { services, published } = invocation();
  expect(kinds(await answer(settled, services))).toEqual(['recovered']);
  expect(published).toEqual([]);
});

test('a recovery says how long it took and what it follows on', async () => {
  const { services } = invocation();
  expect(await answer(event('action-metric-ok'), services)).toMatchObject({
    durationSeconds: 67 * 60,
    supersedes: '123456789012/eu-central-1/app/web/50dc6c495c0c9188/failed',
  });
});

test('messages tell the time of those who read them', async () => {
  const { services, published } = invocation({
    env: { TRIAGE_TOPIC_ARN: TOPIC, TRIAGE_TIME_ZONE: 'Europe/Berlin' },
  });
  await answer(event('action-metric'), services);
  expect(published[0]?.bodies.email).toContain('Europe/Berlin');
});
