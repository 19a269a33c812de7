import {
  code,
  count,
  inSeconds,
  resource,
  type Text,
  type Time,
  text,
  time,
  verbatim,
} from '../../../incident/text.ts';
import { setLoadBalancerAttribute, type TaggedLoadBalancer } from '../../../remedies/load-balancer.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { AnswerPace } from '../../../semantics/traffic/answer-pace.ts';
import {
  DEFAULT_IDLE_TIMEOUT,
  IDLE_TIMEOUT,
  type Lowered,
  type TimeoutSetting,
} from '../../../semantics/traffic/idle-timeout.ts';
import { claim } from '../../argue.ts';
import { cite, citeAt } from '../../cite.ts';

/** Where more of the requests than this fail, a longer timeout mends nothing. */
const MOST = 0.5;

export function paceClaim(pace: AnswerPace, setting: TimeoutSetting) {
  const { slowest, rise, slowed } = pace;
  return claim<'loadBalancerMetrics'>(
    slowed,
    slowest !== null &&
      cite.loadBalancerMetrics`the slowest responses took ${inSeconds(slowest)}${reachSaid(pace, slowest, setting)}`,
    rise !== null &&
      cite.loadBalancerMetrics`the 99th percentile of response times per minute was ${inSeconds(rise.after)} on average, against ${inSeconds(rise.before)} until ten minutes before the errors`,
  );
}

function reachSaid({ reach, slowed }: AnswerPace, slowest: number, { seconds }: TimeoutSetting): Text {
  const timeout = text`the idle timeout of ${inSeconds(seconds)}`;
  if (reach === 'far') return text`: the responses that came were far from the idle timeout`;
  if (reach === 'rarely') return text`, but they came near ${timeout} in only a few of the minutes`;
  if (slowest > seconds) return text`, longer than ${timeout}`;
  return text`, near ${timeout}${slowed ? '' : ', as some did before'}`;
}

/** It is the one of now, or the errors ended with it: requests that were waiting fail after a longer one began, and no later. */
export function settingClaim({ now, past, lowered }: TimeoutSetting, { end, grid, span }: EpisodeSpan) {
  const set = cite.loadBalancerAttributes`${code(IDLE_TIMEOUT)} is ${code(now)}${past ? ' now' : ''}`;
  if (past === undefined) {
    return claim<'loadBalancerAttributes' | 'changes'>(true, set, lowered !== undefined && loweredSaid(lowered));
  }
  const { at, who, what } = past.ended;
  const isEnd = end !== null && Math.abs(secondsBetween(at, timeOfMinute(grid, span.last))) <= 180;
  const change = citeAt(at).changes`${code(who)} ${verbatim(what)}: until then it was ${code(past.value)}`;
  return claim<'loadBalancerAttributes' | 'changes'>(isEnd, set, change);
}

/** Who lowered it to what is told as the change that made it; where no record holds what it was, the way back says so. */
function loweredSaid({ from, by }: Lowered) {
  return from !== null && citeAt(by.at).changes`${code(IDLE_TIMEOUT)} was ${code(from)} until ${time(by.at)}`;
}

/** `Targets of web answer later than the idle timeout of 60 s`. Of a single one nothing tells whether it was slow, or hung. */
export function tooLateSaid(
  { seconds, now, past }: TimeoutSetting,
  errors504: number,
  [only, ...more]: readonly string[],
): Text {
  const timeout = text`the idle timeout of ${inSeconds(seconds)}`;
  const one = errors504 === 1;
  const whose = only === undefined || more.length > 0 ? '' : text` ${one ? 'to' : 'of'} ${resource(groupName(only))}`;
  if (one) return text`One request${whose} got no answer within ${timeout}`;
  const targets = text`Targets${whose}`;
  if (past !== undefined) {
    return text`${targets} answered later than ${timeout}, which was set to ${inSeconds(now)} at ${time(past.ended.at)}`;
  }
  const long = text`${targets} answer later than ${timeout}`;
  return seconds < DEFAULT_IDLE_TIMEOUT
    ? text`${long} (itself short: the default is ${inSeconds(DEFAULT_IDLE_TIMEOUT)})`
    : long;
}

export function reachedSaid(errors504: number, onset: Time, connections: number): Text {
  const requests = text`${count(errors504, 'request')} answered ${code('504')} ${errors504 === 1 ? 'at' : 'since'} ${time(onset)}`;
  const failed = connections === 0 ? text`no connection error` : text`only ${count(connections, 'connection error')}`;
  return text`${requests}, with ${failed}: ${errors504 === 1 ? 'its target was' : 'the targets were'} reached`;
}

export function timeoutFixes(
  setting: TimeoutSetting,
  { slowest, rise, reach }: AnswerPace,
  isRoomLeft: boolean,
  { onset, failedShare }: { readonly onset: string; readonly failedShare: number },
  loadBalancer: TaggedLoadBalancer,
): readonly Remedy[] {
  const { seconds: from, past, lowered } = setting;
  const whoSetIt = (does: Text) => look(does, whoCalledSinceDayBefore('ModifyLoadBalancerAttributes', onset));
  if (past) return [whoSetIt(text`it was changed back: find out why it was changed, to keep it from happening again`)];
  const where = text`its log, its database and the services it calls`;
  // A timeout that was lowered cuts off answers that took as long before.
  const findSlow = look(
    lowered === undefined
      ? text`find what has made the application slow since ${time(onset)}: check ${where}`
      : text`if it is to stay at ${inSeconds(from)}, find what keeps the application's answers waiting: ${where}`,
  );
  if (lowered?.from != null) {
    const does = text`put the idle timeout back to ${inSeconds(lowered.from)}, as it was until ${code(lowered.by.who)} lowered it at ${time(lowered.by.at)}`;
    return [setLoadBalancerAttribute(loadBalancer, IDLE_TIMEOUT, { from, to: lowered.from }, does)];
  }
  // Enough for the answers that just came in time, and no less than the default.
  const to = Math.min(4000, Math.max(DEFAULT_IDLE_TIMEOUT, 2 * Math.ceil(Math.max(from, slowest ?? 0))));
  const short = from < DEFAULT_IDLE_TIMEOUT;
  const does = text`raise the idle timeout to ${inSeconds(to)}${short ? '' : ' until responses are fast again'}`;
  const set = setLoadBalancerAttribute(loadBalancer, IDLE_TIMEOUT, { from, to }, does);
  const raise = { ...set, forMany: true } as const;
  // What it was before, whoever lowered it knows; what it is by itself is a guess, and no way out for most requests.
  if (lowered !== undefined) return failedShare <= MOST ? [raise, findSlow] : [findSlow];
  // Waiting longer for targets that hardly answer, or have nothing left to give, only piles up what waits.
  // Nor does it for answers that take no tenth of it, or never come.
  const waits = slowest === null || reach !== 'far' || slowest > from / 10;
  const mends = isRoomLeft && waits && (failedShare <= MOST || (short && rise === null));
  if (!mends) return [findSlow];
  return short ? [raise, whoSetIt(text`see whether the idle timeout changed recently`), findSlow] : [raise, findSlow];
}
