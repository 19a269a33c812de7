import type { Readable } from 'node:stream';
import type { LogInterval, LogKind, LogPlace } from '../../../incident/evidence.ts';
import type { Gap } from '../../../incident/observed.ts';
import type { Subject } from '../../../incident/question.ts';
import type { Time } from '../../../incident/text.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Aws } from '../../aws.ts';
import { deadlineAfter } from '../../deadline.ts';
import { CallFailed } from '../../errors.ts';
import { getObject, listObjects } from '../../services/s3.ts';
import { utcTime } from '../../time.ts';
import type { LineCounter } from '../line-counter.ts';
import type { LogSpan } from '../log-span.ts';
import { bucketObstacle } from '../obstacles.ts';
import type { PlaceRead } from '../place-read.ts';
import { chosenFiles, type LogFile } from './chosen-files.ts';
import { readLines } from './file-lines.ts';
import { bucketOf, intervalOf, isOfLog, ownKeys, vendedKeys } from './log-keys.ts';

const AT_ONCE = 4;
const PAGES = 3;

export interface LogBudget {
  readonly bytes: number;
  readonly ms: number;
}

interface Asked {
  readonly place: LogPlace;
  readonly subject: Subject;
  readonly span: LogSpan;
  readonly budget: LogBudget;
}

/** Reads what a bucket holds of one log in the minutes asked about, as much as the budget allows. */
export async function readBucket(asked: Asked, counter: LineCounter<unknown>, aws: Aws): Promise<PlaceRead> {
  const { place, span, budget } = asked;
  const { files, gaps } = await filesIn(asked, aws);
  const deadline = deadlineAfter(budget.ms);
  const chosen = chosenFiles(files, span, budget.bytes);
  const read = new Set<LogFile>();
  const queue = [...chosen];
  const failed: Gap[] = [];
  // Of these a part was read.
  let broken = 0;
  const worker = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !deadline.signal.aborted; file = queue.shift()) {
      try {
        await readFile(place, file, counter, deadline.signal, aws);
        read.add(file);
      } catch (error) {
        if (deadline.signal.aborted) break;
        failed.push(gapOfFile(error, file, asked));
        if (!(error instanceof CallFailed)) broken += 1;
        // Neither will the others be let through.
        if (error instanceof CallFailed && error.reason === 'denied') queue.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (read.size === 0 && broken === 0 && failed[0] !== undefined) return { read: false, ...refusalOf(failed[0]) };
  return { read: true, intervals: intervalsOf(files, read), gaps: [...gaps, ...failed.slice(0, 3)] };
}

function refusalOf({ why, detail, action }: Gap): {
  why: Exclude<Gap['why'], 'partial'>;
  detail: string;
  action?: string;
} {
  return { why: why === 'partial' ? 'failed' : why, detail, ...(action === undefined ? {} : { action }) };
}

async function readFile(
  place: LogPlace,
  { key }: LogFile,
  counter: LineCounter<unknown>,
  signal: AbortSignal,
  aws: Aws,
): Promise<void> {
  const { Body } = await aws.ask(getObject, { Bucket: bucketOf(place.place).bucket, Key: key });
  // The cast: in Node the SDK answers with a stream of Node.
  await readLines(Body as Readable, counter.reader({ format: place.format === 'text' ? 'text' : null }), signal);
}

function gapOfFile(error: unknown, { key }: LogFile, { place, subject }: Asked): Gap {
  if (error instanceof CallFailed) return bucketObstacle(error, place, subject);
  const name = key.slice(key.lastIndexOf('/') + 1);
  const said = error instanceof Error ? error.message : String(error);
  return {
    why: 'failed',
    detail: `${name} cannot be read to its end (${said.slice(0, 100)})`,
    action: getObject.action,
  };
}

// --- what there is

interface Listed {
  readonly files: readonly LogFile[];
  readonly gaps: readonly Gap[];
}

async function filesIn({ place, subject, span }: Asked, aws: Aws): Promise<Listed> {
  const { prefix } = bucketOf(place.place);
  const own = (): readonly string[] => ownKeys(prefix, place.log, subject, span);
  const vended = vendedKeys(prefix, subject, span, place);
  // Whether a path that AWS gives by itself is the one that holds is not documented.
  const usual = place.suffixPath === undefined ? [] : [vendedKeys(prefix, subject, span, {})];
  // A setting does not say which of the two systems writes there.
  const layouts = place.said === 'setting' ? [own(), vended] : place.format === 'text' ? [own()] : [vended, ...usual];
  for (const keys of layouts) {
    const listed = await listedIn(place, keys, span, aws);
    if (listed.files.length > 0 || keys === layouts.at(-1)) return listed;
  }
  return { files: [], gaps: [] };
}

async function listedIn(place: LogPlace, keys: readonly string[], span: LogSpan, aws: Aws): Promise<Listed> {
  const { bucket } = bucketOf(place.place);
  const pages = await Promise.all(
    keys.map((Prefix) => aws.pages(listObjects, { Bucket: bucket, Prefix }, ({ Contents }) => Contents, PAGES)),
  );
  const files = pages.flatMap(({ items }) => items).flatMap((object) => fileOf(object, place.log, span) ?? []);
  const unique = [...new Map(files.map((file) => [file.key, file])).values()];
  return { files: unique, gaps: pages.flatMap(({ gaps }) => gaps) };
}

interface Stored {
  readonly Key?: string | undefined;
  readonly Size?: number | undefined;
  readonly LastModified?: Date | undefined;
}

function fileOf({ Key = '', Size = 0, LastModified }: Stored, log: LogKind, { from, to }: LogSpan): LogFile | null {
  const interval = intervalOf(Key, LastModified === undefined ? null : utcTime(LastModified));
  if (Size === 0 || interval === null || !isOfLog(Key, log)) return null;
  const isAsked = secondsBetween(from, interval.to) > 0 && secondsBetween(interval.from, to) > 0;
  return isAsked ? { key: Key, bytes: Size, ...interval } : null;
}

function intervalsOf(files: readonly LogFile[], read: ReadonlySet<LogFile>): readonly LogInterval[] {
  const by = new Map<Time, LogFile[]>();
  for (const file of files) by.set(file.to, [...(by.get(file.to) ?? []), file]);
  return [...by.values()]
    .map((of): LogInterval => {
      const own = of.filter((file) => read.has(file));
      const bytes = (some: readonly LogFile[]): number => some.reduce((sum, one) => sum + one.bytes, 0);
      return {
        from: of[0]?.from ?? '',
        to: of[0]?.to ?? '',
        files: { read: own.length, of: of.length },
        bytes: { read: bytes(own), of: bytes(of) },
      };
    })
    .sort((one, other) => (one.to < other.to ? -1 : 1));
}

/** Of all that there is, by its bytes. */
export function shareRead(intervals: readonly LogInterval[]): number {
  const all = intervals.reduce((sum, { bytes }) => sum + bytes.of, 0);
  const read = intervals.reduce((sum, { bytes }) => sum + bytes.read, 0);
  return all === 0 ? 1 : Math.round((read / all) * 10_000) / 10_000;
}
