import type { Target } from '../incident/evidence.ts';
import type { Gap } from '../incident/observed.ts';

/** Whom to look at behind the targets: a thousand instances are 10 MB, and what ails is seen on the ailing. */
export interface TargetSample {
  readonly ids: readonly string[];
  /** The failing ones beyond the limit. Healthy ones that are not asked about are no gap. */
  readonly gaps: readonly Gap[];
}

const HEALTHY_A_GROUP = 4;

/** Those that are not healthy, up to a limit, and a few healthy ones of each group to compare. */
export function targetSample(targets: readonly Target[], failingAtMost: number): TargetSample {
  const failing = idsOf(targets.filter((target) => target.state !== 'healthy'));
  const healthy = targets.filter(isHealthy);
  const compared = [...new Set(healthy.map((target) => target.targetGroup))].flatMap((group) =>
    idsOf(healthy.filter((target) => target.targetGroup === group)).slice(0, HEALTHY_A_GROUP),
  );
  const beyond = failing.slice(failingAtMost);
  return {
    ids: [...new Set([...failing.slice(0, failingAtMost), ...compared])].filter((id) => !beyond.includes(id)),
    gaps: beyond.length === 0 ? [] : [tooMany(beyond, failingAtMost)],
  };
}

export function isInstance({ id }: Target): boolean {
  return id.startsWith('i-');
}

/** An address of the VPC. One outside it has the zone `all`, and no interface that AWS could show. */
export function isAddressInside({ id, zone }: Target): boolean {
  return !id.startsWith('i-') && !id.startsWith('arn:') && zone !== 'all';
}

function isHealthy({ state }: Target): boolean {
  return state === 'healthy';
}

function idsOf(targets: readonly Target[]): readonly string[] {
  return [...new Set(targets.map((target) => target.id))];
}

function tooMany(ids: readonly string[], limit: number): Gap {
  return { why: 'not-asked', detail: `more than ${limit} failing targets: the others were not read`, ids };
}
