import type {
  ApplicationCheck,
  ApplicationStatus,
  InstanceMetric,
  MetricsById,
  Target,
} from '../../incident/evidence.ts';
import { inTable } from '../../incident/in-table.ts';
import type { Time } from '../../incident/text.ts';
import { earliest, plusSeconds, timeOfMinute } from '../time/minutes.ts';

/**
 * What EC2 finds when it asks an application itself (EC2, "Application status checks"): a probe from inside the VPC, but
 * from an address of its own. What it reaches may still be closed to the load balancer, and the reverse.
 */
export interface Probe {
  readonly target: Target;
  readonly check: ApplicationCheck;
  readonly found: 'refused' | 'silent' | 'hung' | 'reset' | 'other-code' | 'well' | 'unclear';
}

/** Newer answers have these codes, older ones the names of a client library's errors. */
const FOUND: Readonly<Record<string, Probe['found']>> = {
  ConnectionRefused: 'refused',
  ConnectionTimeout: 'silent',
  HttpConnectTimeoutException: 'silent',
  ResponseTimeout: 'hung',
  ConnectionReset: 'reset',
  ResponseCodeMismatch: 'other-code',
  ResponseCodeMatched: 'well',
};

/** Of the checks that ask the very ports that these targets get requests on, those that came to a result. */
export function probesOf(targets: readonly Target[], statuses: readonly ApplicationStatus[]): readonly Probe[] {
  if (statuses.length === 0) return [];
  const byId = new Map(statuses.map(({ instanceId, checks }) => [instanceId, checks]));
  return targets.flatMap((target) =>
    (byId.get(target.id) ?? [])
      .filter(({ status, port }) => ['passed', 'failed'].includes(status) && port !== null && port === target.port)
      .map((check) => ({ target, check, found: inTable(FOUND, check.reason ?? '') ?? 'unclear' })),
  );
}

/** Somebody accepted the connection. */
export function connects({ found }: Probe): boolean {
  return ['hung', 'other-code', 'well'].includes(found);
}

/** Seconds from a fault to the second failed check in a row: EC2 asks once a minute. */
const DETECTED = 120;

/** The fault behind a failed check is older than the check's status; where that has no time, the metric has. */
export function faultSince(
  probes: readonly Probe[],
  metrics: MetricsById<InstanceMetric> | undefined,
): Time | undefined {
  const since = earliest(probes.map(({ target, check }) => check.since ?? failedFrom(target.id, metrics)));
  // No better than to the minute, and not before the fault can have been there.
  return since === undefined ? undefined : plusSeconds(since, 59 - DETECTED).replace(/:\d\dZ$/, ':00Z');
}

/** The first of the newest minutes in which the check failed; `null` where the newest says that it passed. */
function failedFrom(instanceId: string, metrics: MetricsById<InstanceMetric> | undefined): Time | null {
  const failed = metrics?.of.find(({ id }) => id === instanceId)?.values.StatusCheckFailed_Application ?? [];
  const passed = failed.lastIndexOf(0);
  const first = failed.findIndex((value, minute) => minute > passed && value !== null);
  return metrics === undefined || first < 0 ? null : timeOfMinute(metrics.grid, first);
}
