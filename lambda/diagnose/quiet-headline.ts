import type { Survey } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import {
  count,
  formatNumber,
  percent,
  percentOf,
  type Text,
  text,
  time,
  uncapitalised,
  wholeDuration,
} from '../incident/text.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { allErrors, errorSeries } from '../semantics/errors/error-series.ts';
import { secondsBetween, sumOf, timeOfMinute } from '../semantics/time/minutes.ts';
import { fewerRequests, moreClientErrors, refusedRequests } from '../semantics/traffic/level-shifts.ts';
import { alarmedAbout } from './alarmed-about.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/** A window that ended longer ago than this, in seconds, tells nothing of now; what is not a metric was read now. */
const MOMENTS_AGO = 120;

/** What is told where no request fails, or next to none: which time that holds for, and what is wrong all the same. */
export function quietly(
  total: number,
  episode: EpisodeSpan | null,
  ranked: readonly FindingWithShare[],
  snapshot: Snapshot,
): Text {
  const window = snapshot.question.asked ?? snapshot.question.window;
  const { collectedAt } = snapshot;
  const past = secondsBetween(window.to, collectedAt) > MOMENTS_AGO;
  const long = wholeDuration(secondsBetween(window.from, window.to));
  const span = past ? text`the ${long} up to ${time(window.to)}` : text`the last ${long}`;
  if (total > 0) {
    const requests = total === 1 ? 'One request was' : text`${formatNumber(total)} requests were`;
    const beside = alarmedAbout(snapshot) ?? clientErrorsSaid(snapshot);
    return text`${requests} answered 5xx in ${span}${beside === null ? ': no outage' : text`, but ${beside}`}`;
  }
  if (episode?.of === 'failing-targets' && episode.end === null) {
    const check = ranked.find(isOfHealthChecks);
    const why = check === undefined ? '' : text`; ${uncapitalised(check.found.says)}`;
    return text`No request was answered 5xx in ${span}, but ${targetsSaid(snapshot)} health checks since ${time(episode.onset)}${why}`;
  }
  const [fault] = ranked.filter(isConfident);
  if (past && fault !== undefined) {
    return text`No request was answered 5xx in ${span}; as AWS was read at ${time(collectedAt)}, ${uncapitalised(fault.found.says)}`;
  }
  const shut = ranked.filter(isConfident).find(explainsNo5xx);
  if (shut !== undefined) return text`No request was answered 5xx in ${span}, but ${uncapitalised(shut.found.says)}`;
  const turn = alarmedAbout(snapshot) ?? turned(snapshot);
  if (turn !== null) return text`No request was answered 5xx in ${span}, but ${turn}`;
  const earlier = lastError(snapshot);
  if (earlier !== null) {
    return text`No request was answered 5xx in ${span}; the last error was at ${time(earlier)}`;
  }
  const survey = ifSeen(snapshot.evidence.loadBalancerMetrics)?.survey;
  // What clients saw hours ago was looked at for 5xx only.
  if (survey !== undefined) return text`No request was answered 5xx in ${span}${refusedIn(survey)}`;
  const elsewhere = past ? 'a 5xx that clients saw until then did' : 'a 5xx that clients see does';
  return text`No request was answered 5xx in ${span}: ${elsewhere} not come from this load balancer or its targets`;
}

function targetsSaid({ evidence: { targetHealth } }: Snapshot): Text {
  const isOnly = targetHealth.seen && targetHealth.gaps.length === 0 && targetHealth.value.length === 1;
  return isOnly ? text`the only target has failed its` : text`targets have failed their`;
}

/** What the checks get, as AWS shows it: nothing else makes them fail. */
function isOfHealthChecks(one: FindingWithShare): boolean {
  return one.cause.fromHealthChecks && (isConfident(one) || one.found.serves === true);
}

function refusedIn(survey: Survey): Text {
  const refused = sumOf(survey.values.HTTPCode_ELB_4XX_Count ?? []) ?? 0;
  return refused === 0 ? text`` : text`; the load balancer itself answered ${count(refused, 'request')} with 4xx`;
}

/** What clients may see as errors all the same. */
function turned(snapshot: Snapshot): Text | null {
  const { evidence, question } = snapshot;
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (metrics === undefined) return null;
  const errors = clientErrorsSaid(snapshot);
  if (errors !== null) return errors;
  const fewer = fewerRequests(metrics, question.window);
  return fewer === null
    ? null
    : text`${percentOf('only', fewer.now / fewer.before)} of the usual requests have arrived since ${time(fewer.since)}: look in front of the load balancer`;
}

/** Requests that are answered 4xx, and were not before, or many of them by the load balancer itself. */
function clientErrorsSaid({ evidence, question: { window } }: Snapshot): Text | null {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (metrics === undefined) return null;
  const own = refusedRequests(metrics, window);
  const answered = own ?? moreClientErrors(metrics, window);
  if (answered === null) return null;
  const share = percent(Math.min(1, answered.share));
  if (answered.since === null) {
    const before = answered.before === null ? '' : text` (${percent(answered.before)} in the hour before)`;
    return text`the load balancer itself answered ${share} of requests with 4xx${before}`;
  }
  return text`the ${own === null ? 'targets have' : 'load balancer has'} answered ${share} of requests with 4xx since ${time(answered.since)}`;
}

function lastError({ evidence }: Snapshot): string | null {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (metrics === undefined) return null;
  const last = allErrors(errorSeries(metrics)).findLastIndex((value) => value !== null && value > 0);
  return last < 0 ? null : timeOfMinute(metrics.grid, last);
}

/** It keeps clients out, or fails them in another way. */
export function explainsNo5xx({ found }: FindingWithShare): boolean {
  return found.explains.length === 0;
}
