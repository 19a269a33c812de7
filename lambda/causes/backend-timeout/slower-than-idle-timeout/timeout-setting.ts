import type { Load } from '../../../computed/load.ts';
import type { Target } from '../../../incident/evidence.ts';
import { code, inSeconds, percent, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { setLoadBalancerAttribute, type TaggedLoadBalancer } from '../../../remedies/load-balancer.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { limitReached } from '../../../semantics/load/target-load.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { AnswerPace } from '../../../semantics/traffic/answer-pace.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT, type TimeoutSetting } from '../../../semantics/traffic/idle-timeout.ts';
import { claim } from '../../argue.ts';
import { cite, citeAt } from '../../cite.ts';

export function paceClaim(pace: AnswerPace, setting: TimeoutSetting) {
  const { slowest, rise, slowed } = pace;
  return claim<'loadBalancerMetrics'>(
    slowed,
    slowest !== null &&
      cite.loadBalancerMetrics`the slowest answers took ${inSeconds(slowest)}${reachSaid(pace, slowest, setting)}`,
    rise !== null &&
      cite.loadBalancerMetrics`the 99th percentile of a minute's answer times was ${inSeconds(rise.after)} on average, against ${inSeconds(rise.before)} until ten minutes before the errors`,
  );
}

function reachSaid({ reach, slowed }: AnswerPace, slowest: number, { seconds }: TimeoutSetting): Text {
  const timeout = text`the idle timeout of ${inSeconds(seconds)}`;
  if (reach === 'far') return text`: those that came were far from the idle timeout`;
  if (reach === 'rarely') return text`, but in few of the minutes did any come near ${timeout}`;
  if (slowest > seconds) return text`, longer than ${timeout}`;
  return text`, near ${timeout}${slowed ? '' : ', as some did before'}`;
}

/** It is the one of now, or the errors ended with it: requests that were waiting fail after a longer one began, and no later. */
export function settingClaim({ now, past }: TimeoutSetting, { end, grid, span }: EpisodeSpan) {
  const set = cite.loadBalancerAttributes`${code(IDLE_TIMEOUT)} is ${code(now)}${past ? ' now' : ''}`;
  if (past === undefined) return claim<'loadBalancerAttributes' | 'changes'>(true, set);
  const { at, who, what } = past.ended;
  const isEnd = end !== null && Math.abs(secondsBetween(at, timeOfMinute(grid, span.last))) <= 180;
  const change = citeAt(at).changes`${code(who)} ${verbatim(what)}: until then it was ${code(past.value)}`;
  return claim<'loadBalancerAttributes' | 'changes'>(isEnd, set, change);
}

/** Targets without anything left to give are slow for that: the limit stands above the slowness that it makes. */
export function roomClaim(slow: readonly Target[], load: Load) {
  const busy = load.of(slow);
  const limit = limitReached(busy);
  const from = slow.some(({ id }) => id.startsWith('i-')) ? 'instanceMetrics' : 'serviceMetrics';
  return claim<'instanceMetrics' | 'serviceMetrics'>(
    limit === null && busy.credits !== 'exhausted',
    limit !== null && {
      from,
      shows: text`CPU or memory of these targets at ${percent(limit / 100)}: enough to make them slow`,
    },
    busy.credits === 'exhausted' && {
      from,
      shows: text`these targets have no CPU credits left: enough to make them slow`,
    },
  );
}

/** `answer later than the idle timeout of 60 s`. */
export function tooLateSaid({ seconds, now, past }: TimeoutSetting): Text {
  const late = text`later than the idle timeout of ${inSeconds(seconds)}`;
  if (past !== undefined) return text`answered ${late}, which was set to ${inSeconds(now)} at ${time(past.ended.at)}`;
  if (seconds >= DEFAULT_IDLE_TIMEOUT) return text`answer ${late}`;
  return text`answer ${late} (itself short: the default is ${inSeconds(DEFAULT_IDLE_TIMEOUT)})`;
}

export function timeoutFixes(
  { seconds: from, past }: TimeoutSetting,
  slowest: number | null,
  onset: string,
  loadBalancer: TaggedLoadBalancer,
): readonly Remedy[] {
  const whoSetIt = (does: Text) => look(does, whoCalledSinceDayBefore('ModifyLoadBalancerAttributes', onset));
  if (past) return [whoSetIt(text`it was set again: find out why it was changed, so that it does not come back`)];
  // Enough for the answers that just came in time, and no less than the default.
  const to = Math.min(4000, Math.max(DEFAULT_IDLE_TIMEOUT, 2 * Math.ceil(Math.max(from, slowest ?? 0))));
  const short = from < DEFAULT_IDLE_TIMEOUT;
  const does = text`raise the idle timeout to ${inSeconds(to)}${short ? '' : ' until the answers are fast again'}`;
  const raise = setLoadBalancerAttribute(loadBalancer, IDLE_TIMEOUT, { from, to }, does);
  const findSlow = look(
    text`find what makes the application slow since ${time(onset)}: its log, its database, the services it calls`,
  );
  return short ? [raise, whoSetIt(text`see whether the idle timeout was changed lately`), findSlow] : [findSlow, raise];
}
