import {
  COOL_DOWN_SECONDS,
  type Decision,
  decide,
  hear,
  NOTHING_SAID,
  type Talk,
  talkIn,
  toldAs,
} from '../conversation/index.ts';
import { isOver } from '../diagnose/recovery.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Time } from '../incident/text.ts';
import type { SecondLook } from '../intake/index.ts';
import { sendLater } from '../memory/queue.ts';
import { openTable, type Remembered, type Table } from '../memory/table.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import type { FunctionSettings } from './function-settings.ts';
import type { Log } from './log.ts';

/** What is to be said of a diagnosis, or why nothing is. */
export interface Turn {
  readonly diagnosis: Diagnosis;
  readonly quiet?: string;
  /** Once it was published, was not to be, or could not be. */
  done(published: boolean): Promise<void>;
}

export interface Conversing {
  /** Asks the table beside AWS, so that nobody waits for it. */
  remember(incidentKey: string): void;
  takeTurn(diagnosis: Diagnosis): Promise<Turn>;
}

interface Asked {
  readonly windowSeconds: number;
  /** Of a second look, with what was said, as the message brought it. */
  readonly look: SecondLook | undefined;
  /** The same in all tries of one invocation. */
  readonly requestId: string;
}

/** What is on its way for longer never arrived. */
const ARRIVES_WITHIN_SECONDS = 60;
const TRIES = 4;

/**
 * Memory never silences and never delays: where the table fails or hangs, what was to be said is said, and the log has it.
 * What is about to be said is claimed first: of three that heard the same at once, one says it. Where that one fails, what it
 * claimed is given back, or runs out.
 */
export function openConversing(asked: Asked, settings: FunctionSettings, log: Log): Conversing {
  const carried = asked.look === undefined ? undefined : talkIn(asked.look.talk);
  const table = settings.table === undefined ? undefined : openTable(settings.table);
  const reads = new Map<string, Promise<Remembered | undefined>>();
  const failing = (what: string) => (error: unknown) => {
    log.error(what, { error }, { MemoryErrors: 1 });
    return undefined;
  };
  const read = (from: Table, key: string) =>
    from.read(key).catch(failing('memory not read: told as if nothing had been said'));
  const remembered = (from: Table, key: string) => {
    const known = reads.get(key) ?? read(from, key);
    reads.set(key, known);
    return known;
  };
  return {
    remember(key) {
      if (table !== undefined) void remembered(table, key);
    },
    async takeTurn(diagnosis) {
      const { incidentKey } = diagnosis;
      const heard = hear(diagnosis, isOver(diagnosis));
      const looks = (before: Talk, after: Talk) =>
        lookLater(diagnosis, asked, before, after, settings).then(() => true, failing('second look not asked for'));
      const known = table === undefined ? undefined : await remembered(table, incidentKey);
      const decided = async (from: Remembered | undefined, looksAgain: boolean) => {
        const rules = { coolDownSeconds: COOL_DOWN_SECONDS, looksAgain };
        let state = from;
        let before = beforeIn(state, carried, asked, heard.now);
        let decision = decide(before, heard, rules);
        for (let tries = 0; table !== undefined && state !== undefined && tries < TRIES; tries += 1) {
          const next = {
            version: state.version,
            talk: decision.after,
            ...claimOf(decision, state, before, asked, heard.now),
          };
          const written = await table.write(incidentKey, next, heard.now).catch(failing('memory not written'));
          if (written !== false) {
            if (written === undefined) state = undefined;
            break;
          }
          state = await read(table, incidentKey);
          before = beforeIn(state, carried, asked, heard.now);
          decision = decide(before, heard, rules);
        }
        return { decision, state, before };
      };
      let turn = await decided(known, settings.queueUrl !== undefined);
      // What is left to a look that nobody will take is told now.
      if (turn.decision.say === null && !(await looks(turn.before, turn.decision.after))) {
        const { state, before } = turn;
        turn = await decided(state && { talk: before, version: state.version + 1 }, false);
      }
      const { decision, state, before } = turn;
      const { say, why, after } = decision;
      if (say === null) return { diagnosis, quiet: why, done: async () => {} };
      return {
        diagnosis: toldAs(diagnosis, say, heard.now),
        async done(published) {
          if (table !== undefined && state !== undefined) {
            const claim = { by: asked.requestId, at: heard.now, undo: before };
            const turn = { key: incidentKey, requestId: asked.requestId, now: heard.now };
            const claimed = { talk: after, version: state.version + 1, claim };
            await settle(table, turn, claimed, published).catch(failing('memory not settled'));
          }
          if (published) await looks(before, after);
        },
      };
    },
  };
}

/** What was said before; of what this very invocation claimed and did not say, or another long ago, nothing. */
function beforeIn(state: Remembered | undefined, carried: Talk | undefined, { requestId }: Asked, now: Time): Talk {
  if (state === undefined || (state.version === 0 && carried !== undefined)) return carried ?? NOTHING_SAID;
  const { talk, claim } = state;
  if (claim === undefined) return talk;
  const isLost = claim.by === requestId || secondsBetween(claim.at, now) > ARRIVES_WITHIN_SECONDS;
  return isLost ? claim.undo : talk;
}

function claimOf(
  decision: Decision,
  state: Remembered,
  before: Talk,
  asked: Asked,
  now: Time,
): Pick<Remembered, 'claim'> {
  if (decision.say !== null) return { claim: { by: asked.requestId, at: now, undo: before } };
  // Whoever says something is still at it.
  return state.claim === undefined || before === state.claim.undo ? {} : { claim: state.claim };
}

interface Claimed {
  readonly key: string;
  readonly requestId: string;
  readonly now: Time;
}

/** What was claimed is said, or given back; what others counted meanwhile stays where it was said. */
async function settle(table: Table, turn: Claimed, claimed: Remembered, published: boolean): Promise<void> {
  let state = claimed;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { talk, claim, version } = state;
    if (claim?.by !== turn.requestId) return;
    if (await table.write(turn.key, { version, talk: published ? talk : claim.undo }, turn.now)) return;
    state = await table.read(turn.key);
  }
}

/** To oneself, with all that was said: a second look works without the table. */
async function lookLater(
  diagnosis: Diagnosis,
  { windowSeconds }: Asked,
  before: Talk,
  after: Talk,
  { queueUrl }: FunctionSettings,
): Promise<void> {
  const due = after.look?.due ?? null;
  const { arn } = diagnosis.loadBalancer;
  if (queueUrl === undefined || due === null || due === before.look?.due || arn === null) return;
  const { datapoints: _, previousState: __, previousStateAt: ___, reason: ____, ...trigger } = plainTrigger(diagnosis);
  const look = { due, from: diagnosis.window.to, windowSeconds, loadBalancer: arn, trigger, talk: after };
  await sendLater(queueUrl, { 'alb-triage': 'second-look', ...look }, secondsBetween(diagnosis.collectedAt, due));
}

function plainTrigger({ trigger: { tags: _, mutedBy: __, alsoInAlarm: ___, ...trigger } }: Diagnosis) {
  return { ...trigger, state: 'ALARM' };
}
