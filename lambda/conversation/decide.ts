import { secondsBetween } from '../semantics/time/minutes.ts';
import {
  alarmOf,
  counting,
  earlierOf,
  freeAt,
  goneOff,
  hasRoom,
  isOpen,
  isRecent,
  later,
  MESSAGES_AN_HOUR,
  newFault,
  openIn,
  over,
  replaced,
  toldNow,
  withoutOld,
} from './faults.ts';
import { CALM, FRESH, lookAt, nextLook } from './looks.ts';
import type { Decision, Fault, Heard, Rules, Said, Sureness, Talk } from './talk.ts';

/**
 * What is said of an event, by what was said before: or why nothing is. Nobody hears the same twice within the cool-down, and
 * of no fault more than three messages an hour; a fault of which nothing was said is always told.
 */
export function decide(before: Talk, heard: Heard, rules: Rules): Decision {
  const decision = decided(before, heard, rules);
  return { ...decision, after: withReading(decision.after, heard) };
}

/** Only what is told answers another alarm. */
function withReading({ read: _, ...talk }: Talk, { fault: { id, sureness }, isOk, over, readAt }: Heard): Talk {
  const isOutage = sureness !== 'failed' && sureness !== 'quiet' && !isOk && !over;
  const isTold = talk.faults.some((one) => one.id === id && isOpen(one));
  return isOutage && isTold ? { ...talk, read: { at: readAt, id } } : talk;
}

function decided(before: Talk, heard: Heard, rules: Rules): Decision {
  const talk = withoutOld(before, heard, rules);
  if (heard.hushed !== undefined) return hushed(talk, heard, heard.hushed);
  if (heard.by === 'second-look' && heard.fault.sureness === 'failed') {
    return quietly(talk, heard, 'a second look that failed changes nothing');
  }
  const known = talk.faults.find(({ id }) => id === heard.fault.id);
  const open = openIn(talk);
  if (heard.over && (heard.isOk || heard.by === 'second-look')) return ended(talk, heard, open);
  const isNew = heard.fault.cause !== null && known === undefined;
  if (heard.isOk && !isNew) return stands(talk, heard, open ?? known);
  if (heard.harmless !== undefined) return keptQuiet(talk, heard, heard.harmless);
  if (known !== undefined && known.told.length > 0) return again(talk, heard, known, rules);
  if (heard.over && heard.fault.sureness !== 'quiet' && rules.looksAgain) return healed(talk, heard, known);
  return open === undefined ? first(talk, heard) : changed(talk, heard, open);
}

/** Nothing was said of this load balancer, or all of it is over. */
function first(talk: Talk, heard: Heard): Decision {
  const fault = toldNow(newFault(heard), heard);
  const kept = talk.kept === undefined ? {} : { kept: talk.kept };
  return said(talk, heard, { kind: 'triage', because: 'first', fault, earlier: earlierOf(talk, fault), ...kept });
}

/** Something was said, and it was something else. */
function changed(talk: Talk, heard: Heard, open: Fault): Decision {
  // What could not be triaged may be another fault: it is told beside what was told, and takes nothing back.
  if (heard.fault.sureness === 'failed') return first(talk, heard);
  const { since, incidentId, firstTold = heard.now } = open;
  const fault = toldNow({ ...newFault(heard), since, incidentId, firstTold }, heard);
  const isOther = open.cause !== null ? heard.fault.cause !== null : open.sureness === heard.fault.sureness;
  const how = isOther ? 'new' : rank(heard.fault.sureness) > rank(open.sureness) ? 'strengthened' : 'weakened';
  if (how === 'weakened') {
    if (open.cause !== null && heard.undetermined.includes(open.cause)) {
      return counted(
        talk,
        heard,
        open,
        'the cause that was told could not be judged this time: nothing speaks against it',
      );
    }
    if (!hasRoom(open, heard.now)) return owed(talk, heard, open, TOO_MANY, 0);
  }
  const without = isOther ? talk : replaced(talk, { ...open, superseded: true });
  return said(without, heard, { kind: 'update', changed: how, because: 'changed', before: open, fault, earlier: [] });
}

