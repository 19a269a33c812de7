import * as v from 'valibot';
import { arnIn } from '../incident/arn.ts';
import type { Alarm, AlarmMetric, AlarmState } from './alarm.ts';
import { momentIn } from './moment.ts';
import { itemsOf, optionalList, optionalNumber, optionalRecord, optionalText } from './optional-fields.ts';

const Metric = v.object({
  metricStat: v.object({
    metric: v.object({ namespace: optionalText, name: optionalText, dimensions: optionalRecord }),
    period: optionalNumber,
  }),
  accountId: optionalText,
});
const Expression = v.object({ expression: v.string() });
const State = v.object({
  value: optionalText,
  reason: optionalText,
  reasonData: v.optional(v.unknown()),
  timestamp: optionalText,
});
const Muted = v.object({ muteWindowStart: optionalText, muteWindowEnd: optionalText });
const AlarmData = v.object({
  alarmName: optionalText,
  state: v.fallback(v.optional(State), undefined),
  previousState: v.fallback(v.optional(State), undefined),
  configuration: v.fallback(
    v.optional(v.object({ description: optionalText, metrics: optionalList, alarmRule: optionalText }), {
      metrics: [],
    }),
    { metrics: [] },
  ),
  alarmContributor: v.fallback(v.optional(v.object({ attributes: optionalRecord }), {}), { attributes: {} }),
  muteDetail: v.fallback(v.optional(Muted), undefined),
});

const Action = v.object({
  alarmArn: optionalText,
  accountId: optionalText,
  region: optionalText,
  time: optionalText,
  alarmData: AlarmData,
});
const StateChange = v.object({
  resources: optionalList,
  account: optionalText,
  region: optionalText,
  time: optionalText,
  detail: AlarmData,
});

/** What CloudWatch hands to a Lambda function that is an alarm's action. */
export function alarmOfAction(event: unknown): Alarm | undefined {
  const read = v.safeParse(Action, event);
  if (!read.success) return undefined;
  const { alarmArn, accountId, region, time, alarmData } = read.output;
  return alarmOf(alarmData, { arn: alarmArn, accountId, region, time });
}

/** EventBridge's `detail` is the same as an action's `alarmData`; the envelope differs. */
export function alarmOfStateChange(event: unknown): Alarm | undefined {
  const read = v.safeParse(StateChange, event);
  if (!read.success) return undefined;
  const { resources, account, region, time, detail } = read.output;
  const arn = resources.find((resource) => typeof resource === 'string');
  return alarmOf(detail, { arn, accountId: account, region, time });
}

interface Envelope {
  readonly arn: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly time: string | undefined;
}

function alarmOf(data: v.InferOutput<typeof AlarmData>, envelope: Envelope): Alarm | undefined {
  const arn = envelope.arn === undefined ? undefined : arnIn(envelope.arn);
  const name = data.alarmName ?? arn?.resource.replace(/^alarm:/, '');
  if (name === undefined) return undefined;
  const { description, metrics, alarmRule } = data.configuration;
  return {
    name,
    arn: envelope.arn,
    region: arn?.region ?? envelope.region,
    accountId: arn?.accountId ?? envelope.accountId,
    description,
    state: stateOf(data.state, envelope.time),
    previous: data.previousState === undefined ? undefined : stateOf(data.previousState, undefined),
    metrics: itemsOf(Metric, metrics).map(metricOf),
    expressions: itemsOf(Expression, metrics).map(({ expression }) => expression),
    contributor: data.alarmContributor.attributes,
    composite: alarmRule !== undefined,
    evaluatedSeconds: 0,
    muted: data.muteDetail && {
      from: momentIn(data.muteDetail.muteWindowStart),
      to: momentIn(data.muteDetail.muteWindowEnd),
    },
  };
}

function stateOf(state: v.InferOutput<typeof State> | undefined, time: string | undefined): AlarmState {
  return {
    // Only what says that it is over, or that nothing is known, may stay without a triage.
    value: state?.value ?? 'ALARM',
    reason: state?.reason,
    reasonData: state?.reasonData,
    at: momentIn(state?.timestamp) ?? momentIn(time),
  };
}

function metricOf({ metricStat, accountId }: v.InferOutput<typeof Metric>): AlarmMetric {
  const { namespace = '', name = '', dimensions } = metricStat.metric;
  const texts = Object.entries(dimensions).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { namespace, name, dimensions: Object.fromEntries(texts), accountId, period: metricStat.period ?? 60 };
}
