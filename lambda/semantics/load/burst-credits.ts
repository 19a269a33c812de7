import type { InstanceMetric, MetricsById, Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { maxOf, type Span, seenValues, valuesIn } from '../time/minutes.ts';

/** Up to this balance an instance has nothing to burst with. */
const SPENT_BALANCE = 1;
/** EC2 sends credits every five minutes. */
const STEP = 5;
/** Throttled for longer than this without an error, in minutes, is not why errors began. */
const LONG_BORNE = 60;
/** CPU this far from the baseline, as a share of it, still stands at it. */
const BELOW = 0.85;
const ABOVE = 1.2;

/** Percent of every vCPU that credits pay for as they are earned. */
const BASELINES: Readonly<Record<string, number>> = {
  nano: 5,
  micro: 10,
  small: 20,
  medium: 20,
  large: 30,
  xlarge: 40,
  '2xlarge': 40,
};
const OF_T2: Readonly<Record<string, number>> = { ...BASELINES, xlarge: 22.5, '2xlarge': 17 };

export function isBurstable(type: string): boolean {
  return /^t[2-9]/.test(type);
}

function baselineCpuOf(type: string | undefined): number | null {
  const [family = '', size = ''] = type?.split('.') ?? [];
  if (!isBurstable(family)) return null;
  return (family === 't2' ? OF_T2 : BASELINES)[size] ?? null;
}

/** Whether CPU stands where an instance of this type is held without credits; of an unknown baseline nobody can tell. */
export function standsAtBaseline(type: string, cpu: number): boolean {
  const baseline = baselineCpuOf(type);
  return baseline === null || isAt(baseline, cpu);
}

function isAt(baseline: number, cpu: number): boolean {
  return cpu >= BELOW * baseline && cpu <= ABOVE * baseline;
}

/** An instance without credits in a span. */
export interface SpentCredits {
  /** The first minute of the balance at 0. */
  readonly first: number;
  /** The first minute at the baseline since then; `null` where its CPU did not stand there, or nobody can tell. */
  readonly pinned: number | null;
  readonly baseline: number | null;
  /** It owes credits: only unlimited mode lends them. */
  readonly lends: boolean;
}

/** `null`: it had credits left; `undefined`: not seen. */
export function spentCreditsIn(
  values: MetricsById<InstanceMetric>['of'][number]['values'] | undefined,
  type: string | undefined,
  span: Span,
): SpentCredits | null | undefined {
  const balance = values?.CPUCreditBalance ?? [];
  const around = { first: span.first - STEP + 1, last: span.last };
  const known = seenValues(valuesIn(balance, around));
  if (known.length === 0) return undefined;
  if (2 * known.filter((value) => value <= SPENT_BALANCE).length < known.length) return null;
  const first = startOfRun(balance, around);
  const baseline = baselineCpuOf(type);
  const lends = (maxOf(valuesIn(values?.CPUSurplusCreditBalance, around)) ?? 0) > 0;
  return { first, pinned: pinnedFrom(values?.CPUUtilization, baseline, first, span), baseline, lends };
}

/** Its balance was at 0 and its CPU at the baseline before or as the errors began, and not for long before. */
export function wasThrottledAtOnset({ first, pinned }: SpentCredits, { span, older }: EpisodeSpan): boolean {
  if (older || pinned === null || first > span.first) return false;
  return pinned >= span.first - LONG_BORNE && pinned < span.first + STEP;
}

function startOfRun(balance: Values, { first, last }: Span): number {
  const from = Math.max(0, first);
  let start = balance.findIndex(
    (value, minute) => minute >= from && minute <= last && value !== null && value <= SPENT_BALANCE,
  );
  for (let minute = start; minute >= 0; minute -= 1) {
    const value = balance[minute];
    if (value === null || value === undefined) continue;
    if (value > SPENT_BALANCE) break;
    start = minute;
  }
  return start;
}

/** Most of the span must stand at the baseline; then how long it has done so is read backwards. */
function pinnedFrom(cpu: Values | undefined, baseline: number | null, spent: number, span: Span): number | null {
  if (cpu === undefined || baseline === null) return null;
  const atBaseline = (value: number): boolean => isAt(baseline, value);
  const known = seenValues(valuesIn(cpu, { first: Math.max(spent, span.first - STEP + 1), last: span.last }));
  if (known.length === 0 || 2 * known.filter(atBaseline).length < known.length) return null;
  let start = cpu.findIndex(
    (value, minute) => minute >= Math.max(spent, span.first - STEP + 1) && value !== null && atBaseline(value),
  );
  for (let minute = start; minute >= spent; minute -= 1) {
    const value = cpu[minute];
    if (value === null || value === undefined) continue;
    if (!atBaseline(value)) break;
    start = minute;
  }
  return start;
}
