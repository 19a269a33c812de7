import { ERROR_KINDS } from '../../incident/cause.ts';
import type { Diagnosis, Episode, Symptoms } from '../../incident/diagnosis.ts';
import {
  andList,
  count,
  duration,
  formatNumber,
  percent,
  resource,
  type Text,
  type Time,
  text,
  time,
  words,
} from '../../incident/text.ts';
import { symptomCount } from '../../semantics/errors/symptoms.ts';
import { type Clock, day, spokenRange } from '../times.ts';
import { kindName, stillFail } from './phrases.ts';

/** How many requests it costs, since when, and which way it goes. */
export function goingOn(diagnosis: Diagnosis, clock: Clock): Text {
  const { episode, symptoms, window, verdict, loadBalancer } = diagnosis;
  const of = text`${resource(loadBalancer.name)}: `;
  const cost = whatItCosts(diagnosis);
  const single = verdict.status === 'quiet' && episode?.of === 'errors';
  if (episode === null || single) {
    return text`${of}${cost} from ${spokenRange(window.from, window.to, clock)}.`;
  }

  const failing = episode.of === 'failing-targets' || total(symptoms) === 0;
  const until = lastSeen(diagnosis, episode, failing);
  const span =
    until === null
      ? text`since ${onsetSaid(episode)}`
      : episode.older
        ? text`from ${onsetSaid(episode)} to ${time(until)}`
        : text`from ${spokenRange(episode.onset, until, clock)}`;
  // A day that is not today's stands beside the time already.
  const date = day(episode.onset) === day(clock.today) ? text` (${day(episode.onset)})` : '';
  const when = text`${span}${date}${course(diagnosis, episode, clock, failing)}`;
  if (failing)
    return text`${of}targets ${until === null ? 'fail' : 'failed'} their health checks ${when}; ${cost}.${besides(diagnosis)}`;
  return text`${of}${cost} ${when}${lately(diagnosis)}.${besides(diagnosis)}`;
}

const onsetSaid = ({ older, onset }: Episode): Text => text`${older ? 'before ' : ''}${time(onset)}`;

/** Until when they failed, as far as anybody knows; `null` while they do. */
function lastSeen(diagnosis: Diagnosis, { end, unasked, unmended }: Episode, failing: boolean): Time | null {
  if (end !== null) return end;
  const since = (unasked ?? unmended)?.since;
  if (since !== undefined) return failing ? null : since;
  return stillFail(diagnosis) ? null : diagnosis.window.to;
}

/** Of what rises or falls, where it has come to. */
function lately(diagnosis: Diagnosis): Text {
  const share = diagnosis.episode?.shareLately;
  if (share === undefined || !stillFail(diagnosis)) return [];
  return text`: ${share === 0 ? 'none' : percent(share)} in the last minutes`;
}

/** How it went on: in bursts, until nobody asked any more, or up and down. */
function course(diagnosis: Diagnosis, episode: Episode, clock: Clock, failing: boolean): Text {
  const { recurring, unasked, unmended, trend } = episode;
  const last = recurring?.last;
  const every = recurring?.everySeconds ? text`, about every ${duration(recurring.everySeconds)}` : '';
  const bursts =
    recurring && last
      ? text`, in ${recurring.bursts} bursts${every}, the last from ${spokenRange(last.from, last.to, clock)}`
      : '';
  if (unasked !== undefined) {
    const there = unasked.targetGroups === undefined ? 'a target' : 'what is broken';
    return failing
      ? text`${bursts}, no request has been sent to ${there} since ${time(unasked.since)}`
      : text`${bursts}; none has been sent to ${there} since`;
  }
  if (unmended !== undefined) {
    return failing
      ? text`${bursts}, no request has failed since ${time(unmended.since)}`
      : text`${bursts}; none has failed since`;
  }
  if (trend === 'over') return text`${bursts}, ended`;
  // Read long after, nobody knows how it went on.
  return stillFail(diagnosis) ? text`${bursts}, ${trend}` : text`${bursts}`;
}

