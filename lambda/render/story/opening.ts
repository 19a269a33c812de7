import { ERROR_KINDS } from '../../incident/cause.ts';
import type { Diagnosis, Episode, Symptoms } from '../../incident/diagnosis.ts';
import type { Finding } from '../../incident/finding.ts';
import {
  andList,
  code,
  count,
  duration,
  formatNumber,
  percent,
  type Text,
  text,
  time,
  verbatim,
  words,
} from '../../incident/text.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { type Clock, day, spokenRange } from '../times.ts';
import { type Block, headline, paragraph } from './block.ts';
import { allow, coverageLine } from './coverage.ts';
import { includes, kindName, ofErrors, sentence, shareSaid, stillFail, withFullStop } from './phrases.ts';

/** What a tired engineer reads first: what is wrong, since when and how bad, how sure. What to run follows. */
export function opening(diagnosis: Diagnosis, clock: Clock): readonly Block[] {
  if (diagnosis.kind === 'failed') return failure(diagnosis);
  return [
    ...(diagnosis.trigger.state === 'OK' ? [headline(recovery(diagnosis))] : []),
    headline(whatIsWrong(diagnosis)),
    paragraph(extent(diagnosis, clock)),
    ...(diagnosis.verdict.status === 'inconclusive' ? changedBefore(diagnosis) : []),
    paragraph(sureness(diagnosis)),
    ...(diagnosis.verdict.status === 'inconclusive' ? allow(diagnosis) : []),
  ];
}

/** Where no cause is found, what was changed shortly before is the best place to look. */
function changedBefore({ episode, changes }: Diagnosis): readonly Block[] {
  if (episode === null || episode.older) return [];
  const before = changes.filter(({ at }) => {
    const seconds = secondsBetween(at, episode.onset);
    return seconds > -60 && seconds <= SHORTLY;
  });
  const last = before.at(-1);
  if (last === undefined) return [];
  const more = before.length === 1 ? '' : text` (the last of ${before.length} changes in the half hour before)`;
  return [
    paragraph(
      text`Look first at what was changed shortly before, at ${time(last.at)}${more}: ${code(last.who)}: ${verbatim(last.what)}. Whether it matters is not known.`,
    ),
  ];
}

const SHORTLY = 1800;

function failure(diagnosis: Diagnosis): readonly Block[] {
  const { verdict, error, trigger, loadBalancer } = diagnosis;
  const why =
    error === undefined || includes(verdict.headline, verbatim(error)) ? [] : [paragraph(sentence(verbatim(error)))];
  const stands =
    trigger.alarmName === undefined || trigger.state === 'OK'
      ? words('Nothing is known about the cause.')
      : text`The alarm ${code(trigger.alarmName)} stands, and nothing is known about its cause.`;
  return [headline(sentence(verdict.headline, loadBalancer.name)), ...why, ...allow(diagnosis), paragraph(stands)];
}

/** Of an alarm that is OK: whether the errors are over, too. */
function recovery(diagnosis: Diagnosis): Text {
  const { kind, durationSeconds, trigger, episode } = diagnosis;
  if (kind !== 'recovered') {
    const but = notOver(diagnosis);
    return but === null ? text`The alarm is OK.` : text`The alarm is OK, but ${but}.`;
  }
  const lasted = durationSeconds === undefined ? '' : text` after ${duration(durationSeconds)} in alarm`;
  const end = episode?.end ?? trigger.at;
  return end === null ? text`Recovered${lasted}.` : text`Recovered${lasted}; over since ${time(end)}.`;
}

