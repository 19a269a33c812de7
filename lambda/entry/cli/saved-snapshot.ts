import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { changeSaid } from '../../collect/trail/change-summary.ts';
import { inOrder } from '../../incident/evidence/order.ts';
import { EVIDENCE_KEYS } from '../../incident/evidence/table.ts';
import type { ChangeEvent } from '../../incident/evidence.ts';
import { type Observed, unseen } from '../../incident/observed.ts';
import { withShortTexts } from '../../incident/short-text.ts';
import { type ObservedEvidence, SNAPSHOT_VERSION, type Snapshot } from '../../incident/snapshot.ts';
import { consoleLinesRead } from '../../semantics/targets/console-lines.ts';
import { conditionWithoutValue } from '../../semantics/traffic/rule-conditions.ts';
import { isoTime, wrongAttributes, wrongMetrics } from './saved-metrics.ts';
import { describeError, NotTriaged, type Shell } from './shell.ts';
import { wrongShape } from './snapshot-shape.ts';

const observed = v.variant('seen', [
  v.looseObject({
    seen: v.literal(true),
    value: v.union([v.looseObject({}), v.array(v.unknown()), v.null()]),
    gaps: v.array(v.looseObject({})),
    source: v.array(v.unknown()),
  }),
  v.looseObject({ seen: v.literal(false), why: v.string(), detail: v.string(), source: v.array(v.unknown()) }),
]);

const window = v.pipe(
  v.looseObject({ from: isoTime, to: isoTime }),
  v.check(({ from, to }) => Date.parse(from) <= Date.parse(to), 'expected that it begins before it ends'),
);

/** The frame of a snapshot, checked first. */
const frame = v.looseObject({
  question: v.looseObject({
    subject: v.looseObject({
      arn: v.string(),
      dimension: v.string(),
      // It may begin a line, and AWS admits nothing else in it.
      name: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'expected the name of a load balancer')),
      // Parts of hosts' names, and of commands.
      partition: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,40}$/, 'expected a partition of AWS')),
      region: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,40}$/, 'expected a Region')),
      accountId: v.pipe(v.string(), v.regex(/^\w{1,40}$/, 'expected the id of an account')),
    }),
    at: isoTime,
    window,
    asked: v.optional(window),
    trigger: v.looseObject({
      kind: v.string(),
      metrics: v.optional(v.array(v.string())),
      datapoints: v.optional(v.array(v.looseObject({ value: v.number() }))),
    }),
  }),
  collectedAt: isoTime,
  evidence: v.pipe(
    v.custom((input) => !Array.isArray(input), 'expected an object'),
    v.record(v.string(), observed),
  ),
  cost: v.looseObject({ durationMs: v.number(), apiCalls: v.number(), criticalPath: v.number() }),
});

const origin = v.looseObject({
  schemaVersion: v.string(),
  tool: v.looseObject({ name: v.literal('alb-triage'), version: v.string() }),
  /** Only a report has one. */
  verdict: v.optional(v.unknown()),
});