/** What was told comes again: by another way, by another alarm, by a repeat, or as it was looked at again. */
function again(talk: Talk, heard: Heard, known: Fault, rules: Rules): Decision {
  if (known.over !== undefined) return back(talk, heard, known, rules);
  const last = lastTold(known);
  const isCool = last === undefined || !isRecent(last.at, heard, rules);
  const quiet = whyNotAgain(heard, known, rules);
  const isOld = heard.by === 'alarm' && isCool;
  if (quiet !== undefined && !isOld) return counted(talk, heard, known, quiet);
  const { superseded: _, ...still } = toldNow({ ...known, ...heard.fault, incidentId: known.incidentId }, heard);
  const isSurer = rank(heard.fault.sureness) > rank(last?.sureness ?? 'failed');
  return quiet === undefined
    ? said(talk, heard, {
        kind: 'update',
        changed: isSurer ? 'strengthened' : 'weakened',
        because: 'changed',
        before: known,
        fault: still,
        earlier: [],
      })
    : said(talk, heard, {
        kind: 'update',
        changed: 'same',
        because: 'still',
        before: known,
        fault: still,
        earlier: [],
      });
}

/** Why what is seen of a fault now is no news to who was told of it; `undefined` where it is. */
function whyNotAgain(heard: Heard, known: Fault, rules: Rules): string | undefined {
  const now = rank(heard.fault.sureness);
  const before = rank(lastTold(known)?.sureness ?? 'failed');
  const isToldSo = known.told.some(
    ({ at, sureness }) => sureness === heard.fault.sureness && isRecent(at, heard, rules),
  );
  if (known.superseded === true || now === before || isToldSo) return 'told already';
  const isUnseen = heard.fault.cause === null || heard.undetermined.includes(heard.fault.cause);
  if (now < before && isUnseen) return 'less was seen of it than before';
  return hasRoom(known, heard.now, MESSAGES_AN_HOUR - 1) ? undefined : TOO_MANY;
}

/** It was told as over. Who believes that must hear that it is back: once, for what goes on to come and go is told at its end. */
function back(talk: Talk, heard: Heard, known: Fault, rules: Rules): Decision {
  if (heard.by === 'alarm' && secondsBetween(heard.at, known.over?.at ?? heard.at) > 0) {
    return counted(talk, heard, known, 'an event of before its end, come late');
  }
  if (heard.over) return counted(talk, heard, known, 'it came back and is over again');
  const { over: _, mended: __, ...rest } = known;
  const open = { ...rest, returns: known.returns + 1 };
  const isTold = known.returns > 0 && isRecent(lastTold(known)?.at ?? heard.at, heard, rules);
  if (isTold) return counted(talk, heard, open, 'it comes and goes, which is told');
  // What the reader was told last stands until then, and must be what is remembered.
  if (!hasRoom(known, heard.now)) return owed(talk, heard, known, TOO_MANY, 0);
  const fault = toldNow(open, heard);
  return said(talk, heard, { kind: 'update', changed: 'same', because: 'back', before: known, fault, earlier: [] });
}

/** The alarm is OK, and nothing shows that the errors are over. */
function stands(talk: Talk, heard: Heard, open: Fault | undefined): Decision {
  if (open === undefined || open.told.length === 0) {
    const why = talk.kept;
    if (why !== undefined && open === undefined) return keptQuiet(talk, heard, why.why);
    const fault = toldNow(newFault(heard), heard);
    return said(talk, heard, { kind: 'triage', because: 'stands', fault, earlier: [] });
  }
  if (open.toldThatItStands || open.over !== undefined) return counted(talk, heard, open, 'told already');
  if (!hasRoom(open, heard.now, MESSAGES_AN_HOUR - 1)) return counted(talk, heard, open, TOO_MANY);
  const fault: Fault = { ...toldNow(open, heard), toldThatItStands: true };
  return said(talk, heard, { kind: 'update', changed: 'same', because: 'stands', before: open, fault, earlier: [] });
}

function ended(talk: Talk, heard: Heard, open: Fault | undefined): Decision {
  const held = talk.faults.findLast(({ held, over }) => held === true && over === undefined);
  const fault = open ?? held;
  if (fault === undefined) return endedUnheard(talk, heard);
  if (heard.isOk && secondsBetween(heard.at, fault.lastAlarm) > 0) {
    return counted(talk, heard, fault, 'an OK of before the last alarm, come late');
  }
  const flaps = fault.returns > 0;
  const isCalm = secondsBetween(fault.lastAlarm, heard.now) >= CALM;
  if (flaps && !isCalm) return owed(talk, heard, over(fault, heard, false), 'it comes and goes, which is told', CALM);
  if (!hasRoom(fault, heard.now)) return owed(talk, heard, over(fault, heard, false), TOO_MANY, 0);
  const told = over(toldNow(fault, heard), heard, true);
  const all = talk.faults.map((one) => (isOpen(one) && one.id !== told.id ? over(one, heard, true) : one));
  const { held: _, ...whole } = told;
  return said({ ...talk, faults: all }, heard, {
    kind: 'recovered',
    because: 'over',
    before: fault,
    fault: whole,
    earlier: earlierOf(talk, fault),
  });
}

