import type { Ending, Times } from '../../incident/evidence.ts';

/** What a line of the access log says of how the request ended. */
export interface EndOfRequest {
  readonly code: number;
  readonly targetCode: number | null;
  /** Of the target and of its group; `null` where none was chosen. */
  readonly address: string | null;
  readonly targetGroup: string | null;
  /** Seconds; `null` where the load balancer wrote -1. */
  readonly requestTime: number | null;
  readonly targetTime: number | null;
  readonly responseTime: number | null;
  readonly lasted: number | null;
  readonly reason: string | null;
  /** What its rule did, `waf,forward`; the last decided. */
  readonly actions: string | null;
}

/** A refusal takes one round trip to the target. */
const AT_ONCE = 0.1;
/** A target that had closed an idle connection resets it as soon as the request comes. */
const REUSE = 0.01;
/** The load balancer gives up connecting after ten seconds. */
const CONNECT_TIMEOUT = { from: 9.5, to: 11.5 };

/** How a request ended, as far as its line tells. Where that fits nothing known, it is `unexplained`, never the nearest. */
export function endingOf(end: EndOfRequest): Ending {
  return endingAhead(end) ?? endingAtTarget(end);
}

/** What ended before a target was asked, or was not the target's to answer. */
function endingAhead({ code, targetCode, address, reason, actions }: EndOfRequest): Ending | undefined {
  if (code === 460) return 'client-left';
  if (targetCode !== null) return targetCode === code ? 'answered' : 'not-passed-on';
  if (reason !== null && /^(?:Auth|JW[TK])/.test(reason)) return 'authentication';
  if (reason?.startsWith('WAF') || actions?.includes('waf-failed')) return 'waf-failed';
  if (reason?.startsWith('Lambda')) return 'lambda';
  if (address !== null) return undefined;
  const last = actions?.slice(actions.lastIndexOf(',') + 1);
  if (last === 'fixed-response' || last === 'redirect') return last;
  if (last === 'waf' && code >= 400) return 'waf';
  return undefined;
}

function endingAtTarget(end: EndOfRequest): Ending {
  if (end.address === null) return end.code === 503 && end.targetGroup !== null ? 'no-target' : withoutTarget(end);
  if (end.code === 502) return end.requestTime === null ? unsent(end) : sent(end);
  if (end.code === 504) return timedOut(end);
  return withoutTarget(end);
}

function withoutTarget({ code }: EndOfRequest): Ending {
  return code >= 400 && code < 500 ? 'client-fault' : 'unexplained';
}

function unsent({ lasted }: EndOfRequest): Ending {
  if (lasted === null) return 'unexplained';
  return lasted < AT_ONCE ? 'connection-failed' : 'broke-off';
}

function sent(end: EndOfRequest): Ending {
  if (end.responseTime !== null) return end.targetTime === null ? 'unexplained' : 'bad-answer';
  const until = closedAfter(end);
  if (until === null) return 'unexplained';
  return until < REUSE ? 'closed-at-once' : 'closed';
}

function timedOut({ requestTime, lasted }: EndOfRequest): Ending {
  if (requestTime !== null) return 'silent';
  if (lasted === null) return 'unexplained';
  return lasted >= CONNECT_TIMEOUT.from && lasted <= CONNECT_TIMEOUT.to ? 'connect-timeout' : 'unexplained';
}

/** Seconds until the target closed: its own time where the load balancer wrote one. */
export function closedAfter({ requestTime, targetTime, lasted }: EndOfRequest): number | null {
  if (targetTime !== null) return targetTime;
  return lasted === null ? null : Math.max(0, lasted - (requestTime ?? 0));
}

const CLOSINGS: readonly Ending[] = ['closed', 'closed-at-once', 'broke-off'];

export function isClosing(ending: Ending): boolean {
  return CLOSINGS.includes(ending);
}

/** What is told by row: errors, whoever made them, and what the load balancer itself answered with 4xx. */
export function isFailure(code: number, ending: Ending): boolean {
  return code >= 500 || (code >= 400 && ending !== 'answered');
}

/** What came of the request before it was sent, and of an answer that had begun, takes time besides. */
const AROUND_TIMEOUT = { least: 0.95, median: 1.25 };

/** Requests that ended when the load balancer had waited for so many seconds, and not before. */
export function isIdleTimeout(lasted: Times | null, seconds: number): boolean {
  if (lasted === null) return false;
  return lasted.min >= AROUND_TIMEOUT.least * seconds && lasted.p50 <= AROUND_TIMEOUT.median * seconds;
}
