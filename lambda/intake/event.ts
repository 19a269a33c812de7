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
  return isObject(record) && record.eventSource === 'aws:sqs' ? queuedRead(jsonIn(record.body)) : ofTopicRead(record);
}

/**
 * By a queue comes what the function sends itself; of one that is subscribed to a topic, messages in SNS's envelope or
 * without; of one of dead letters, whole events.
 */
function queuedRead(body: unknown): readonly Intake[] {
  if (!isObject(body)) return messageRead({ Message: body });
  const short = withShortTexts(body);
  const look = secondLookIn(short) ?? deferralIn(short);
  if (look !== undefined) return [look];
  return Array.isArray(body.Records)
    ? body.Records.flatMap(ofTopicRead)
    : messageRead(typeof body.Message === 'string' ? body : { Message: body });
}

function ofTopicRead(record: unknown): readonly Intake[] {
  const sns = isObject(record) && isObject(record.Sns) ? record.Sns : undefined;
  return sns === undefined ? [refusal(`a record that is not from SNS or SQS, ${shape(record)}`)] : messageRead(sns);
}

function messageRead({ Message, TopicArn }: Fields): readonly Intake[] {
  const message = withShortTexts(jsonIn(Message));
  if (!isObject(message)) return [refusal(`an SNS message that is not an alarm's, ${shape(Message)}`)];
  const alarm = alarmOfMessage(message, typeof TopicArn === 'string' ? TopicArn : undefined);
  const read = alarm === undefined ? alarmOrReportRead(message) : intakesOf(alarm, true);
  return read ?? [refusal(`an SNS message that is not an alarm's, ${shape(message)}`)];
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
