import { code, inSeconds, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { setLoadBalancerAttribute, type TaggedLoadBalancer } from '../../../remedies/load-balancer.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { AnswerPace } from '../../../semantics/traffic/answer-pace.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT, type TimeoutSetting } from '../../../semantics/traffic/idle-timeout.ts';
import { claim } from '../../argue.ts';
import { cite, citeAt } from '../../cite.ts';

export function paceClaim({ slowest, isNear, slowed }: AnswerPace, { seconds }: TimeoutSetting) {
  const near = isNear
    ? text`, near the idle timeout of ${inSeconds(seconds)}`
    : text`: those that came were far from the idle timeout`;
  const most = slowest !== null && cite.loadBalancerMetrics`the slowest answers took ${inSeconds(slowest)}${near}`;
  return claim<'loadBalancerMetrics'>(slowed, most);
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
