import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { type ServiceInUse, stopTimeoutOf } from '../ecs/services.ts';

/** Why requests on their way do not survive a departure, in seconds. */
export type RequestCut =
  | { readonly by: 'deregistration-delay'; readonly delay: number; readonly slowest: number }
  | { readonly by: 'stop-timeout'; readonly delay: number; readonly timeout: number };

/** A target that leaves has this long to answer what it was sent, unless its group says otherwise, in seconds. */
const DEFAULT_DELAY = 300;

/** `slowest`: how long answers took. `null` where nothing says that requests are cut. */
export function requestCut(
  { targetGroupAttributes, ecsTaskDefinitions }: Pick<ObservedEvidence, 'targetGroupAttributes' | 'ecsTaskDefinitions'>,
  groups: readonly string[],
  services: readonly ServiceInUse[],
  slowest: number | null,
): RequestCut | null {
  const attributes = ifSeen(targetGroupAttributes);
  if (attributes === undefined) return null;
  const delays = groups.map((arn) => attributes[arn]?.['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY);
  const delay = Math.min(...delays.map(Number));
  if (slowest !== null && delay < slowest) return { by: 'deregistration-delay', delay, slowest };
  const definitions = ifSeen(ecsTaskDefinitions);
  const timeouts = services.flatMap(({ service }) => stopTimeoutOf(service, definitions) ?? []);
  const timeout = Math.min(...timeouts);
  return timeout < delay ? { by: 'stop-timeout', delay, timeout } : null;
}

type Evidence = Pick<ObservedEvidence, 'targetGroupAttributes' | 'targetGroupMetrics' | 'ecsTaskDefinitions'>;

/** Whether it could not be read how long requests have to end, there or in what runs there, or how many targets were left. */
export function isCutUnseen(
  { targetGroupAttributes, targetGroupMetrics, ecsTaskDefinitions }: Evidence,
  groups: readonly string[],
  services: readonly ServiceInUse[],
): boolean {
  const definitions = services.flatMap(({ service }) => service.taskDefinition ?? []);
  if (isRefused(targetGroupMetrics, groups)) return true;
  return (
    isRefused(targetGroupAttributes, groups) || (services.length > 0 && isRefused(ecsTaskDefinitions, definitions))
  );
}

function isRefused(observed: Observed<unknown>, ids: readonly string[]): boolean {
  const failures = observed.seen ? observed.gaps : [{ why: observed.why, ids }];
  return failures.some((gap) => gap.why !== 'not-asked' && (gap.ids?.some((id) => ids.includes(id)) ?? true));
}