/** As `--save` writes it: people read it, too, and compare two of them. The minutes of a metric stand in one line. */
export function snapshotText(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, null, 2).replace(NUMBERS, (row) => row.trim().replace(/\s+/g, ' '))}\n`;
}

/** A text in JSON holds no line break of its own: this is always an array. */
const NUMBERS = /(?<=\[)(\n\s+(-?\d[\d.eE+-]*|null),?)+\n\s+(?=\])/g;

/** Reads a snapshot that `--save` wrote; `-` is standard input. */
export async function savedSnapshot(file: string, shell: Shell): Promise<Snapshot> {
  const name = file === '-' ? 'standard input' : file;
  const content = await (file === '-' ? shell.stdin() : readFile(file)).catch((error: unknown) => {
    throw new NotTriaged(`cannot read ${name}: ${describeError(error)}`);
  });
  return snapshotIn(decoded(content), name);
}

/** As PowerShell's `>` and some editors write it, too: in UTF-16, or with a mark at its beginning. */
function decoded(content: Uint8Array): string {
  const [first, second] = content;
  const is = (one: number, other: number) => first === one && second === other;
  const encoding = is(0xff, 0xfe) || is(0x7b, 0) ? 'utf-16le' : is(0xfe, 0xff) || is(0, 0x7b) ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(content);
}

export function snapshotIn(content: string, name: string): Snapshot {
  const parsed = parsedJson(content, name);
  const from = v.safeParse(origin, parsed);
  if (!from.success) throw new NotTriaged(`${name} is not a snapshot of alb-triage: make one with --save`);
  const { schemaVersion, tool, verdict } = from.output;
  if (verdict !== undefined) {
    throw new NotTriaged(`${name} is a report of alb-triage, and not a snapshot: this takes what --save wrote`);
  }
  if (schemaVersion.split('.')[0] !== SNAPSHOT_VERSION.split('.')[0]) {
    throw new NotTriaged(
      `${name} was saved by alb-triage ${tool.version} in format ${schemaVersion}, and this one reads format ${SNAPSHOT_VERSION}: use alb-triage ${tool.version}`,
    );
  }
  const checked = v.safeParse(frame, parsed);
  if (!checked.success) {
    const [issue] = checked.issues;
    throw new NotTriaged(`${name} is not a whole snapshot: ${v.getDotPath(issue) ?? 'all of it'}: ${wrongSaid(issue)}`);
  }
  const wrong = wrongMetrics(checked.output.evidence) ?? wrongShape(parsed) ?? wrongAttributes(checked.output.evidence);
  if (wrong !== undefined) throw new NotTriaged(`${name} is not a whole snapshot: ${wrong}`);
  // Checked field by field above.
  const snapshot = parsed as Snapshot;
  return { ...snapshot, evidence: withoutSecrets(complete(snapshot.evidence)) };
}

/** The library's own words are for programmers. */
function wrongSaid({ expected, received, message }: v.BaseIssue<unknown>): string {
  if (!message.startsWith('Invalid ')) return message;
  return `expected ${received === 'undefined' ? 'it to be there' : expected}, found ${received === 'undefined' ? 'nothing' : received}`;
}

function parsedJson(content: string, name: string): unknown {
  try {
    return withShortTexts(JSON.parse(content));
  } catch {
    throw new NotTriaged(`${name} is not JSON: expected a snapshot that --save wrote`);
  }
}

/** A snapshot older than a piece of evidence did not ask for it: unseen, not absent. */
function complete(evidence: Partial<ObservedEvidence>): ObservedEvidence {
  const notAsked = unseen('not-asked', 'this snapshot was saved before alb-triage read them');
  const whole = Object.fromEntries(
    EVIDENCE_KEYS.map((key) => [key, inOrder(key, evidence[key] ?? notAsked)]),
  ) as unknown as ObservedEvidence;
  return { ...whole, changes: inWordsOfToday(whole.changes) };
}

/** What was done is told as this version says it, whichever saved it; of what is no whole record, as it was saved. */
function inWordsOfToday(changes: ObservedEvidence['changes']): ObservedEvidence['changes'] {
  if (!changes.seen || !Array.isArray(changes.value)) return changes;
  const value = changes.value.map((change): ChangeEvent => {
    // Saved by a version that knew of none.
    if (change.details === undefined) return { ...change, details: { is: 'other' } };
    try {
      return { ...change, what: changeSaid(change.event, change.details, change.resources) ?? change.what };
    } catch {
      return change;
    }
  });
  return { ...changes, value };
}

/** One that is older than what is kept now may hold what is never told. Whatever is not as expected is left to the causes. */
function withoutSecrets(evidence: ObservedEvidence): ObservedEvidence {
  const { listenerRules, consoleOutput } = evidence;
  return {
    ...evidence,
    listenerRules: each(listenerRules, (rule) => ({
      ...rule,
      ...(Array.isArray(rule.conditions) ? { conditions: rule.conditions.map(conditionWithoutValue) } : {}),
    })),
    consoleOutput: each(consoleOutput, (console) => ({
      ...console,
      ...(Array.isArray(console.lines) ? { lines: consoleLinesRead(console.lines) } : {}),
    })),
  };
}

function each<T>(observed: Observed<readonly T[]>, of: (one: T) => T): Observed<readonly T[]> {
  return observed.seen && Array.isArray(observed.value) ? { ...observed, value: observed.value.map(of) } : observed;
}
