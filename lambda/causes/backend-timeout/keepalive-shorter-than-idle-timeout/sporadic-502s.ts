import type { Target } from '../../../incident/evidence.ts';
import {
  andList,
  code,
  count,
  type Phrase,
  partOf,
  percent,
  type Text,
  type Time,
  text,
  time,
} from '../../../incident/text.ts';
import type { SpreadOf502s } from '../../../semantics/errors/spread-of-502s.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import { DEFAULT_IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';

/** A race now and then: some minutes with errors, spread over five or more, few among the requests, few that are no race. */
const SOME = 3;
const LASTING = 5;
const SPREAD = 0.25;
const LOW_RATE = 0.1;
const FEW = 0.1;
/** In fewer minutes, one or two at a time, or some now and then again, are a race as well, among very many requests. */
const THIN = 2;
const NOW_AND_THEN = { bursts: 3, minutes: 20 } as const;
const RARE = 0.005;
/** From this share of the requests on, 502s that begin as something changes, after an hour with none, are that change's. */
const AT_ONCE = 0.02;

interface Race extends SpreadOf502s {
  /** Connections and TLS handshakes with targets that failed. */
  readonly notMade: number;
}

/** Over enough of the minutes; where there are few requests, minutes without an error tell nothing. */
export function isSpread({ ill, minutes, sparse }: SpreadOf502s): boolean {
  return ill >= SPREAD * minutes || sparse;
}

/** Too many at once for a race, which is as rare before as after: so it was what changed; `null` where it may be one. */
export function beganWith({ began, rate }: SpreadOf502s, moved: readonly Phrase[], idleTimeout: number): Text | null {
  const atOnce = began && (rate ?? 0) >= AT_ONCE;
  if (moved.length === 0 || !atOnce || idleTimeout > DEFAULT_IDLE_TIMEOUT) return null;
  return text`there was no ${code(502)} in the hour before, then suddenly ${percent(rate ?? 0)} of the requests got one; AWS recorded ${andList(moved)} in those minutes: a keep-alive race would not start at once`;
}

/** What shows that the 502s are no race on idle connections; `null` where they may be. */
export function otherThanRace(race: Race): Text | null {
  const { errors502, minutes, ill, bursts, rate, others, notMade } = race;
  const again = bursts >= NOW_AND_THEN.bursts && minutes >= NOW_AND_THEN.minutes;
  const thin = (errors502 <= THIN * ill || again) && (rate ?? 1) <= RARE;
  const sporadic = minutes >= LASTING && ill >= SOME && (isSpread(race) || thin);
  if (ill < SOME && errors502 <= ill)
    return text`too few requests were answered ${code(502)} for a keep-alive race: ${errors502}`;
  if (!sporadic || (rate ?? 0) > LOW_RATE) {
    const share = rate === null ? '' : text`, ${percent(Math.min(1, rate))} of the requests`;
    return text`the ${code(502)}s are not sporadic: ${count(errors502, 'request')} in ${count(ill, 'minute')}${share}`;
  }
  if (others >= errors502) return text`as many other errors came in the same minutes as ${code(502)}s`;
  if (notMade <= FEW * errors502) return null;
  return text`new connections to targets fail (${count(notMade, 'time')}), which a keep-alive race does not cause`;
}

export function raceSaid({ errors502, onset, ill, minutes, rate, notMade }: Race): Text {
  const share = rate === null ? '' : text`: ${percent(rate)} of the requests`;
  const connections = notMade === 0 ? 'no connection failed' : text`only ${count(notMade, 'failed connection')}`;
  return text`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}, in ${ill} of ${count(minutes, 'minute')}${share}, and ${connections}`;
}

/** Health that is read this many seconds after the moment asked about is none of then. */
const STALE_AFTER = 600;
export function healthSaid({ length }: readonly Target[], healthy: number, at: Time, readAt: Time): Text {
  const are = text`${healthy === length ? text`${partOf(length, length, 'target')} ${length === 1 ? 'is' : 'are'}` : text`only ${healthy} of ${count(length, 'target')} can serve, ${healthy === 1 ? 'and is' : 'and are'}`} healthy`;
  const isLate = secondsBetween(at, readAt) > STALE_AFTER;
  return isLate
    ? text`${are} as AWS was read at ${time(readAt)}, which does not show how they were then`
    : text`${are}: nothing ${healthy === length ? '' : 'else '}is down`;
}

/** How sure the headline is. */
export function seemTo(isLogged: boolean, doubts: number): Text {
  if (isLogged) return [];
  return doubts === 0 ? text`seem to ` : text`may `;
}

export function againstServers(idle: number): Text {
  if (idle <= DEFAULT_IDLE_TIMEOUT)
    return text`: Node.js closes after 5 s, Apache 5 s, gunicorn 2 s, Tomcat 20 to 60 s, Undertow 60 s`;
  return text`, above the default of ${code(DEFAULT_IDLE_TIMEOUT)}: most servers close earlier than that`;
}
