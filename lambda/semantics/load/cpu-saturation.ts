import type { Values } from '../../incident/evidence.ts';
import type { Span } from '../time/minutes.ts';

/** Percent of CPU from which on a target has nothing left to give. */
export const CPU_LIMIT = 90;

/** A run of datapoints at the limit that reaches into a span. */
export interface CpuSaturation {
  readonly first: number;
  /** The last minute its datapoints cover; the end of the span where no later datapoint says otherwise. */
  readonly last: number;
  readonly highest: number;
  /** Five-minute datapoints: each is a mean that began as much as five minutes before anybody could see it. */
  readonly coarse: boolean;
}

interface Point {
  readonly minute: number;
  readonly value: number;
}

/** A single minute at the limit is noise; a single mean over five minutes is not. */
const SUSTAINED_MINUTES = 3;
/** One datapoint that dips this little below the limit does not end a run. */
const DIP = 10;

/** The first sustained run at the limit that touches the span; `null` where there is none, `undefined` where nothing was seen. */
export function cpuSaturationIn(values: Values | undefined, span: Span): CpuSaturation | null | undefined {
  const points = (values ?? []).flatMap((value, minute): Point[] => (value === null ? [] : [{ minute, value }]));
  const step = stepOf(points);
  const coarse = step >= 5;
  if (!points.some(({ minute }) => minute + step > span.first && minute <= span.last)) return undefined;
  const runs = runsIn(points).filter((run) => coarse || run.length >= SUSTAINED_MINUTES);
  for (const run of runs) {
    const first = run[0]?.minute ?? 0;
    const end = run.at(-1)?.minute ?? 0;
    const last = end === points.at(-1)?.minute ? Math.max(span.last, end) : end + step - 1;
    if (last < span.first || first > span.last) continue;
    return { first, last, highest: Math.max(...run.map(({ value }) => value)), coarse };
  }
  return null;
}

/** Without detailed monitoring EC2 sends a datapoint every five minutes. */
function stepOf(points: readonly Point[]): number {
  const steps = points.slice(1).map(({ minute }, index) => minute - (points[index]?.minute ?? 0));
  return steps.length === 0 ? 5 : Math.min(...steps);
}

function runsIn(points: readonly Point[]): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let within = false;
  points.forEach((point, index) => {
    const next = points[index + 1]?.value ?? 0;
    const dips = within && point.value >= CPU_LIMIT - DIP && next >= CPU_LIMIT;
    const goesOn = point.value >= CPU_LIMIT || dips;
    if (goesOn && within) runs.at(-1)?.push(point);
    else if (goesOn) runs.push([point]);
    within = goesOn;
  });
  return runs;
}
