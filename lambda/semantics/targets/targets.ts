import type { Target, TargetGroup } from '../../incident/evidence.ts';
import type { TargetRef } from '../../incident/finding.ts';

/** What the state of a target means for the requests sent to it (Elastic Load Balancing, "Health checks"). */

/** Its health checks fail. If all targets of a group do, the load balancer sends to them all the same. */
export function failsChecks(target: Target): boolean {
  return target.state === 'unhealthy' || target.state === 'unhealthy.draining';
}

/** Its checks fail without any answer: a wrong code is an answer. */
export function getsNoAnswer(target: Target): boolean {
  return failsChecks(target) && ['Target.Timeout', 'Target.FailedHealthChecks'].includes(target.reason ?? '');
}

/** It gets requests, or would if all the others failed: unhealthy targets do, `unused` and draining ones never. */
export function isUsable(target: Target): boolean {
  return ['healthy', 'unhealthy', 'unavailable', 'initial'].includes(target.state);
}

/** AWS tells by the description whether the zone of an unused target is meant, or its group, which no rule forwards to. */
export function isUnusedForZone({ reason, description }: Target): boolean {
  return reason === 'Target.NotInUse' && /availability zone/i.test(description ?? '');
}

/** Reasons for `unused` that are causes of their own: a stopped instance, a zone that is not enabled. */
const CAUSES_OF_THEIR_OWN = ['Target.InvalidState', 'Target.NotInUse'];

/** Unused for any other reason. */
export function isIdle({ state, reason }: Target): boolean {
  return state === 'unused' && !CAUSES_OF_THEIR_OWN.includes(reason ?? '');
}

/** It is being added or taken away: requests meet targets that come and go. */
export function comesOrGoes(target: Target): boolean {
  return ['initial', 'draining', 'unhealthy.draining'].includes(target.state);
}

export function targetsOf(targets: readonly Target[], targetGroup: string): readonly Target[] {
  return targets.filter((target) => target.targetGroup === targetGroup);
}

function targetRef(target: Target): TargetRef {
  return {
    id: target.id,
    port: target.port,
    targetGroup: target.targetGroup,
    ...(target.zone === null || target.zone === 'all' ? {} : { zone: target.zone }),
  };
}

export function scopeOf(targets: readonly Target[]) {
  return { targetGroups: groupsOf(targets), targets: targets.map(targetRef) };
}

export function groupsOf(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.map((target) => target.targetGroup))].sort();
}

/** The ports that they are registered with. */
export function portsOf(targets: readonly Target[]): readonly number[] {
  return [...new Set(targets.flatMap(({ port }) => port ?? []))].sort((a, b) => a - b);
}

/** `web` for `arn:aws:elasticloadbalancing:…:targetgroup/web/0123456789abcdef`. */
export function groupName(arn: string): string {
  return arn.split('/')[1] ?? arn;
}

/** The codes in `Health checks failed with these codes: [503, 404]`. */
export function codesIn(description: string | null): readonly number[] {
  const [, list = ''] = /codes:\s*\[([\d,\s]+)\]/.exec(description ?? '') ?? [];
  return list
    .split(',')
    .map((part) => Number.parseInt(part, 10))
    .filter((code) => Number.isFinite(code));
}

/** How long checks have failed, at the least, when a target that answers them is called unhealthy. */
export function failingSeconds({ healthCheck: { intervalSeconds, unhealthyThreshold } }: TargetGroup): number {
  return (intervalSeconds ?? 30) * ((unhealthyThreshold ?? 2) - 1);
}

/** Target health tells the state of an instance, and nothing else of it. */
export function isToldStopped({ description }: Target): boolean {
  return /in the stop(ped|ping) state/.test(description ?? '');
}
