import { type Diagnosis, withFewIds } from '../incident/diagnosis.ts';
import type { Finding } from '../incident/finding.ts';
import type { Text } from '../incident/text.ts';
import { clip } from './printable.ts';

interface Shortening {
  /** As the reader is told. */
  readonly leavesOut: string;
  readonly apply: (diagnosis: Diagnosis) => Diagnosis;
}

/** What a message can best do without first. The verdict, its proof and its commands go last. */
export const SHORTENINGS: readonly Shortening[] = [
  { leavesOut: 'facts', apply: (d) => withFindings(d, (finding) => ({ ...finding, facts: {} })) },
  { leavesOut: 'affected targets beyond 10', apply: (d) => withFindings(d, (finding) => withTargets(finding, 10)) },
  {
    leavesOut: 'why causes do not apply or are ruled out',
    apply: (d) => ({ ...d, notApplicable: withoutReasons(d.notApplicable), ruledOut: withoutReasons(d.ruledOut) }),
  },
  { leavesOut: 'timeline', apply: (d) => ({ ...d, timeline: [] }) },
  { leavesOut: 'links', apply: (d) => ({ ...d, links: [] }) },
  { leavesOut: 'changes but the last 10', apply: (d) => ({ ...d, changes: d.changes.slice(-10) }) },
  {
    leavesOut: 'ids of what was not seen, but 5 each',
    apply: (d) => ({
      ...d,
      undetermined: d.undetermined.map(({ cause, missing }) => ({
        cause,
        missing: missing.map((one) => withFewIds(one, 5)),
      })),
    }),
  },
  { leavesOut: 'what else is in effect', apply: (d) => ({ ...d, circumstances: [] }) },
  { leavesOut: 'findings beyond the third', apply: (d) => ({ ...d, findings: d.findings.slice(0, 3) }) },
  {
    leavesOut: 'proof beyond five lines, ways out beyond two',
    apply: (d) =>
      withFindings(d, (finding) => ({
        ...finding,
        because: finding.because.slice(0, 5),
        fixes: finding.fixes.slice(0, 2),
      })),
  },
  {
    leavesOut: "the alarm's datapoints, what else it is about, all but 10 tags",
    apply: (d) => {
      const { datapoints: _, metrics: __, alsoInAlarm: ___, ...trigger } = d.trigger;
      return { ...d, trigger, loadBalancer: { ...d.loadBalancer, tags: d.loadBalancer.tags.slice(0, 10) } };
    },
  },
  { leavesOut: 'long texts', apply: withShortTexts },
  { leavesOut: 'all but the verdict, its first proof and its first way out', apply: bareVerdict },
];

/** After so many steps, with a word about what they left out. */
export function shortenBy(diagnosis: Diagnosis, steps: number): Diagnosis {
  if (steps === 0) return diagnosis;
  const taken = SHORTENINGS.slice(0, steps);
  const short = taken.reduce((sofar, { apply }) => apply(sofar), diagnosis);
  return { ...short, truncated: taken.map(({ leavesOut }) => leavesOut) };
}

function withFindings(diagnosis: Diagnosis, change: (finding: Finding<Text>) => Finding<Text>): Diagnosis {
  return { ...diagnosis, findings: diagnosis.findings.map(change) };
}

function withTargets(finding: Finding<Text>, atMost: number): Finding<Text> {
  const { targets, omitted } = finding.affected;
  const kept = targets.slice(0, atMost);
  return {
    ...finding,
    affected: { ...finding.affected, targets: kept, omitted: omitted + targets.length - kept.length },
  };
}

function withoutReasons<Entry extends { readonly because: Text }>(entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry) => ({ ...entry, because: [] }));
}

/** Of a size that fits whatever it is made of. Causes keep their names, so that the coverage stays right. */
function bareVerdict(diagnosis: Diagnosis): Diagnosis {
  const first = diagnosis.findings.slice(0, 1).map((finding) => ({
    ...withTargets(finding, 3),
    because: finding.because.slice(0, 1),
    fixes: finding.fixes.slice(0, 1),
  }));
  return {
    ...diagnosis,
    findings: first,
    changes: [],
    undetermined: diagnosis.undetermined.map(({ cause }) => ({ cause, missing: [] })),
    broken: diagnosis.broken.map(({ cause }) => ({ cause, error: 'left out' })),
    coverage: { ...diagnosis.coverage, denied: diagnosis.coverage.denied.slice(0, 10) },
  };
}

const CHARACTERS_AT_MOST = 300;
const ITEMS_AT_MOST = 60;
const COMMAND_AT_MOST = 2_000;

/** Every text and list of a length that fits. A command is whole, or not there. */
function withShortTexts(diagnosis: Diagnosis): Diagnosis {
  return short(
    withFindings(diagnosis, (finding) => ({
      ...finding,
      fixes: finding.fixes.map((fix) => ({
        ...fix,
        run: wholeOrNone(fix.run),
        undo: wholeOrNone(fix.undo),
        verify: wholeOrNone(fix.verify),
      })),
    })),
  );
}

function wholeOrNone(argv: readonly string[] | null): readonly string[] | null {
  return argv !== null && argv.join(' ').length > COMMAND_AT_MOST ? null : argv;
}

/** Only lengths change, never the shape: what comes out is of the type that went in. */
function short<Value>(value: Value): Value {
  return shortValue(value) as Value;
}

const COMMANDS = ['run', 'undo', 'verify'];

function shortValue(value: unknown, key = ''): unknown {
  if (COMMANDS.includes(key)) return value;
  if (typeof value === 'string') return clip(value, CHARACTERS_AT_MOST);
  if (Array.isArray(value)) return value.slice(0, isText(value) ? 8 : ITEMS_AT_MOST).map((item) => shortValue(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortValue(inner, name)]));
}

function isText(list: readonly unknown[]): boolean {
  return list.some((part) => typeof part === 'object' && part !== null && 'kind' in part);
}
