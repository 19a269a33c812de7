import type { Evidence, LogKind, LogPlace, LogPlaces } from '../../incident/evidence.ts';
import { type Gap, type Observed, type Seen, seen, unseen } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { plusSeconds } from '../../semantics/time/minutes.ts';
import type { Aws } from '../aws.ts';
import { unseenLike } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { readBucket, shareRead } from './bucket/bucket-log.ts';
import { readGroup } from './group/group-log.ts';
import { COUNTERS } from './line-counter.ts';
import { gridOf, type LogSpan, logSpan } from './log-span.ts';
import { bucketObstacle, turnOn, whyNotRead } from './obstacles.ts';
import type { PlaceRead } from './place-read.ts';

export interface LogOf {
  readonly access: Evidence['accessLog'];
  readonly connection: Evidence['connectionLog'];
  readonly healthCheck: Evidence['healthCheckLog'];
}

/** Compressed, 20 MB in all. */
const BYTES: Readonly<Record<LogKind, number>> = { access: 14_000_000, connection: 3_000_000, healthCheck: 3_000_000 };
const MS = 5_000;
/** An alarm's first message does not wait for what comes late anyway. */
const MS_FOR_ALARM = 2_000;
/** What it takes to put an answer together. */
const RESERVE_MS = 300;

export type LogNeeds = Pick<ObservedEvidence, 'logPlaces' | 'loadBalancerMetrics'>;

/** Reads one of the logs where it is: the first place that has lines of these minutes. */
export async function readLog<Kind extends LogKind>(
  log: Kind,
  question: Question,
  { logPlaces, loadBalancerMetrics }: LogNeeds,
  aws: Aws,
): Promise<Observed<LogOf[Kind]>> {
  if (!logPlaces.seen) return unseenLike(logPlaces, 'the places of the logs');
  const span = logSpan(question, loadBalancerMetrics);
  const places = logPlaces.value.places.filter((place) => place.log === log);
  const gaps: Gap[] = [];
  let empty: Seen<LogOf[Kind]> | undefined;
  for (const place of places) {
    const refused = whyNotRead(place);
    if (refused !== null) {
      gaps.push({ why: 'not-asked', detail: refused });
      continue;
    }
    const counter = COUNTERS[log]({ grid: gridOf(span), dimension: question.subject.dimension });
    const read = await placeRead(place, question, span, counter, aws);
    if (!read.read) {
      gaps.push({ why: read.why, detail: read.detail, ...(read.action === undefined ? {} : { action: read.action }) });
      continue;
    }
    const { intervals, share = shareRead(intervals) } = read;
    const part = { places: [place.place], from: span.from, to: span.to, intervals, share };
    // The cast: the counter of a kind makes the log of that kind.
    const whole = seen(counter.log(part) as LogOf[Kind], [...read.gaps, ...lacking(place)]);
    if (whole.value.reading.lines > 0) return { ...whole, gaps: [...gaps, ...whole.gaps] };
    empty ??= whole;
  }
  if (empty !== undefined)
    return { ...empty, gaps: [...gaps, ...empty.gaps, nothingThere(span, empty.value.reading.places)] };
  return nowhere(log, question, logPlaces, gaps);
}

type Counter = ReturnType<(typeof COUNTERS)[LogKind]>;

async function placeRead(
  place: LogPlace,
  question: Question,
  span: LogSpan,
  counter: Counter,
  aws: Aws,
): Promise<PlaceRead> {
  const most = question.trigger.kind === 'alarm' ? MS_FOR_ALARM : MS;
  const ms = Math.max(0, Math.min(most, aws.left() - RESERVE_MS));
  const asked = { place, subject: question.subject, span };
  const there = aws.within(ms);
  try {
    if (place.kind === 'logGroup') return await readGroup({ ...asked, ms }, counter, there);
    return await readBucket({ ...asked, budget: { bytes: BYTES[place.log], ms } }, counter, there);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    return { read: false, ...bucketObstacle(error, place, question.subject) };
  }
}

/** No lines are no proof that nothing was asked: they come late, and not always. */
function nothingThere({ to }: LogSpan, places: readonly string[]): Gap {
  const expected = plusSeconds(to, 600).slice(11, 16);
  return {
    why: 'partial',
    detail: `${places.join(', ')} holds no line of these minutes yet: logs come five to ten minutes late, the newest by ${expected} UTC`,
  };
}

function lacking({ place, lacks }: LogPlace): readonly Gap[] {
  return lacks.length === 0
    ? []
    : [{ why: 'partial', detail: `the delivery to ${place} leaves out ${lacks.join(', ')}` }];
}

/** Why there is nothing: the first that stood in the way, or that they are off. */
function nowhere(
  log: LogKind,
  { subject }: Question,
  places: Seen<LogPlaces>,
  [first]: readonly Gap[],
): Observed<never> {
  if (first !== undefined) return unseen(first.why === 'partial' ? 'failed' : first.why, first.detail, first.action);
  const [unknown] = places.gaps;
  if (unknown === undefined && places.value.off.includes(log)) return unseen('not-asked', turnOn(log, subject));
  if (unknown === undefined) return unseen('not-asked', 'it goes nowhere that is known');
  const why = unknown.why === 'partial' ? 'failed' : unknown.why;
  return unseen(why, `whether and where it is delivered is not known: ${unknown.detail}`, unknown.action);
}
