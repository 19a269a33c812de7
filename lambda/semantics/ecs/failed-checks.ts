/** What a load balancer said of a target whose health checks fail, as ECS passes it on. */
export interface FailedChecks {
  /** By ARN; of an instance or task in several groups, those whose checks failed. */
  readonly targetGroups: readonly string[];
  /** The task or instance, where the sentence names it. */
  readonly id: string | null;
  readonly port: number | null;
  /** As `DescribeTargetHealth` calls it; `null` where the sentence gives none, or one that is not known. */
  readonly reason: string | null;
  /** In AWS's words, the codes among them; `null` where the sentence gives none. */
  readonly description: string | null;
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Request timed out\b/i, 'Target.Timeout'],
  [/^Health checks failed with these codes/i, 'Target.ResponseCodeMismatch'],
  [/^Health checks failed due to an internal error/i, 'Elb.InternalError'],
  [/^Health checks failed\.?$/i, 'Target.FailedHealthChecks'],
  [/Availability Zone that is not enabled/i, 'Target.NotInUse'],
];

/**
 * Of an event of a service (`(service web) (task 0123) (port 80) is unhealthy in (target-group arn:…) due to (reason …)`) or
 * of a task's `stoppedReason` (`Task failed ELB health checks in (target-group arn:…)`); `null` where a sentence tells of
 * something else, of a container's own health check or of a Classic Load Balancer among others.
 */
export function failedChecksIn(sentence: string): FailedChecks | null {
  if (!/\bis unhealthy in\b|\bfailed ELB health checks\b/i.test(sentence)) return null;
  const targetGroups = [...sentence.matchAll(/\(target-group ([^\s()]+)\)/g)].flatMap(([, arn]) => arn ?? []);
  if (targetGroups.length === 0) return null;
  const [, id] = /\((?:task|instance) ([^\s()]+)\)/.exec(sentence) ?? [];
  const [, port] = /\(port (\d+)\)/.exec(sentence) ?? [];
  const [, description] = /\(reason ([^()]+)\)/.exec(sentence) ?? [];
  const said = description?.trim() ?? '';
  const [, reason] = REASONS.find(([pattern]) => pattern.test(said)) ?? [];
  return {
    targetGroups: [...new Set(targetGroups)],
    id: id === undefined ? null : id.slice(id.lastIndexOf('/') + 1),
    port: port === undefined ? null : Number(port),
    reason: reason ?? null,
    description: said === '' ? null : said,
  };
}

/** Of a task's `stoppedReason`: the checks of a load balancer failed, and which group it was is left out. */
export function namesNoGroup(sentence: string): boolean {
  return /\bfailed ELB health checks\b(?!\s+in\b)/i.test(sentence);
}
