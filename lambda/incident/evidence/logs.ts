import type { Time } from '../text.ts';
import type { Grid } from './metrics.ts';

/**
 * What the load balancer itself wrote, counted as it was read: tallies and a few samples, never lines. No address of a
 * client, no query, cookie, token or user agent is kept.
 */

/** How much there is, and how much of it was read. */
export interface ReadOf {
  readonly read: number;
  readonly of: number;
}

/** What was delivered for some minutes: counts of them stand for all that was logged only as far as all was read. */
export interface LogInterval {
  readonly from: Time;
  readonly to: Time;
  readonly files: ReadOf;
  /** As stored, compressed. */
  readonly bytes: ReadOf;
}

export interface LogReading {
  /** `s3://bucket/prefix` or the name of a log group; one where all was found. */
  readonly places: readonly string[];
  /** What was asked for. Logs come five to ten minutes late: what no interval tells is not there yet, or never was. */
  readonly from: Time;
  readonly to: Time;
  /** Oldest first, of a bucket. Of a log group, one interval that says how much of it was read. */
  readonly intervals: readonly LogInterval[];
  /** Of all that was found, by its bytes: below 1, the counts are of a sample, and only shares of them say anything. */
  readonly share: number;
  /** Of this load balancer and these minutes; all tallies sum up to it. */
  readonly lines: number;
  /** What could not be read as a line of this log, and how a few of these look: letters as `a`, digits as `0`. */
  readonly unreadable: { readonly lines: number; readonly shapes: readonly string[] };
  /** The first and the last moment that a line of it is about. */
  readonly first: Time | null;
  readonly last: Time | null;
}

/** Seconds, over the lines in which the load balancer wrote them; `null` where it wrote none. */
export interface Times {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /**
   * Values that many share, within 3 % of each other: a worker's own timeout, the idle timeout. The most shared first, each
   * of at least a tenth of them all.
   */
  readonly clusters: readonly { readonly seconds: number; readonly count: number }[];
}

/** Counts by minute, the rows of a log's tally: how often, when, and when exactly for the first and the last time. */
export interface Tally {
  readonly count: number;
  /** One count for each minute of the grid. */
  readonly perMinute: readonly number[];
  readonly first: Time;
  readonly last: Time;
}

/**
 * How a request ended, by what the line says and nothing else: codes, the three times, how long it took. The law is
 * `semantics/logs/endings.ts`.
 *
 * - `answered`: by the target, and passed on as it was
 * - `connection-failed`: 502 at once (within 0.1 s), never dispatched: the target refused or reset the connection, or TLS
 *   failed at once
 * - `broke-off`: 502 later than that, and never dispatched as far as the line says: TLS that failed, or a target that
 *   closed without an answer
 * - `connect-timeout`: 504 after ten seconds, never dispatched: nothing answered the load balancer's packets
 * - `silent`: 504, and the target had the request: it did not answer until the idle timeout was over (`lasted`)
 * - `closed-at-once`: 502, dispatched, closed by the target within 0.01 s: an idle connection that it had closed
 * - `closed`: 502, dispatched, closed by the target before it answered; `until` says after how long
 * - `bad-answer`: 502, and the target did answer, with what is no answer: header too large, malformed, broken off
 * - `not-passed-on`: the target answered with one code, and the client got another
 * - `no-target`: 503, no target of the group could be chosen
 * - `fixed-response`, `redirect`: a rule answered
 * - `waf`: the web ACL answered; `waf-failed`: it could not be asked
 * - `authentication`: the identity provider, or what the client sent of it (`reason`)
 * - `lambda`: the function, or its invocation (`reason`)
 * - `client-left`: 460
 * - `client-fault`: any other 4xx of the load balancer itself
 * - `unexplained`: none of these
 */
export type Ending =
  | 'answered'
  | 'connection-failed'
  | 'broke-off'
  | 'connect-timeout'
  | 'silent'
  | 'closed-at-once'
  | 'closed'
  | 'bad-answer'
  | 'not-passed-on'
  | 'no-target'
  | 'fixed-response'
  | 'redirect'
  | 'waf'
  | 'waf-failed'
  | 'authentication'
  | 'lambda'
  | 'client-left'
  | 'client-fault'
  | 'unexplained';

