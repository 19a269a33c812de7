import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { code, formatNumber, inSeconds, type Phrase, percent, type Text, text, time } from '../../incident/text.ts';
import { maxOf, minuteOf, valuesIn } from '../../semantics/time/minutes.ts';
import { fewerRequests, type LevelShift, moreClientErrors } from '../../semantics/traffic/level-shifts.ts';

/** No 5xx, and errors to whoever sees them: 4xx that were not there before, or requests that no longer get here. */
export function clientCircumstances({
  evidence,
  question: { window, asked = window },
}: Snapshot): readonly Citation<Text>[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  // What is told here goes on: of a moment long before the one asked about, nothing is known to.
  if (metrics === undefined || window.to !== asked.to) return [];
  const own = moreClientErrors(metrics, 'HTTPCode_ELB_4XX_Count', window);
  const targets = moreClientErrors(metrics, 'HTTPCode_Target_4XX_Count', window);
  const fewer = fewerRequests(metrics, window);
  return [
    ...(own === null
      ? []
      : [said(own, text`the load balancer itself has answered ${shareSaid(own)}: ${ofWhom(metrics, own)}`)]),
    ...(targets === null ? [] : [said(targets, text`the targets have answered ${shareSaid(targets)}`)]),
    ...(fewer === null
      ? []
      : [
          said(
            fewer,
            text`requests fell from ${aMinute(fewer.before)} to ${aMinute(fewer.now)} a minute at ${time(fewer.since)}: the others do not get to the load balancer, or are not sent`,
          ),
        ]),
  ];
}

const said = ({ since }: LevelShift, shows: Text): Citation<Text> => ({
  from: 'loadBalancerMetrics',
  shows,
  at: since,
});

function shareSaid({ now, before, since }: LevelShift): Text {
  return text`${percent(Math.min(1, now))} of the requests with 4xx since ${time(since)} (${percent(before)} before)`;
}

/** An answer that takes so long, in seconds, is one that clients give up waiting for. */
const PATIENCE = 10;

/** Whoever closes the connection first is counted as 460. */
function ofWhom(metrics: Metrics<LoadBalancerMetric>, { since }: LevelShift): Text {
  const first = minuteOf(metrics.grid, since);
  const slow = metrics.values['TargetResponseTime.max'];
  const now = maxOf(valuesIn(slow, { first, last: metrics.grid.minutes - 1 })) ?? 0;
  const before = maxOf(valuesIn(slow, { first: first - 60, last: first - 1 })) ?? 0;
  return now >= PATIENCE && now >= 2 * before
    ? text`clients that give up first are counted so (${code(460)}), and answers take up to ${inSeconds(now)} (${inSeconds(before)} before)`
    : text`the access log tells ${code(460)} (a client that gave up) from ${code(400)} (broken HTTP), ${code(401)} (a login) and ${code(403)} (AWS WAF)`;
}

const aMinute = (value: number): Phrase => formatNumber(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
