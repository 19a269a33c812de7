import type {
  AccessLog,
  ConnectionLog,
  ConnectionTally,
  Grid,
  HealthCheckLog,
  HealthCheckTally,
  LogReading,
  RequestTally,
  Times,
} from '../../lambda/incident/evidence.ts';
import { METRIC_MINUTES } from '../../lambda/incident/question.ts';
import { closedAfter, endingOf, isClosing, isFailure } from '../../lambda/semantics/logs/endings.ts';
import { plusSeconds, timeOfMinute } from '../../lambda/semantics/time/minutes.ts';
import { between, NOW, TG } from './a-snapshot.ts';

/** What the load balancer logged, on the grid of the metrics: minute 179 is 14:29. All of it was read unless told otherwise. */

const GRID: Grid = { from: plusSeconds(NOW, -METRIC_MINUTES * 60), minutes: METRIC_MINUTES };

interface LoggedRequests extends Omit<Partial<RequestTally>, 'count' | 'ending' | 'lasted' | 'target' | 'until'> {
  /** So many minutes ago they began, and ended: `[10, 0]` are the newest ten. */
  readonly minutes?: readonly [from: number, until: number];
  readonly aMinute?: number;
  /** Request, target, response in seconds, as the load balancer writes them: -1 where there is none. */
  readonly times?: readonly [number, number, number];
  /** Seconds from arrival to answer. */
  readonly lasted?: number;
  readonly actions?: string;
}

/**
 * Requests that are alike: `logged({code: 502, times: [-1, -1, -1], lasted: 0.002})`, ten a minute for ten minutes, of
 * `GET /` to 10.0.10.11:8080 of the group `web`. How they ended follows from the law.
 */
export function logged(like: LoggedRequests = {}): RequestTally {
  const { minutes = [10, 0], aMinute = 10, code = 200, lasted = 0.05, actions = 'forward', ...rest } = like;
  const [requestTime, targetTime, responseTime] = (like.times ?? TIMES).map((time) => (time < 0 ? null : time));
  const { address = '10.0.10.11', targetGroup = TG, reason = null } = rest;
  const end = {
    ...{ code, reason, lasted, actions, address, targetGroup },
    targetCode: like.targetCode === undefined ? (code < 400 ? code : null) : like.targetCode,
    ...{ requestTime: requestTime ?? null, targetTime: targetTime ?? null, responseTime: responseTime ?? null },
  };
  const ending = endingOf(end);
  const until = isClosing(ending) ? closedAfter(end) : null;
  const { times: _times, ...row } = rest;
  const counted = countedIn(minutes, aMinute);
  const failed = isFailure(code, ending);
  return {
    ...{ code, targetCode: end.targetCode, ending, address, port: address === null ? null : 8080, targetGroup },
    ...{ method: 'GET', path: '/', type: failed ? 'http' : null, reason, classification: null },
    ...{
      classificationReason: null,
      priority: failed ? 0 : null,
      node: failed ? '10.0.0.10' : null,
      streamError: null,
    },
    ...{ receivedBytes: 300 * counted.count, sentBytes: 500 * counted.count },
    ...row,
    ...counted,
    lasted: timesOf(lasted, counted.count),
    target: end.targetTime === null ? null : timesOf(end.targetTime, counted.count),
    until: until === null ? null : timesOf(until, counted.count),
  };
}

const TIMES = [0.001, 0.045, 0] as const;

/** All of one value. */
function timesOf(seconds: number, count: number): Times {
  return { count, min: seconds, p50: seconds, p99: seconds, max: seconds, clusters: [{ seconds, count }] };
}

function countedIn([from, until]: readonly [number, number], aMinute: number) {
  const perMinute = between(from, until, aMinute).map((value) => value ?? 0);
  return {
    ...{ count: aMinute * (from - until), perMinute },
    first: timeOfMinute(GRID, METRIC_MINUTES - from),
    last: plusSeconds(timeOfMinute(GRID, METRIC_MINUTES - until), -0.5),
  };
}

function logReading(lines: number, ill: Partial<LogReading> = {}): LogReading {
  const file = { from: GRID.from, to: NOW };
  return {
    places: ['s3://web-logs/alb'],
    ...file,
    intervals: [{ ...file, files: { read: 2, of: 2 }, bytes: { read: 90_000, of: 90_000 } }],
    share: 1,
    lines,
    unreadable: { lines: 0, shapes: [] },
    first: GRID.from,
    last: NOW,
    ...ill,
  };
}

const sum = (tallies: readonly { readonly count: number }[]): number =>
  tallies.reduce((all, { count }) => all + count, 0);

/** What was logged, and nothing besides: `accessLog([logged(), logged({code: 504, times: [0.001, -1, -1], lasted: 60})])`. */
export function accessLog(
  requests: readonly RequestTally[],
  { reading = {}, ...ill }: Omit<Partial<AccessLog>, 'reading'> & { readonly reading?: Partial<LogReading> } = {},
): AccessLog {
  return { reading: logReading(sum(requests), reading), grid: GRID, requests, samples: [], ...ill };
}

/** `checked({passed: false, reason: 'TimedOut', latency: 5})`: two a minute for ten minutes, of 10.0.10.11:8080. */
export function checked({
  minutes = [10, 0],
  aMinute = 2,
  latency = 0.01,
  passed = true,
  ...ill
}: Omit<Partial<HealthCheckTally>, 'latency'> & {
  readonly minutes?: readonly [from: number, until: number];
  readonly aMinute?: number;
  readonly latency?: number;
} = {}): HealthCheckTally {
  const counted = countedIn(minutes, aMinute);
  return {
    ...{ type: 'http', address: '10.0.10.11', port: 8080, targetGroupName: 'web', passed, code: passed ? 200 : null },
    ...{ reason: passed ? null : 'TimedOut', node: '10.0.0.10', ...counted, latency: timesOf(latency, counted.count) },
    ...ill,
  };
}

export function healthCheckLog(checks: readonly HealthCheckTally[], reading: Partial<LogReading> = {}): HealthCheckLog {
  return { reading: logReading(sum(checks), reading), grid: GRID, checks };
}

/** Ten connections a minute for ten minutes, on port 443. */
export function connected({
  minutes = [10, 0],
  aMinute = 10,
  ...ill
}: Partial<ConnectionTally> & {
  readonly minutes?: readonly [from: number, until: number];
  readonly aMinute?: number;
} = {}): ConnectionTally {
  return {
    ...{ listenerPort: 443, protocol: 'TLSv1.3', verified: null, handshake: true, node: '10.0.0.10', latency: null },
    ...countedIn(minutes, aMinute),
    ...ill,
  };
}

export function connectionLog(
  connections: readonly ConnectionTally[],
  reading: Partial<LogReading> = {},
): ConnectionLog {
  return { reading: logReading(sum(connections), reading), grid: GRID, connections };
}
