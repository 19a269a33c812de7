import type { NetworkInterface, Target, Values } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { byId } from '../by-id.ts';
import { serviceInTags, serviceOfGroup } from '../ecs/service-of-target.ts';
import { maxOf, meanOf, type Span, seenValues, valuesIn } from '../time/minutes.ts';
import { standsAtBaseline } from './burst-credits.ts';
import { CPU_LIMIT } from './cpu-saturation.ts';
import { MEMORY_FULL } from './memory-use.ts';

/** How loaded some targets are, the most loaded of them, in percent; `null` where it was not seen of every one. */
export interface TargetLoad {
  readonly cpu: number | null;
  readonly memory: number | null;
  /** Of burstable instances; `none` for those that have no credits. */
  readonly credits: 'none' | 'left' | 'exhausted' | null;
}

/** What targets have nothing left of, and how much of it they use, in percent. */
export interface LimitReached {
  readonly of: 'CPU' | 'memory';
  readonly used: number;
}

/** `null` where CPU and memory leave room, as far as they were seen. */
export function limitReached({ cpu, memory }: TargetLoad): LimitReached | null {
  if ((cpu ?? 0) >= CPU_LIMIT) return { of: 'CPU', used: cpu ?? 0 };
  return (memory ?? 0) >= MEMORY_FULL ? { of: 'memory', used: memory ?? 0 } : null;
}

type LoadEvidence = Pick<
  ObservedEvidence,
  'instances' | 'targetInterfaces' | 'instanceMetrics' | 'serviceMetrics' | 'ecsServices'
>;

export function loadOf(targets: readonly Target[], evidence: LoadEvidence, span: Span): TargetLoad {
  const each = targets.map((target) => loadOfOne(target, evidence, span));
  const credits = each.map((load) => load.credits);
  return {
    cpu: most(each.map((load) => load.cpu)),
    memory: most(each.map((load) => load.memory)),
    credits: credits.includes('exhausted') ? 'exhausted' : credits.includes(null) ? null : (credits[0] ?? null),
  };
}

function loadOfOne(target: Target, evidence: LoadEvidence, span: Span): TargetLoad {
  if (target.id.startsWith('i-')) {
    const values = byId(ifSeen(evidence.instanceMetrics)?.of ?? []).get(target.id)?.values;
    const type = byId(ifSeen(evidence.instances) ?? []).get(target.id)?.type;
    const cpu = level(values?.CPUUtilization, span);
    return {
      cpu,
      // Sent only by the CloudWatch agent.
      memory: level(values?.mem_used_percent, span),
      credits: creditsOf(type, values?.CPUCreditBalance, cpu, span),
    };
  }
  const service =
    serviceOf(target, ifSeen(evidence.targetInterfaces)) ??
    serviceOfGroup(target.targetGroup, ifSeen(evidence.ecsServices));
  const values = ifSeen(evidence.serviceMetrics)?.of.find(({ id }) => id === service)?.values;
  return { cpu: level(values?.CPUUtilization, span), memory: level(values?.MemoryUtilization, span), credits: 'none' };
}

function serviceOf(target: Target, interfaces: readonly NetworkInterface[] | undefined): string | undefined {
  return serviceInTags(interfaces?.find(({ addresses }) => addresses.includes(target.id))?.tags);
}

/** Its level in a span; EC2 sends CPU every five minutes without detailed monitoring, so the last value before counts. */
function level(values: Values | undefined, span: Span): number | null {
  if (values === undefined) return null;
  return meanOf(valuesIn(values, span)) ?? meanOf(valuesIn(values, { first: span.first - 5, last: span.first }));
}

/**
 * T-family instances only. A balance of 0 throttles in standard mode; the mode is not in the metrics. Whoever is throttled
 * stands at the baseline: one that uses more or less is not, whether its balance was seen or not. A datapoint tells of five
 * minutes: one of before those tells nothing of the span.
 */
function creditsOf(
  type: string | undefined,
  balance: Values | undefined,
  cpu: number | null,
  span: Span,
): TargetLoad['credits'] {
  if (type === undefined) return null;
  if (!/^t\d/.test(type)) return 'none';
  const known = seenValues(valuesIn(balance, { first: Math.max(0, span.first - 4), last: span.last }));
  if (known.length === 0) return cpu === null || standsAtBaseline(type, cpu) ? null : 'left';
  return (maxOf(known) ?? 0) <= 1 ? 'exhausted' : 'left';
}

function most(values: readonly (number | null)[]): number | null {
  return values.includes(null) ? null : maxOf(values);
}
