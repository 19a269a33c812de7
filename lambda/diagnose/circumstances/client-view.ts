import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { code, formatNumber, inSeconds, type Phrase, percent, type Text, text, time } from '../../incident/text.ts';
import { levelIn, meanOf, minuteOf, valuesIn } from '../../semantics/time/minutes.ts';
import {
  type ClientErrors,
  fewerRequests,
  moreClientErrors,
  refusedRequests,
} from '../../semantics/traffic/level-shifts.ts';

/** What the load balancer itself refused, where that rose, to be told beside the share of 5xx. */
export function risenRefusals({
  evidence,
  question: { window, asked = window },
}: Snapshot): Pick<Diagnosis, 'refused'> {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  const own = metrics === undefined || window.to !== asked.to ? null : refusedRequests(metrics, window);
  if (own === null || own.since === null || own.before === null) return {};
  const { requests, share, since, before } = own;
  return { refused: { since, requests, share: Math.min(1, share), shareBefore: before } };
}

/** No 5xx, and errors to whoever sees them: 4xx that were not there before, or requests that no longer get here. */
export function clientCircumstances({
  evidence,
  question: { window, asked = window },
}: Snapshot): readonly Citation<Text>[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  // What is told here goes on: of a moment long before the one asked about, nothing is known to.
  if (metrics === undefined || window.to !== asked.to) return [];
  const own = refusedRequests(metrics, window);
  const targets = moreClientErrors(metrics, window);
  const fewer = fewerRequests(metrics, window);
  return [
    ...(own === null ? [] : [said(own, text`the load balancer itself ${shareSaid(own)}: ${ofWhom(metrics, own)}`)]),
    ...(targets === null ? [] : [said(targets, text`the targets ${shareSaid(targets, 'have')}`)]),
    ...(fewer === null
      ? []
      : [
          said(
            fewer,
            text`requests have fallen from ${aMinute(fewer.before)} a minute to ${aMinute(fewer.now)} a minute on average since ${time(fewer.since)}: the others do not reach the load balancer, or are not sent`,
          ),
        ]),
  ];
}

const said = ({ since }: Pick<ClientErrors, 'since'>, shows: Text): Citation<Text> => ({
  from: 'loadBalancerMetrics',
  shows,
  ...(since === null ? {} : { at: since }),
});

function shareSaid({ share, since, before }: ClientErrors, have: 'has' | 'have' = 'has'): Text {
  const requests = text`answered ${percent(Math.min(1, share))} of the requests with 4xx`;
  if (since === null) return text`${requests}${before === null ? '' : text` (${percent(before)} in the hour before)`}`;
  return text`${have} ${requests} since ${time(since)}${before === null ? '' : text` (${percent(before)} before)`}`;
}

/** An answer that takes so long, in seconds, is one that clients give up waiting for. */
const PATIENCE = 10;

/** Whoever closes the connection first is counted as 460. Minutes are held against minutes: an hour's slowest is one request. */
function ofWhom(metrics: Metrics<LoadBalancerMetric>, { since }: ClientErrors): Text {
  const inLog = text`the access log distinguishes ${code(460)} (a client that gave up) from ${code(400)} (broken HTTP), ${code(401)} (a login), ${code(403)} (AWS WAF) and ${code(464)} (another protocol version)`;
  if (since === null) return inLog;
  const first = minuteOf(metrics.grid, since);
  const slow = metrics.values['TargetResponseTime.max'];
  const now = meanOf(valuesIn(slow, { first, last: metrics.grid.minutes - 1 })) ?? 0;
  const before = levelIn(slow, { first: first - 60, last: first - 1 });
  if (before === null || now < PATIENCE || now < 2 * before) return inLog;
  return text`a client that gives up first counts as 4xx (${code(460)}), and the slowest response of a minute takes ${inSeconds(now)} (${inSeconds(before)} before)`;
}

const aMinute = (value: number): Phrase => formatNumber(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