/** Nothing that stands was told. */
function endedUnheard(talk: Talk, heard: Heard): Decision {
  const untold = talk.faults.findLast((one) => one.over?.told === false);
  if (untold !== undefined) {
    const isCalm = secondsBetween(later(untold.lastAlarm, untold.over?.at ?? heard.now), heard.now) >= CALM;
    if (untold.returns > 0 && !isCalm) return owed(talk, heard, untold, 'it comes and goes, which is told', CALM);
    if (!hasRoom(untold, heard.now)) return owed(talk, heard, untold, TOO_MANY, 0);
    const mended = heard.mended === undefined ? {} : { mended: heard.mended };
    const fault = { ...toldNow(untold, heard), ...mended, over: { at: untold.over?.at ?? heard.at, told: true } };
    const earlier = earlierOf(talk, fault);
    return said(talk, heard, { kind: 'recovered', because: 'over', before: untold, fault, earlier });
  }
  const last = talk.faults.at(-1);
  if (last !== undefined) return counted(talk, heard, last, 'its end is told already');
  if (heard.by === 'second-look') return quietly(talk, heard, 'nothing that stands was told');
  if (talk.kept !== undefined) return keptQuiet(talk, heard, talk.kept.why);
  const fault = over(toldNow(newFault(heard), heard), heard, true);
  return said(talk, heard, { kind: 'recovered', because: 'over', fault, earlier: [] });
}

/** Over as it was first looked at: nobody is called for that. Its OK, or the second look, tells what it was. */
function healed(talk: Talk, heard: Heard, known: Fault | undefined): Decision {
  const fault: Fault = { ...(known ?? newFault(heard)), held: true };
  const after = nextLook(counting(talk, heard, fault), heard, fault);
  return { say: null, why: 'over before anybody looked: its end is told, nobody is called', after };
}

function said(talk: Talk, heard: Heard, say: Said): Decision {
  const fault = { ...say.fault, seen: say.fault.seen + goneOff(heard), lastAlarm: alarmOf(say.fault, heard) };
  const { kept: _, ...rest } = replaced(talk, fault);
  const restart = say.because === 'first' ? { ...rest, look: { due: rest.look?.due ?? null, count: 0 } } : rest;
  const summary = fault.returns > 0 && say.because === 'back';
  const after = summary ? lookAt(restart, heard, freeAt(fault, heard.now, CALM)) : nextLook(restart, heard, fault);
  return { say: { ...say, fault }, why: say.because, after };
}

function counted(talk: Talk, heard: Heard, fault: Fault, why: string): Decision {
  const after = nextLook(counting(talk, heard, fault), heard, fault);
  return { say: null, why: `${why} (went off ${fault.seen + goneOff(heard)} times since ${fault.since})`, after };
}

/** Not now: as soon as there is room for it, or it is calm, a look says what holds then. */
function owed(talk: Talk, heard: Heard, fault: Fault, why: string, calm: number): Decision {
  const after = lookAt(counting(talk, heard, fault), heard, freeAt(fault, heard.now, calm));
  return { say: null, why: `${why} (went off ${fault.seen + goneOff(heard)} times since ${fault.since})`, after };
}

function quietly(talk: Talk, heard: Heard, why: string): Decision {
  return { say: null, why, after: nextLook(talk, heard, openIn(talk)) };
}

function keptQuiet(talk: Talk, heard: Heard, why: string): Decision {
  const count = (talk.kept?.count ?? 0) + 1;
  const after = nextLook({ ...talk, kept: { count, why, at: heard.now } }, heard, openIn(talk));
  return { say: null, why: `${why} (kept quiet ${count} ${count === 1 ? 'time' : 'times'})`, after };
}

/** Nobody tells that maintenance has ended while the alarm stays as it is: a look does. */
function hushed(talk: Talk, heard: Heard, { why, until }: NonNullable<Heard['hushed']>): Decision {
  const quiet = keptQuiet(talk, heard, why);
  return until === undefined ? quiet : { ...quiet, after: lookAt({ ...quiet.after, look: FRESH }, heard, until) };
}

const TOO_MANY = 'three messages an hour are enough for one fault';

const RANK: readonly Sureness[] = ['failed', 'quiet', 'inconclusive', 'suspected', 'identified'];
const rank = (sureness: Sureness): number => RANK.indexOf(sureness);

const lastTold = ({ told }: Fault) => told.at(-1);
