import { withShortTexts } from '../incident/short-text.ts';
import type { Alarm } from './alarm.ts';
import { alarmOfAction, alarmOfStateChange } from './alarm-data.ts';
import { alarmOfMessage } from './alarm-message.ts';
import { intakesOf } from './alarm-request.ts';
import { deferralIn } from './deferral.ts';
import { shape, UnreadableEvent, unreadable } from './input-errors.ts';
import type { Intake } from './intake.ts';
import { isByHand, misspeltByHand, requestByHand } from './manual-request.ts';
import { secondLookIn } from './second-look.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What an event asks for: an SNS event holds one or more messages, an alarm may watch several load balancers. */
export function readEvent(event: unknown): readonly Intake[] {
  if (!isObject(event)) throw unreadable(shape(event));
  if (Array.isArray(event.Records)) return recordsRead(event.Records);
  const short = withShortTexts(event);
  const read = alarmOrReportRead(short);
  if (read !== undefined) return answerable(read);
  if (isByHand(short)) return [requestByHand(short)];
  throw misspeltByHand(short) ?? unreadable(shape(short));
}

function alarmOrReportRead(event: Fields): readonly Intake[] | undefined {
  if (isObject(event.alarmData)) return alarmRead(alarmOfAction(event), event);
  if (isObject(event.detail) && event.source === 'aws.cloudwatch') return eventBridgeRead(event);
  return isOwnReport(event) ? [OWN_REPORT] : undefined;
}

const OWN_REPORT: Intake = { do: 'ignore', why: 'it is a report of alb-triage itself, come back by its topic' };

function eventBridgeRead(event: Fields): readonly Intake[] {
  const kind = event['detail-type'];
  if (typeof kind === 'string' && !kind.endsWith('State Change')) {
    return [{ do: 'ignore', why: `it is a "${kind}", not an alarm's change of state` }];
  }
  return alarmRead(alarmOfStateChange(event), event);
}

function alarmRead(alarm: Alarm | undefined, event: Fields): readonly Intake[] {
  if (alarm === undefined) return [refusal(`an alarm without a name, ${shape(event)}`)];
  return intakesOf(alarm, event.publish !== false);
}

/** One unreadable record does not cost the others their answer. A rule of EventBridge may send to the topic as well. */
function recordsRead(records: readonly unknown[]): readonly Intake[] {
  if (records.length === 0) throw unreadable('no record in Records');
  return answerable(records.flatMap(recordRead).filter(isFirst));
}

/** SNS may deliver a message twice, and both into one event: nobody reads the same twice. */
function isFirst(intake: Intake, index: number, all: readonly Intake[]): boolean {
  const same = JSON.stringify(intake);
  return intake.do === 'refuse' || all.findIndex((other) => JSON.stringify(other) === same) === index;
}

function answerable(all: readonly Intake[]): readonly Intake[] {
  const [first] = all;
  if (first?.do === 'refuse' && all.every((each) => each.do === 'refuse')) throw new UnreadableEvent(first.why);
  return all;
}

function recordRead(record: unknown): readonly Intake[] {
  const body = isObject(record) && record.eventSource === 'aws:sqs' ? withShortTexts(jsonIn(record.body)) : undefined;
  const look = secondLookIn(body) ?? deferralIn(body);
  if (look !== undefined) return [look];
  const sns = isObject(record) && isObject(record.Sns) ? record.Sns : inQueue(body);
  if (sns === undefined) return [refusal(`a record that is not from SNS, ${shape(record)}`)];
  const message = withShortTexts(jsonIn(sns.Message));
  if (!isObject(message)) return [refusal(`an SNS message that is not an alarm's, ${shape(sns.Message)}`)];
  const alarm = alarmOfMessage(message, typeof sns.TopicArn === 'string' ? sns.TopicArn : undefined);
  const read = alarm === undefined ? alarmOrReportRead(message) : intakesOf(alarm, true);
  return read ?? [refusal(`an SNS message that is not an alarm's, ${shape(message)}`)];
}

/** A queue holds what SNS sent, in its envelope or, delivered raw, without. */
function inQueue(body: unknown): Fields | undefined {
  if (!isObject(body)) return undefined;
  return body.Type === 'Notification' && body.Message !== undefined ? body : { Message: body };
}

function refusal(found: string): Intake {
  return { do: 'refuse', why: unreadable(found).message };
}

function isOwnReport(message: Fields): boolean {
  return isObject(message.tool) && message.tool.name === 'alb-triage';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonIn(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