function notOver({ episode, symptoms }: Diagnosis): Text | null {
  if (episode?.of === 'errors') {
    if (episode.unmended !== undefined) {
      return text`the fault stands: no request has failed since ${time(episode.unmended.since)}, but health checks do`;
    }
    if (episode.unasked !== undefined)
      return episode.unasked.targetGroups === undefined
        ? words('that is for lack of requests: nothing shows that the fault is gone')
        : words('no request goes to what was broken any more: nothing shows that the fault is gone');
    const { recurring } = episode;
    if (recurring?.everySeconds) {
      return text`errors came ${recurring.bursts} times, about every ${duration(recurring.everySeconds)}, the last time at ${time(recurring.last.from)}: they may come again`;
    }
    return episode.end === null ? words('the errors are not over, or not for long enough to tell') : null;
  }
  if (total(symptoms) === null) return words('whether requests fail could not be seen');
  if (episode === null || episode.end !== null) return null;
  const unasked = symptoms.requests ? '' : ', and no request was counted';
  return text`targets fail their health checks${unasked}`;
}

function whatIsWrong({ verdict, loadBalancer }: Diagnosis): Text {
  const says = sentence(verdict.headline, loadBalancer.name);
  if (verdict.status !== 'suspected' || startsWith(says, /^suspect/i)) return says;
  return text`Suspected: ${withFullStop(verdict.headline)}`;
}

function startsWith(says: Text, pattern: RegExp): boolean {
  const [first] = says;
  return first?.kind === 'word' && pattern.test(first.text);
}

/** Since when, which way it goes, and which share of the requests it costs. */
function extent(diagnosis: Diagnosis, clock: Clock): Text {
  const { episode, symptoms, window, verdict } = diagnosis;
  const cost = whatItCosts(diagnosis);
  const single = verdict.status === 'quiet' && episode?.of === 'errors';
  if (episode === null || single) return text`From ${spokenRange(window.from, window.to, clock)}: ${cost}.`;

  const onset = text`${episode.older ? 'before ' : ''}${time(episode.onset)}`;
  const span =
    episode.end === null
      ? text`since ${onset}`
      : episode.older
        ? text`from ${onset} to ${time(episode.end)}`
        : text`from ${spokenRange(episode.onset, episode.end, clock)}`;
  const failing = episode.of === 'failing-targets' || total(symptoms) === 0;
  // A day that is not today's stands beside the time already.
  const date = day(episode.onset) === day(clock.today) ? text` (${day(episode.onset)})` : '';
  const said = text`${failing ? 'targets failing ' : ''}${span}${date}${course(episode, clock)}: ${cost}`;
  return text`${sentence(said)}${besides(diagnosis)}`;
}

/** How it went on: in bursts, until nobody asked any more, or up and down. */
function course({ recurring, unasked, unmended, trend }: Episode, clock: Clock): Text {
  const last = recurring?.last;
  const every = recurring?.everySeconds ? text`, about every ${duration(recurring.everySeconds)}` : '';
  const bursts =
    recurring && last
      ? text`, in ${recurring.bursts} bursts${every}, the last from ${spokenRange(last.from, last.to, clock)}`
      : '';
  if (unasked !== undefined) {
    const there = unasked.targetGroups === undefined ? 'a target' : 'what is broken';
    return text`${bursts}, no request to ${there} since ${time(unasked.since)}`;
  }
  if (unmended !== undefined) return text`${bursts}, none since ${time(unmended.since)}`;
  return text`${bursts}, ${trend === 'over' ? 'ended' : trend}`;
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
  const lately = episode?.shareLately;
  if (stillFail(diagnosis) && lately !== undefined) {
    return text`${percent(share)} of requests failed${kinds}, ${lately === 0 ? 'none' : percent(lately)} in the last minutes`;
  }
  return text`${percent(share)} of requests ${stillFail(diagnosis) ? 'fail' : 'failed'}${kinds}`;
}

/** What is no 5xx, and fails whoever asked all the same. */
function besides({ refused, verdict }: Diagnosis): Text {
  if (refused === undefined || verdict.status === 'quiet') return [];
  const { requests, share, since, shareBefore } = refused;
  return text` Besides, the load balancer itself answered ${count(requests, 'request')} with 4xx since ${time(since)}: ${percent(share)} of all that reached it since then, against ${shareBefore === 0 ? 'none' : percent(shareBefore)} before.`;
}