function whatItCosts(diagnosis: Diagnosis): Text {
  const { episode, symptoms, verdict } = diagnosis;
  const quiet = verdict.status === 'quiet';
  const seen = episode?.of === 'errors' && !quiet ? episode.errors : total(symptoms);
  if (seen === null) return words('how many requests fail could not be seen');
  if (seen === 0) return words('no 5xx was seen');
  const share = episode?.errorShare ?? symptoms.errorShare;
  const kinds = kindsOf(symptoms);
  if (quiet && symptoms.requests !== null) {
    return text`${formatNumber(seen)} of ${count(symptoms.requests, 'request')} failed${kinds}`;
  }
  if (share === null) return text`${count(seen, 'error')}${kinds}; out of how many requests was not seen`;
  return text`${percent(share)} of requests ${stillFail(diagnosis) ? 'fail' : 'failed'}${kinds}`;
}

/** What is no 5xx, and fails whoever asked all the same. */
function besides({ refused, verdict }: Diagnosis): Text {
  if (refused === undefined || verdict.status === 'quiet') return [];
  const { requests, share, since, shareBefore } = refused;
  return text` In addition, the load balancer itself answered ${count(requests, 'request')} with 4xx since ${time(since)}: ${percent(share)} of all that reached it since then, against ${shareBefore === 0 ? 'none' : percent(shareBefore)} before.`;
}

/** All errors that were seen; `null` where none could be. */
export function total({ elb, target5xx }: Symptoms): number | null {
  const seen = [...Object.values(elb), target5xx].filter((errors) => errors !== null);
  return seen.length === 0 ? null : seen.reduce((sum, errors) => sum + errors, 0);
}

function kindsOf(symptoms: Symptoms): Text {
  const seen = ERROR_KINDS.filter((kind) => (symptomCount(symptoms, kind) ?? 0) > 0);
  return seen.length === 0 ? [] : text` (${andList(seen.map(kindName), 6)})`;
}

/** Of an alarm that is OK: whether the errors are over, too. */
export function recovery(diagnosis: Diagnosis): Text {
  const { kind, durationSeconds, episode } = diagnosis;
  if (kind !== 'recovered') {
    const but = notOver(diagnosis);
    return but === null ? text`The alarm is OK.` : text`The alarm is OK, but ${but}.`;
  }
  const lasted = durationSeconds === undefined ? '' : text` after ${duration(durationSeconds)} in alarm`;
  // When the alarm changed is no proof of when the errors ended.
  if (episode === null) return text`The alarm is OK${lasted}.`;
  if (episode.end === null) return text`Recovered${lasted}.`;
  const since =
    episode.of === 'failing-targets' ? text`no target has failed its health checks since` : text`over since`;
  return text`Recovered${lasted}; ${since} ${time(episode.end)}.`;
}

function notOver({ episode, symptoms }: Diagnosis): Text | null {
  if (episode?.of === 'errors') {
    if (episode.unmended !== undefined) {
      return text`the fault stands: no request has failed since ${time(episode.unmended.since)}, but health checks do`;
    }
    if (episode.unasked !== undefined)
      return episode.unasked.targetGroups === undefined
        ? words('that is for lack of requests: nothing shows that the fault is gone')
        : words('requests no longer go to what was broken: nothing shows that the fault is gone');
    const { recurring } = episode;
    if (recurring?.everySeconds) {
      return text`errors came ${recurring.bursts} times, about every ${duration(recurring.everySeconds)}, the last time at ${time(recurring.last.from)}: they may come back`;
    }
    return episode.end === null ? words('the errors are not over, or not for long enough to tell') : null;
  }
  if (total(symptoms) === null) return words('whether requests fail could not be seen');
  if (episode === null || episode.end !== null) return null;
  const unasked = symptoms.requests ? '' : ', and no request was counted';
  return text`targets fail their health checks${unasked}`;
}
