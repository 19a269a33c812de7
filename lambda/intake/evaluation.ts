import * as v from 'valibot';
import type { Trigger } from '../incident/question.ts';
import type { AlarmState } from './alarm.ts';
import { momentIn, utc } from './moment.ts';

/** What an alarm looked at when it changed its state. */
export interface Evaluation {
  readonly datapoints: NonNullable<Trigger['datapoints']>;
  /** How far back its datapoints reach. */
  readonly seconds: number;
  /** The alarms that made a composite one go off, by ARN. */
  readonly triggeringAlarms: readonly string[];
}

const ReasonData = v.object({
  startDate: v.optional(v.unknown()),
  period: v.optional(v.unknown()),
  evaluatedDatapoints: v.fallback(v.array(v.unknown()), []),
  recentDatapoints: v.fallback(v.array(v.unknown()), []),
  triggeringAlarms: v.fallback(v.array(v.unknown()), []),
});
const Datapoint = v.object({ timestamp: v.string(), value: v.number() });
const ChildAlarm = v.object({ arn: v.string(), state: v.optional(v.object({ value: v.optional(v.string()) })) });

/**
 * `reasonData` is JSON in a string, of no promised shape, and absent where an alarm came by SNS or somebody set its state
 * by hand; then the sentence beside it tells most of the same.
 */
export function evaluationOf({ reason, reasonData, at }: AlarmState, usualPeriod: number): Evaluation {
  const data = v.safeParse(ReasonData, jsonIn(reasonData));
  const { periods, datapoints } = evaluationInWords(reason ?? '');
  if (!data.success) return { datapoints, seconds: periods * usualPeriod, triggeringAlarms: [] };
  const { startDate, period, evaluatedDatapoints, recentDatapoints, triggeringAlarms } = data.output;

  const evaluated = evaluatedDatapoints
    .flatMap((point) => (v.is(Datapoint, point) ? [{ at: momentIn(point.timestamp) ?? null, value: point.value }] : []))
    .sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));
  const from = momentIn(startDate);
  const recent = recentDatapoints
    .filter((value) => typeof value === 'number')
    // Missing datapoints are left out of the list, so that only a single one can be dated.
    .map((value) => ({ at: recentDatapoints.length === 1 ? (from ?? null) : null, value }));
  const reach = from === undefined || at === undefined ? 0 : (Date.parse(at) - Date.parse(from)) / 1000;
  return {
    datapoints: [evaluated, datapoints, recent].find((points) => points.length > 0) ?? [],
    seconds: Math.max(periods * (typeof period === 'number' ? period : usualPeriod), reach),
    triggeringAlarms: childrenIn(triggeringAlarms),
  };
}

/** Those in ALARM; all of them where none is any more. */
function childrenIn(alarms: readonly unknown[]): string[] {
  const children = alarms.filter((alarm) => v.is(ChildAlarm, alarm));
  const inAlarm = children.filter((alarm) => alarm.state?.value === 'ALARM');
  return (inAlarm.length > 0 ? inAlarm : children).map((alarm) => alarm.arn);
}

/** `Threshold Crossed: 2 out of the last 3 datapoints [9.0 (10/03/26 14:24:00), …] …`: the day comes first, in UTC. */
function evaluationInWords(reason: string): { periods: number; datapoints: Evaluation['datapoints'] } {
  const periods = Number(/out of the last (\d+) datapoints/.exec(reason)?.[1] ?? 1);
  const listed = /\[([^[\]]*)\]/.exec(reason)?.[1] ?? '';
  const points = listed.matchAll(/(?<![\d.])(-?[\d.]+(?:E-?\d+)?) \((\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)\)/g);
  return {
    periods,
    datapoints: [...points].map(([, value, day, month, year, ...clock]) => ({
      at: utc(Date.parse(`20${year}-${month}-${day}T${clock.join(':')}Z`)) ?? null,
      value: Number(value),
    })),
  };
}

function jsonIn(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
