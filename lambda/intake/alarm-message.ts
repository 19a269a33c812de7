import * as v from 'valibot';
import { arnIn } from '../incident/arn.ts';
import type { Alarm, AlarmMetric } from './alarm.ts';
import { momentIn } from './moment.ts';
import { itemsOf, optionalList, optionalNumber, optionalRecord, optionalText } from './optional-fields.ts';
import { partitionOf } from './partition.ts';

/** Capitalised, but for the dimensions' `name` and `value`. */
const Dimension = v.object({ name: v.string(), value: v.string() });
const Metric = v.object({
  MetricStat: v.object({
    Metric: v.object({ Namespace: optionalText, MetricName: optionalText, Dimensions: optionalList }),
    Period: optionalNumber,
  }),
  AccountId: optionalText,
});
const Expression = v.object({ Expression: v.string() });
const Trigger = v.object({
  MetricName: optionalText,
  Namespace: optionalText,
  Dimensions: optionalList,
  Period: optionalNumber,
  EvaluationPeriods: optionalNumber,
  Metrics: optionalList,
});
const Message = v.object({
  AlarmName: v.string(),
  AlarmArn: optionalText,
  AlarmDescription: optionalText,
  AWSAccountId: optionalText,
  NewStateValue: optionalText,
  NewStateReason: optionalText,
  StateChangeTime: optionalText,
  OldStateValue: optionalText,
  AlarmRule: optionalText,
  TriggeringChildren: optionalList,
  AlarmContributorAttributes: optionalRecord,
  Trigger: v.fallback(v.optional(Trigger), undefined),
});
const Child = v.object({
  Arn: v.string(),
  State: v.fallback(v.optional(v.object({ Value: optionalText })), undefined),
});

/** The message an alarm sends to a topic. */
export function alarmOfMessage(message: unknown, topicArn: string | undefined): Alarm | undefined {
  const read = v.safeParse(Message, message);
  if (!read.success) return undefined;
  const sent = read.output;
  const arn = sent.AlarmArn === undefined ? undefined : arnIn(sent.AlarmArn);
  // `Region` is a display name, "EU (Milan)"; messages of before 2021 have no ARN, but came by a topic of their region.
  const region = arn?.region ?? arnIn(topicArn ?? '')?.region;
  const accountId = arn?.accountId ?? sent.AWSAccountId;
  return {
    name: sent.AlarmName,
    arn: sent.AlarmArn ?? builtArn(sent.AlarmName, region, accountId),
    region,
    accountId,
    description: sent.AlarmDescription,
    state: {
      value: sent.NewStateValue ?? 'ALARM',
      reason: sent.NewStateReason,
      reasonData: childrenAsReasonData(sent.TriggeringChildren),
      at: momentIn(sent.StateChangeTime),
    },
    previous:
      sent.OldStateValue === undefined
        ? undefined
        : { value: sent.OldStateValue, reason: undefined, reasonData: undefined, at: undefined },
    metrics: metricsOf(sent.Trigger),
    expressions: itemsOf(Expression, sent.Trigger?.Metrics ?? []).map(({ Expression: expression }) => expression),
    contributor: sent.AlarmContributorAttributes,
    composite: sent.AlarmRule !== undefined,
    evaluatedSeconds: (sent.Trigger?.Period ?? 0) * (sent.Trigger?.EvaluationPeriods ?? 0),
    muted: undefined,
  };
}

function metricsOf(trigger: v.InferOutput<typeof Trigger> | undefined): AlarmMetric[] {
  if (trigger === undefined) return [];
  const period = trigger.Period ?? 60;
  if (trigger.MetricName !== undefined) {
    const { Namespace: namespace = '', MetricName: name, Dimensions } = trigger;
    return [{ namespace, name, dimensions: dimensionsOf(Dimensions), accountId: undefined, period }];
  }
  return itemsOf(Metric, trigger.Metrics).map(({ MetricStat: { Metric: metric, Period }, AccountId: accountId }) => ({
    namespace: metric.Namespace ?? '',
    name: metric.MetricName ?? '',
    dimensions: dimensionsOf(metric.Dimensions),
    accountId,
    period: Period ?? period,
  }));
}

function dimensionsOf(dimensions: readonly unknown[]): Record<string, string> {
  return Object.fromEntries(itemsOf(Dimension, dimensions).map(({ name, value }) => [name, value]));
}

function childrenAsReasonData(children: readonly unknown[]) {
  const triggeringAlarms = itemsOf(Child, children).map(({ Arn: arn, State }) => ({
    arn,
    state: { value: State?.Value },
  }));
  return triggeringAlarms.length === 0 ? undefined : { triggeringAlarms };
}

function builtArn(name: string, region: string | undefined, accountId: string | undefined): string | undefined {
  if (!region || !accountId) return undefined;
  return `arn:${partitionOf(region)}:cloudwatch:${region}:${accountId}:alarm:${name}`;
}
