import type { LocateFailure } from '../collect/index.ts';
import { asFailed, failedDiagnosis } from '../diagnose/failed-diagnosis.ts';
import { CATALOGUE } from '../incident/cause.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { UNKNOWN } from '../incident/diagnosis.ts';
import type { Reference, Request, Subject } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import type { Log } from './log.ts';
import { VERSION } from './version.ts';

/** What is known of a request that failed, besides the request. */
export interface KnownFacts {
  /** AWS's time, where it answered at all. */
  readonly at?: Time;
  /** The IAM action that was refused. */
  readonly action?: string;
  readonly about?: Partial<Subject>;
  /** What was asked about is not there as it was named. */
  readonly unfound?: true | 'alarm';
}

/** The answer to a request of which nothing can be triaged. */
export function failedRequest(request: Request, error: string, known: KnownFacts = {}): Diagnosis {
  const readAt = known.at ?? `${new Date().toISOString().slice(0, 19)}Z`;
  const at = request.at ?? readAt;
  const { accountName } = request;
  const { name = UNKNOWN, arn, region, accountId, dimension } = { ...subjectIn(request.about), ...known.about };
  const spoken = dimension ?? (name === UNKNOWN ? (request.trigger.alarmName ?? name) : name);
  return failedDiagnosis({
    tool: { name: 'alb-triage', version: VERSION },
    collectedAt: readAt,
    incidentKey: [accountId ?? UNKNOWN, region ?? UNKNOWN, spoken].join('/'),
    loadBalancer: {
      arn: arn ?? null,
      name,
      region: region ?? null,
      accountId: accountId ?? null,
      ...(accountName === undefined ? {} : { accountName }),
      tags: [],
    },
    trigger: request.trigger,
    window: { from: before(at, request.windowSeconds), to: at },
    error,
    ...(known.unfound ? { unfound: known.unfound } : {}),
    denied: known.action === undefined ? [] : [known.action],
    causes: Object.values(CATALOGUE).flat().length,
  });
}

/** The answer where no load balancer could be found. */
export function notLocated(request: Request, failure: LocateFailure): Diagnosis {
  const { action, message, reason, missing, ...known } = failure;
  const unfound = UNFOUND.has(reason) ? { unfound: missing ?? (true as const) } : {};
  const denied = reason === 'denied' && action !== undefined ? { action } : {};
  return failedRequest(request, message, { ...known, ...denied, ...unfound });
}

const UNFOUND: ReadonlySet<LocateFailure['reason']> = new Set([
  'not-found',
  'not-an-alb',
  'no-load-balancer',
  'ambiguous',
  'no-region',
]);

/**
 * Nothing is judged of a load balancer that may not be read, or that is gone, or where nothing at all was seen. Where its own
 * call failed and others did not, they tell enough.
 */
export function failedIfUnseen(diagnosis: Diagnosis, { evidence }: Snapshot): Diagnosis {
  const { loadBalancer } = evidence;
  if (loadBalancer.seen) return diagnosis;
  const nothing = Object.values(evidence).every((observed) => !observed.seen);
  const final = loadBalancer.why === 'denied' || loadBalancer.detail.includes('(LoadBalancerNotFound)');
  return nothing || final ? asFailed(diagnosis, loadBalancer.detail) : diagnosis;
}

/** As much of the load balancer as the way it was named tells. */
function subjectIn(about: Reference): Partial<Subject> {
  if (about.by === 'name') return { name: about.name };
  if (about.by === 'dns') return { name: about.dnsName };
  const [, , , region, accountId, resource] = (about.by === 'alarm' ? (about.alarms[0] ?? '') : about.arn).split(':');
  const place = { ...(region ? { region } : {}), ...(accountId ? { accountId } : {}) };
  if (about.by !== 'arn') return place;
  const dimension = resource?.replace(/^loadbalancer\//, '') ?? about.arn;
  return { ...place, arn: about.arn, name: dimension.split('/')[1] ?? dimension, dimension };
}

function before(at: Time, seconds: number): Time {
  return `${new Date(Date.parse(at) - seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function brokenOff(request: Request, error: unknown, log: Log): Diagnosis {
  log.error('broken off', { error });
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failedRequest(request, `alb-triage broke off, a defect of its own (${why})`);
}
