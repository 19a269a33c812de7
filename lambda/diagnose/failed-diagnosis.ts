import { type Diagnosis, REPORT_VERSION, type Subjected, UNKNOWN } from '../incident/diagnosis.ts';
import type { Trigger, Window } from '../incident/question.ts';
import { resource, type Time, text, verbatim } from '../incident/text.ts';
import { failureLinks } from './console-links.ts';
import { incidentIdOf } from './incident-id.ts';
import { responsible } from './responsible.ts';
import { NOTHING_SEEN } from './steps-seen.ts';

/** All that is known where nothing could be triaged. */
export interface FailedTriage {
  readonly tool: Diagnosis['tool'];
  readonly collectedAt: Time;
  readonly incidentKey: string;
  readonly loadBalancer: Subjected;
  readonly trigger: Trigger;
  readonly window: Window;
  /** One sentence: what stood in the way, and what to do. */
  readonly error: string;
  /** The IAM actions that were refused. */
  readonly denied: readonly string[];
  /** What was asked about is not there as it was named. */
  readonly unfound?: true | 'alarm';
  /** How many causes there would have been to judge. */
  readonly causes: number;
}

/** The answer that is always possible: that there is none, and why. */
export function failedDiagnosis({ causes, denied, ...failed }: FailedTriage): Diagnosis {
  return {
    schemaVersion: REPORT_VERSION,
    kind: 'failed',
    ...failed,
    loadBalancer: { ...failed.loadBalancer, ...responsible(failed.loadBalancer.tags, failed.trigger) },
    incidentId: incidentIdOf(failed.incidentKey, failed.trigger, failed.window.to),
    fingerprint: `${failed.incidentKey}/failed`,
    episode: null,
    symptoms: {
      requests: null,
      elb: { '500': null, '502': null, '503': null, '504': null, other5xx: null },
      target5xx: null,
      errorShare: null,
    },
    verdict: verdictOf(failed.loadBalancer, failed.error),
    findings: [],
    changes: [],
    timeline: [],
    circumstances: [],
    ruledOut: [],
    notApplicable: [],
    undetermined: [],
    broken: [],
    coverage: { judged: 0, of: causes, denied, steps: NOTHING_SEEN },
    links: failureLinks(failed.loadBalancer, failed.trigger),
    cost: { durationMs: 0, apiCalls: 0, criticalPath: 0 },
  };
}

/** The same where AWS was asked, and did not tell even of the load balancer itself. */
export function asFailed({ supersedes: _, durationSeconds: __, ...diagnosis }: Diagnosis, error: string): Diagnosis {
  return {
    ...diagnosis,
    kind: 'failed',
    error,
    fingerprint: `${diagnosis.incidentKey}/failed`,
    verdict: verdictOf(diagnosis.loadBalancer, error),
    findings: [],
  };
}

function verdictOf({ name }: Subjected, error: string): Diagnosis['verdict'] {
  const why = verbatim(error.replace(/\.$/, ''));
  const headline = name === UNKNOWN ? text`Could not triage: ${why}` : text`Could not triage ${resource(name)}: ${why}`;
  return { status: 'inconclusive', cause: null, headline };
}
