import type { CauseId } from '../incident/cause.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Change } from '../incident/finding.ts';
import { beginningOf } from '../incident/short-text.ts';
import { code, count, duration, type Text, type Time, text, time, verbatim } from '../incident/text.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import type { Fault, PastFault, Said, Sureness } from './talk.ts';

/** The diagnosis as what it is in the conversation, with what a reader of the earlier messages must know first. */
export function toldAs(diagnosis: Diagnosis, said: Said, now: Time): Diagnosis {
  const { kind, changed, before, fault, earlier } = said;
  const isFailed = diagnosis.kind === 'failed';
  const isOk = diagnosis.trigger.state === 'OK';
  const { supersedes: _, durationSeconds: __, ...rest } = diagnosis;
  const supersedes = kind === 'triage' ? undefined : (before ?? fault).fingerprint;
  const lasted = kind === 'recovered' && isOk ? (diagnosis.durationSeconds ?? lastedSeconds(fault)) : undefined;
  const news = newsOf(said, diagnosis, now);
  return {
    ...rest,
    kind: isFailed ? 'failed' : kind,
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(changed === undefined ? {} : { changed }),
    ...(lasted === undefined ? {} : { durationSeconds: lasted }),
    incidentId: fault.incidentId,
    ...(earlier.length === 0 ? {} : { sameFault: sameFault(earlier, now) }),
    ...(news.length === 0 ? {} : { news }),
  };
}

function lastedSeconds({ since, over }: Fault): number | undefined {
  return over === undefined ? undefined : Math.max(0, Math.round(secondsBetween(since, over.at)));
}

const WEEK = 7 * 86_400;

function sameFault(earlier: readonly PastFault[], now: Time): NonNullable<Diagnosis['sameFault']> {
  const last = earlier.at(-1);
  return {
    within7Days: earlier.filter(({ from }) => secondsBetween(from, now) <= WEEK).length,
    within30Days: earlier.length,
    last: last?.from ?? now,
    ...(last?.mended === undefined ? {} : { mended: last.mended }),
  };
}

function newsOf(said: Said, diagnosis: Diagnosis, now: Time): readonly Text[] {
  const { because, fault, earlier, kept } = said;
  const before = said.before ?? fault;
  const toldAt = before.told.at(-1)?.at ?? before.since;
  switch (because) {
    case 'first':
      return [...keptSaid(kept), ...recurs(earlier, now)];
    case 'changed':
      return [howItChanged(said, before, toldAt)];
    case 'back': {
      const ended = before.over === undefined ? '' : text`, after it was over at ${time(before.over.at)}`;
      return [
        text`It is back${ended}. What was told at ${time(before.firstTold ?? toldAt)} holds again; from now on, that it comes and goes is counted, and told once when it has ended.`,
      ];
    }
    case 'stands':
      return said.kind === 'triage' ? [] : [text`Told at ${time(before.firstTold ?? toldAt)}, and it still stands.`];
    case 'still':
      return [
        text`Seen again, ${duration(secondsBetween(before.firstTold ?? toldAt, now))} after it was first told: its alarms went off ${count(fault.seen, 'time')} since ${time(before.since)}.`,
      ];
    case 'over':
      return [...mendedSaid(fault.mended), ...whatItWas(said, diagnosis.verdict.cause)];
  }
}

const SURELY: Readonly<Record<Sureness, string>> = {
  identified: 'identified',
  suspected: 'suspected',
  inconclusive: 'without a cause',
  quiet: 'no outage',
  failed: 'no verdict',
};

function howItChanged({ changed, fault }: Said, before: Fault, toldAt: Time): Text {
  const was = text`What was told at ${time(toldAt)} was ${verbatim(SURELY[before.sureness])}: ${quoted(before)}.`;
  if (changed === 'new') {
    const other = before.cause === null ? text`other errors than those` : text`another cause than the one`;
    return text`New: ${other} told at ${time(toldAt)}, ${quoted(before)}.`;
  }
  if (changed === 'strengthened') return text`Now ${verbatim(SURELY[fault.sureness])}. ${was}`;
  return text`No longer as sure: now ${verbatim(SURELY[fault.sureness])}. ${was}`;
}

const SAID_AT_MOST = 160;

function quoted({ says }: Fault): Text {
  const short = says.length <= SAID_AT_MOST ? says : `${beginningOf(says, SAID_AT_MOST)}…`;
  return text`"${verbatim(short.replace(/\.$/, ''))}"`;
}

/** What is not seen of it any more, now that it is over; and how often it came back. */
function whatItWas({ before, fault }: Said, cause: CauseId | null): readonly Text[] {
  if (before === undefined) return [];
  const toldAt = before.firstTold;
  const isSaid = before.cause === cause || toldAt === undefined;
  return [
    ...(fault.returns > 0 ? [text`It came back ${count(fault.returns, 'time')} since ${time(before.since)}.`] : []),
    ...(isSaid ? [] : [text`What was told at ${time(toldAt)} was: ${quoted(before)}.`]),
  ];
}

function keptSaid(kept: Said['kept']): readonly Text[] {
  if (kept === undefined) return [];
  return [
    text`Before this, ${count(kept.count, 'event')} of this load balancer made no message: ${verbatim(kept.why)}.`,
  ];
}

function mendedSaid(mended: Change | undefined): readonly Text[] {
  if (mended === undefined) return [];
  return [text`Just before the errors stopped, at ${time(mended.at)}: ${code(mended.who)}: ${verbatim(mended.what)}.`];
}

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
] as const;

function ordinal(n: number): Text {
  const word = ORDINALS[n - 1];
  return word === undefined ? text`${n}th` : text`${verbatim(word)}`;
}

function recurs(earlier: readonly PastFault[], now: Time): readonly Text[] {
  const last = earlier.at(-1);
  if (last === undefined) return [];
  const { within7Days, within30Days } = sameFault(earlier, now);
  const often =
    within7Days === within30Days
      ? text`The ${ordinal(within7Days + 1)} time within 7 days`
      : within7Days === 0
        ? text`The ${ordinal(within30Days + 1)} time within 30 days`
        : text`The ${ordinal(within7Days + 1)} time within 7 days, the ${ordinal(within30Days + 1)} within 30`;
  const mended =
    last.mended === undefined ? text`` : text`, just after ${code(last.mended.who)}: ${verbatim(last.mended.what)}`;
  return [text`${often}; the last time, it ended at ${time(last.to)}${mended}.`];
}
