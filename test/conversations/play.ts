import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSES } from '../../lambda/causes/index.ts';
import {
  COOL_DOWN_SECONDS,
  decide,
  hear,
  NOTHING_SAID,
  type Said,
  type Talk,
  toldAs,
} from '../../lambda/conversation/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { asFailed } from '../../lambda/diagnose/failed-diagnosis.ts';
import { isOver } from '../../lambda/diagnose/recovery.ts';
import { snapshotIn } from '../../lambda/entry/cli/saved-snapshot.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { plusSeconds, secondsBetween } from '../../lambda/semantics/time/minutes.ts';
import { INCIDENTS } from '../support/incidents.ts';

/** When, what is heard, the recorded incident that AWS shows, and what else: see README.md. */
export type Step = readonly [at: string, hears: string, shows: string, besides?: Besides];

interface Besides {
  readonly by?: string;
  readonly since?: string;
  readonly mutedBy?: string;
  readonly maintenance?: string;
  readonly unseen?: readonly string[];
  readonly weaker?: boolean;
  readonly fails?: boolean;
  readonly table?: 'down';
  readonly refused?: boolean;
}

export interface Heard {
  readonly step: Step;
  readonly says: string;
  readonly why: string;
  readonly told: Diagnosis | null;
}

const RULES = { coolDownSeconds: COOL_DOWN_SECONDS, looksAgain: true };

/** Each step, as the function would answer it: with one table, and a queue that brings back what was asked of it. */
export function play(steps: readonly Step[]): readonly Heard[] {
  let table = NOTHING_SAID;
  const queue: { readonly due: string; readonly talk: Talk }[] = [];
  return steps.map((step) => {
    const [, hears, , besides = {}] = step;
    const diagnosis = diagnosed(step);
    const isLook = hears === 'look';
    const isDown = besides.table === 'down';
    const message = isLook ? queue.shift() : undefined;
    if (isLook && (message === undefined || secondsBetween(message.due, timeOf(step[0])) < 0)) {
      throw new Error(`no look is asked for by ${step[0]}, the next one is at ${message?.due}`);
    }
    const before = isDown ? (message?.talk ?? NOTHING_SAID) : table;
    const heard = hear(diagnosis, isOver(diagnosis));
    const { say, why, after } = decide(before, heard, RULES);
    if (besides.refused) return { step, says: 'nothing', why: 'the topic refused it', told: null };
    if (!isDown) table = after;
    const due = after.look?.due;
    if (due != null && due !== before.look?.due) queue.push({ due, talk: after });
    return { step, says: nameOf(say, diagnosis), why, told: say === null ? null : toldAs(diagnosis, say, heard.now) };
  });
}

function nameOf(say: Said | null, diagnosis: Diagnosis): string {
  if (say === null) return 'nothing';
  if (diagnosis.kind === 'failed') return 'failed';
  return say.changed === undefined ? say.kind : `${say.kind} ${say.changed}`;
}

const timeOf = (at: string): string => {
  const [day, time] = at.includes(' ') ? at.split(' ') : ['2026-03-10', at];
  return `${day}T${time}${time?.length === 5 ? ':00' : ''}Z`;
};

const KEY = '123456789012/us-east-1/app/web/50dc6c495c0c9188';

function diagnosed([at, hears, shows, besides = {}]: Step): Diagnosis {
  const now = timeOf(at);
  const recorded = readFileSync(join(INCIDENTS, shows, 'snapshot.json'), 'utf8');
  const moved = secondsBetween(JSON.parse(recorded).collectedAt, now);
  const snapshot = snapshotIn(
    recorded.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (one) => plusSeconds(one, moved)),
    shows,
  );
  // Of its name, what it counts.
  const [state = 'ALARM', alarmName = 'web-5xx'] = hears === 'look' ? [] : hears.split(' ');
  const late = { seen: false, why: 'timed-out', detail: 'it was not there yet' } as const;
  const unseen = Object.fromEntries((besides.unseen ?? []).map((key) => [key, late]));
  const { alarmDescription: _, datapoints: __, ...trigger } = snapshot.question.trigger;
  const read = diagnose(
    {
      ...snapshot,
      question: {
        ...snapshot.question,
        trigger: {
          ...trigger,
          kind: hears === 'look' ? 'second-look' : 'alarm',
          at: besides.since === undefined ? now : timeOf(besides.since),
          alarmName,
          state,
          ...(/5xx|share/.test(alarmName) ? { metrics: ['HTTPCode_ELB_5XX_Count'] } : {}),
        },
      },
      evidence: { ...snapshot.evidence, ...unseen },
    },
    CAUSES,
  );
  const whole: Diagnosis = {
    ...read,
    incidentKey: KEY,
    fingerprint: read.fingerprint.replace(read.incidentKey, KEY),
    ...(besides.maintenance === undefined ? {} : { maintenance: timeOf(besides.maintenance) }),
    verdict: besides.weaker ? { ...read.verdict, status: 'suspected' } : read.verdict,
    findings: read.findings.map((one) => (besides.weaker ? { ...one, strength: 'circumstantial' } : one)),
    trigger: {
      ...read.trigger,
      ...(besides.mutedBy === undefined ? {} : { mutedBy: [{ name: besides.mutedBy, description: null }] as never }),
    },
  };
  return besides.fails ? asFailed(whole, 'AWS answered nothing.') : whole;
}