/**
 * In place of a path, or of an address: the rarer ones together, which would have been too many rows. A sum over rows is
 * right with them; a row of theirs is no path, and no target.
 */
export const OTHERS = '(others)';

/** What was asked for, and of whom. */
export interface RequestLine {
  /** As the load balancer answered. */
  readonly code: number;
  /** As the target answered; `null` where it did not. */
  readonly targetCode: number | null;
  readonly ending: Ending;
  /** The target's address and port; `null` where none was chosen. */
  readonly address: string | null;
  readonly port: number | null;
  /** The group's ARN; `null` where none was reached. */
  readonly targetGroup: string | null;
  /** `null` where the request line is none. */
  readonly method: string | null;
  /** `/orders/{number}/items/{uuid}`: ids folded, without query. */
  readonly path: string | null;
  /** `http`, `https`, `h2`, `grpcs`, `ws`, `wss`; of failures only. */
  readonly type: string | null;
  /** Of failures only, from here on: for what was answered well they are `null`. `error_reason`. */
  readonly reason: string | null;
  /** `Ambiguous` or `Severe`, and why. */
  readonly classification: string | null;
  readonly classificationReason: string | null;
  /** The number of the rule that matched; 0 is the default rule, -1 an error while matching. */
  readonly priority: number | null;
  /** The address of the load balancer's node, which tells the zone: `loadBalancerInterfaces`. */
  readonly node: string | null;
  /** The code of HTTP/2's RST_STREAM that the target sent. */
  readonly streamError: string | null;
}

/** Requests that are alike. */
export interface RequestTally extends RequestLine, Tally {
  /** From the request's arrival to the end of the answer: what there is even where the load balancer wrote no time. */
  readonly lasted: Times | null;
  /** The target's time, where the load balancer wrote one. */
  readonly target: Times | null;
  /** Of what ended as `closed`, `closed-at-once` or `broke-off`: seconds until the target closed. */
  readonly until: Times | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** One request as it was logged, without what is personal. Times in seconds; `null` where the load balancer wrote -1. */
export interface RequestSample extends RequestLine {
  readonly at: Time;
  readonly lasted: number | null;
  readonly requestTime: number | null;
  readonly targetTime: number | null;
  readonly responseTime: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** By the minute of the request's arrival. */
export interface AccessLog {
  readonly reading: LogReading;
  readonly grid: Grid;
  /**
   * The commonest first, failures (`isFailure`: what is told by row) apart from what was answered well: each with a row, a
   * few hundred at most, or summed up with the others of their code, group and target.
   */
  readonly requests: readonly RequestTally[];
  /** A few for each ending of a 5xx, the newest. */
  readonly samples: readonly RequestSample[];
}

/** Connections of clients, not of targets: it says nothing about the backend. */
export interface ConnectionTally extends Tally {
  readonly listenerPort: number;
  /** `null` without TLS, or where its handshake did not come to that. */
  readonly protocol: string | null;
  /** `Success`, `Failed:ClientCertExpired`; `null` where nothing was verified. */
  readonly verified: string | null;
  /** The handshake came to its end; `null` where the port speaks no TLS, as far as its lines tell. */
  readonly handshake: boolean | null;
  readonly node: string | null;
  readonly latency: Times | null;
}

export interface ConnectionLog {
  readonly reading: LogReading;
  readonly grid: Grid;
  readonly connections: readonly ConnectionTally[];
}

export interface HealthCheckTally extends Tally {
  readonly type: string;
  /** Address and port, or the ARN of a function with no port. */
  readonly address: string;
  readonly port: number | null;
  /** Its name: the log holds no ARN. */
  readonly targetGroupName: string;
  readonly passed: boolean;
  readonly code: number | null;
  /** `TimedOut`, `ConnectionReset`, `ResponseCodeMismatch`, …; `null` where the check passed. */
  readonly reason: string | null;
  readonly node: string | null;
  readonly latency: Times | null;
}

export interface HealthCheckLog {
  readonly reading: LogReading;
  readonly grid: Grid;
  readonly checks: readonly HealthCheckTally[];
}
