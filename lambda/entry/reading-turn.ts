import { answeredBy, comesBackAt, READING_MS, TURN_MS, turnAt, waitsHere } from '../conversation/index.ts';
import type { Request } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';
import type { Intake } from '../intake/index.ts';
import { sendLater } from '../memory/queue.ts';
import { openTable, type Table } from '../memory/table.ts';
import type { FunctionSettings } from './function-settings.ts';

type Triage = Extract<Intake, { do: 'triage' | 'follow-up' }>;

/** As many as the queue hands over at once may want to be counted at the same time. */
const TRIES = 12;

/**
 * One triage a load balancer at a time, and of all no more than the account's quotas bear: whoever has no turn comes back by
 * the queue. `undefined`: AWS may be read now; else why not.
 */
export async function turnToRead(
  intake: Triage,
  { table: name, queueUrl }: FunctionSettings,
  requestId: string,
): Promise<string | undefined> {
  const place = placeOf(intake.request);
  if (name === undefined || place === undefined) return undefined;
  const table = openTable(name);
  const { key, account } = place;
  const by = intake.deferral?.by ?? requestId;
  if (key !== undefined) {
    const held = await leaseOf(table, key, by, intake.request);
    if (typeof held === 'string') return held;
    if (held !== undefined && queueUrl !== undefined) {
      await comeBack(queueUrl, intake, comesBackAt(held, Date.now()));
      return 'another is reading the same load balancer: it comes back';
    }
  }
  if (intake.deferral?.by !== undefined) return undefined;
  const now = Date.now();
  const turn = turnAt(await table.share(`turns/${account}`, TURN_MS, now), now);
  if (queueUrl === undefined || waitsHere(turn, now)) {
    if (waitsHere(turn, now)) await new Promise((resolve) => setTimeout(resolve, turn - now));
    return undefined;
  }
  if (key !== undefined) await table.lease(key, { by, now, until: turn + READING_MS });
  await comeBack(queueUrl, intake, turn, by);
  return `its turn is at ${timeAt(turn)}: it comes back`;
}

/**
 * Of a table that does not answer in time, all of a storm would read at once: each comes back once, at its own time. One that
 * refuses will refuse then, too. `undefined`: AWS may be read now.
 */
export async function withoutAnswer(
  error: unknown,
  intake: Triage,
  { queueUrl }: FunctionSettings,
): Promise<string | undefined> {
  const isRefusal = (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode !== undefined;
  if (isRefusal || queueUrl === undefined || intake.deferral !== undefined) return undefined;
  await comeBack(queueUrl, intake, Date.now() + 5_000 + Math.random() * 15_000);
  return 'the table did not answer: it comes back';
}

/** `undefined`: it is one's own; a number: another holds it until then; a text: what another read answers this one, too. */
async function leaseOf(table: Table, key: string, by: string, request: Request): Promise<number | string | undefined> {
  for (let tries = 0; ; tries += 1) {
    const now = Date.now();
    const { heldUntil, version, talk, claim } = await table.lease(key, { by, now, until: now + READING_MS });
    // What is on its way to be told answers nothing yet.
    const answer = claim === undefined ? answeredBy(talk, request, timeAt(now)) : undefined;
    if (answer === undefined) return heldUntil;
    if (tries === TRIES) return now;
    const next = { version, talk: answer.after };
    if (await table.write(key, next, timeAt(now), heldUntil === undefined ? undefined : 'leased')) return answer.why;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
  }
}

async function comeBack(queueUrl: string, { deferral: _, ...intake }: Triage, at: number, by?: string): Promise<void> {
  const message = { 'alb-triage': 'turn', due: timeAt(at), intake, ...(by === undefined ? {} : { by }) };
  await sendLater(queueUrl, message, (at - Date.now()) / 1000);
}

/** As far as it is known before AWS is asked: by the load balancer's ARN, else by that of the alarm. */
function placeOf({ about, trigger }: Request): { readonly key?: string; readonly account: string } | undefined {
  const arn = about.by === 'arn' ? about.arn : trigger.alarmArn;
  const [, , , region, accountId, resource = ''] = arn?.split(':') ?? [];
  if (!region || !accountId) return undefined;
  const account = `${accountId}/${region}`;
  return about.by === 'arn' ? { account, key: `${account}/${resource.replace(/^loadbalancer\//, '')}` } : { account };
}

const timeAt = (ms: number): Time => `${new Date(Math.ceil(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