/** All errors that were seen; `null` where none could be. */
export function total({ elb, target5xx }: Symptoms): number | null {
  const seen = [...Object.values(elb), target5xx].filter((errors) => errors !== null);
  return seen.length === 0 ? null : seen.reduce((sum, errors) => sum + errors, 0);
}

function kindsOf({ elb, target5xx }: Symptoms): Text {
  const seen = ERROR_KINDS.filter((kind) => ((kind === 'target5xx' ? target5xx : elb[kind]) ?? 0) > 0);
  return seen.length === 0 ? [] : text` (${andList(seen.map(kindName), 6)})`;
}

/** How sure, and why. Never more than the evidence says. */
function sureness(diagnosis: Diagnosis): Text {
  const { verdict, findings } = diagnosis;
  if (verdict.status === 'inconclusive') {
    const isShut = findings.some(({ strength, explains }) => strength !== 'circumstantial' && explains.length === 0);
    return text`Inconclusive, no cause ${isShut ? 'of 5xx ' : ''}found: ${coverageLine(diagnosis)}${notJudged(diagnosis)}`;
  }
  if (verdict.status === 'quiet') return words("Quiet: the load balancer's metrics were seen, and show no 5xx outage.");
  const [first] = findings;
  if (first === undefined) return sentence(words(verdict.status));
  const capped = first.capped === undefined ? [] : text` Not stronger: ${withFullStop(verbatim(first.capped))}`;
  if (verdict.status === 'identified') return text`Identified, ${first.strength}: ${proven(first, diagnosis)}${capped}`;
  // The headline says already that it is suspected.
  return text`${sentence(doubt(first, hasRivals(diagnosis)))}${capped}`;
}

const NAMES_AT_MOST = 3;

/** A few causes that are left are worth naming: it may be one of them. */
function notJudged({ undetermined }: Diagnosis): Text {
  if (undetermined.length === 0 || undetermined.length > NAMES_AT_MOST) return [];
  return text` Left: ${andList(undetermined.map(({ cause }) => code(cause)))}.`;
}

function proven({ strength }: Finding<Text>, diagnosis: Diagnosis): Text {
  if (strength === 'decisive') return text`the state AWS reports proves it.`;
  if (strength === 'circumstantial') return text`it fits what was seen.`;
  if (otherCauses(diagnosis).some(({ share }) => share !== 0)) {
    return text`independent signals agree; what else would fit is told below.`;
  }
  const left = notJudgedCount(diagnosis);
  return left === 0
    ? text`independent signals agree, and its rivals were ruled out.`
    : text`independent signals agree, and no rival was found; ${count(left, 'cause')} could not be judged.`;
}

/** Another cause is found or could not be judged. */
function hasRivals(diagnosis: Diagnosis): boolean {
  return notJudgedCount(diagnosis) > 0 || otherCauses(diagnosis).length > 0;
}

const notJudgedCount = ({ undetermined, broken }: Diagnosis): number => undetermined.length + broken.length;

/** Found besides the first, which does not bring them about. */
function otherCauses({ findings: [first, ...others] }: Diagnosis): readonly Finding<Text>[] {
  return others.filter(({ symptomOf, waiting }) => symptomOf !== first?.cause && !waiting);
}

function doubt(finding: Finding<Text>, rivals: boolean): Text {
  const { strength, share } = finding;
  if (strength === 'circumstantial') {
    return rivals
      ? text`it fits what was seen, and so may other causes.`
      : text`it fits what was seen, but nothing proves it.`;
  }
  if (share === null) return text`the fault is proven; whether it makes the errors could not be seen.`;
  const said = shareSaid(finding, share);
  return text`the fault is proven, but it explains ${share === 0 || said.startsWith('at most') ? '' : 'only '}${said} ${ofErrors(finding)}.`;
}
