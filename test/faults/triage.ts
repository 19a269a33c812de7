import { createRequire } from 'node:module';
import { handler } from '../../lambda/entry/alarm.ts';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { ACCOUNT, REGION } from '../bench/account.ts';
import { type Failing, startStub } from '../bench/stub.ts';
import { ACCOUNTS } from './accounts.ts';

const { alarmEvent } = createRequire(import.meta.url)('../bench/alarm-event.cjs');

export type AccountName = keyof typeof ACCOUNTS & string;

/** What is done to the calls of one triage. */
export type Fault = (call: Call) => Failing | undefined;

interface Call {
  readonly action: string;
  /** How many calls of this action came before. */
  readonly nth: number;
  /** The token of the page that is asked for; empty for the first. */
  readonly page: string;
  /** Since the event. */
  readonly seconds: number;
}

export interface Triaged {
  readonly report: Report;
  /** From the event to the answer, the message published. */
  readonly seconds: number;
  readonly calls: readonly string[];
}

/**
 * Triages through the handler, over the wire. Each has a Region of its own, so that many can wait at once: clients, rate
 * limits and the stub's faults are told apart by it.
 */
export async function openTriages() {
  const running = new Map<string, { readonly fault: Fault; readonly calls: string[]; readonly started: number }>();
  const stub = await startStub({ targets: 0, groups: 0, containers: false, trail: 'quiet' }, 0, {
    // The cast: a Region is named after its account.
    answers: (region) => ACCOUNTS[region.split('-')[1] as AccountName] ?? ACCOUNTS.instances,
    fault: ({ action, region, page, query }) => {
      // All publish to the topic of one Region.
      const about = /\bus-[a-z]+-\d+\b/.exec(query.get('Message') ?? '')?.[0] ?? region;
      const one = running.get(about);
      if (one === undefined) return undefined;
      const nth = one.calls.filter((call) => call === action).length;
      one.calls.push(action);
      return one.fault({ action, nth, page, seconds: (performance.now() - one.started) / 1000 });
    },
  });
  let count = 0;

  async function triage(
    account: AccountName,
    fault: Fault,
    remainingMs: number,
    asked: object = alarmEvent(),
  ): Promise<Triaged> {
    count += 1;
    const region = `us-${account}-${count}`;
    const calls: string[] = [];
    const event = JSON.parse(JSON.stringify(asked).replaceAll(REGION, region));
    const started = performance.now();
    running.set(region, { fault, calls, started });
    const left = () => remainingMs - (performance.now() - started);
    // The cast: one alarm has one report.
    const report = (await handler(event, { awsRequestId: region, getRemainingTimeInMillis: left })) as Report;
    running.delete(region);
    return { report, seconds: (performance.now() - started) / 1000, calls };
  }

  const environment = {
    AWS_ACCESS_KEY_ID: 'faults',
    AWS_SECRET_ACCESS_KEY: 'faults',
    AWS_ENDPOINT_URL: stub.url,
    AWS_REGION: REGION,
    TRIAGE_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:triage`,
  };
  return { triage, environment, stop: stub.stop };
}
