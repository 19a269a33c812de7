import type { Time } from '../incident/text.ts';

/** An alarm that changed its state, whichever way it came. */
export interface Alarm {
  readonly name: string;
  readonly arn: string | undefined;
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  readonly description: string | undefined;
  readonly state: AlarmState;
  readonly previous: AlarmState | undefined;
  readonly metrics: readonly AlarmMetric[];
  /** Metric math and Metrics Insights' SQL. */
  readonly expressions: readonly string[];
  /** Of a Metrics Insights alarm: the values that its `GROUP BY` has for what went off. */
  readonly contributor: Readonly<Record<string, unknown>>;
  /** A composite alarm has a rule over other alarms instead of metrics. */
  readonly composite: boolean;
  /** Period times evaluation periods, where both are told. */
  readonly evaluatedSeconds: number;
  readonly muted: { readonly from: Time | undefined; readonly to: Time | undefined } | undefined;
}

export interface AlarmState {
  readonly value: string;
  readonly reason: string | undefined;
  readonly reasonData: unknown;
  readonly at: Time | undefined;
}

export interface AlarmMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Of a metric of another account, as a monitoring account sees them. */
  readonly accountId: string | undefined;
  readonly period: number;
}
