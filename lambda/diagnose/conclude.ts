import type { Diagnosis, Symptoms } from '../incident/diagnosis.ts';
import type { Trigger } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import {
  andList,
  count,
  percent,
  resource,
  type Text,
  text,
  time,
  uncapitalised,
  verbatim,
  wholeDuration,
} from '../incident/text.ts';
import { type EpisodeSpan, QUIET_ERRORS, totalErrors } from '../semantics/errors/episode.ts';
import { countsErrors } from '../semantics/errors/error-alarm.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { isFuture } from '../semantics/time/future.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import { noErrorRead } from './no-error-read.ts';
import { explainsNo5xx, quietly } from './quiet-headline.ts';
import { EXPLAINING_SHARE } from './share.ts';
import { isOfThenOnly, isProvedThen } from './state-age.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

export interface Conclusion {
  readonly verdict: Diagnosis['verdict'];
  readonly findings: readonly FindingWithShare[];
}

/** The verdict, in the order of its conditions: quiet, identified, suspected, inconclusive. */
export function conclude(
  ranked: readonly FindingWithShare[],
  symptoms: Symptoms,
  episode: EpisodeSpan | null,
  snapshot: Snapshot,
): Conclusion {
  const total = totalErrors(symptoms);
  if (total !== null && total <= QUIET_ERRORS && !alarmSawMore(snapshot.question.trigger, total)) {
    const findings = ranked.map((one) => inWaiting(one, total));
    return { verdict: { status: 'quiet', cause: null, headline: quietly(total, episode, ranked, snapshot) }, findings };
  }
  const { trigger, at } = snapshot.question;
  const doubted = isFuture(at, snapshot.collectedAt) || !alarmSawMore(trigger, 0);
  const none = total === null && doubted ? noErrorRead(episode, snapshot) : null;
  if (none !== null) {
    const [fault] = ranked.filter(isConfident);
    const stands =
      fault === undefined
        ? ''
        : text`; as AWS was read at ${time(snapshot.collectedAt)}, ${uncapitalised(fault.found.says)}`;
    const headline = text`No cause found: ${none}${stands}`;
    const findings = ranked.map((one) => inWaiting(one, 0));
    return { verdict: { status: 'inconclusive', cause: null, headline }, findings };
  }
  const findings = beforeOthers(ranked, (one) => !explainsNo5xx(one) && !one.later);
  const [first] = isOfThenOnly(episode, snapshot) ? findings.filter(isProvedThen) : findings;
  // What explains no 5xx at all keeps clients out beside these, whatever makes these.
  if (first === undefined || explainsNo5xx(first) || first.later) {
    const headline = withoutCause(symptoms, episode, snapshot, findings);
    return { verdict: { status: 'inconclusive', cause: null, headline }, findings };
  }
  // As few as these may be all there were, where others were not counted.
  const isOutage = total !== null || Math.max(countedErrors(symptoms), episode?.errors ?? 0) > QUIET_ERRORS;
  const identified = isOutage && isConfident(first) && (first.share ?? 0) >= EXPLAINING_SHARE;
  const headline = text`${first.found.says}${sinceThen(episode)}`;
  return {
    verdict: { status: identified ? 'identified' : 'suspected', cause: first.cause.id, headline },
    findings,
  };
}

function countedErrors({ elb, target5xx }: Symptoms): number {
  return [...Object.values(elb), target5xx].reduce((sum: number, value: number | null) => sum + (value ?? 0), 0);
}

function beforeOthers<T>(all: readonly T[], goes: (one: T) => boolean): readonly T[] {
  return [...all.filter(goes), ...all.filter((one) => !goes(one))];
}

/** What is not so any more: the errors, or the requests. */
function sinceThen(episode: EpisodeSpan | null): Text {
  if (episode === null) return [];
  if (episode.usualSince !== undefined)
    return text`; no more requests than usual have failed since ${time(episode.usualSince)}`;
  if (episode.end !== null) return text`; the errors stopped at ${time(episode.end)}`;
  const { unasked, unmended } = episode;
  if (unmended !== undefined) {
    return text`; no request has failed since ${time(unmended.since)}, though no target of ${groupNames(unmended.targetGroups)} is healthy`;
  }
  if (unasked === undefined) return [];
  const there = unasked.targetGroups === undefined ? text`a target` : groupNames(unasked.targetGroups);
  return text`; no request has been sent to ${there} since ${time(unasked.since)}`;
}

const groupNames = (arns: readonly string[]): Text => andList(arns.map((arn) => resource(groupName(arn))));

/** A fault that does no harm at the moment is a fault in waiting, never a root cause. */
function inWaiting(finding: FindingWithShare, errors: number): FindingWithShare {
  // What explains no 5xx needs none to be there: it keeps clients out all the same.
  if (!isConfident(finding) || explainsNo5xx(finding)) return finding;
  return {
    ...finding,
    found: { ...finding.found, strength: 'circumstantial' },
    capped:
      errors === 0
        ? 'there are no errors that it could cause'
        : `${count(errors, 'bad request')} ${errors === 1 ? 'is' : 'are'} too few to call an outage`,
  };
}

/** Whether the alarm's own datapoints show errors that the metrics, read a moment later, lack. */
function alarmSawMore(trigger: Trigger, total: number): boolean {
  const most = Math.max(0, ...(trigger.datapoints ?? []).map(({ value }) => value));
  return trigger.state === 'ALARM' && countsErrors(trigger) === true && most > total;
}

function withoutCause(
  symptoms: Symptoms,
  episode: EpisodeSpan | null,
  snapshot: Snapshot,
  findings: readonly FindingWithShare[],
): Text {
  const total = totalErrors(symptoms);
  const shut = findings.filter(isConfident).find(explainsNo5xx);
  // Whoever cannot get to it makes no request, and no error.
  if (total === null && shut !== undefined) return shut.found.says;
  if (total === null) return text`No cause found, and ${unseenErrors(snapshot)}`;
  const errors = episode?.of === 'errors' ? episode.errors : total;
  const among = episode?.errorShare ?? symptoms.errorShare;
  const share = among === null ? '' : text` (${percent(among)} of requests)`;
  const span =
    episode === null
      ? text``
      : episode.end === null
        ? text` since ${time(episode.onset)}`
        : text` until ${time(episode.end)}`;
  const failed = text`${count(errors, 'request')} answered 5xx${span}${share}${episode?.end === null ? sinceThen(episode) : ''}`;
  return text`${failed}, and no cause found in what could be seen`;
}

function unseenErrors({ evidence: { loadBalancerMetrics }, question: { window, asked = window } }: Snapshot): Text {
  if (!loadBalancerMetrics.seen) {
    const { why, detail } = loadBalancerMetrics;
    return why === 'not-asked' ? verbatim(detail) : text`the error metrics could not be seen`;
  }
  const { grid, survey } = loadBalancerMetrics.value;
  const span = text`the ${wholeDuration(secondsBetween(asked.from, asked.to))} up to ${time(asked.to)}`;
  if (survey !== undefined) return text`CloudWatch has no metrics of the load balancer in ${span}`;
  const whole = secondsBetween(asked.from, grid.from) <= 0;
  return whole ? text`the error metrics could not be seen` : text`${span} could not be read completely`;
}
