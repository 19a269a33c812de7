import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Argv, Finding, FixTraits, ToldFix } from '../../incident/finding.ts';
import { type Text, text, verbatim, words } from '../../incident/text.ts';
import { type Block, command, item, lead, paragraph } from './block.ts';
import { withoutFullStop } from './phrases.ts';

/** One way out: a fix that helps by itself, or all the steps that only help together. */
type Way = readonly [ToldFix, ...ToldFix[]];

/** One way out, in the order of doing it: the commands and who may revert them; then what tells that it helped, what undoes it. */
export interface WayOut {
  readonly toDo: readonly Block[];
  /** How many of its steps had no room. */
  readonly stepsLeft: number;
  readonly after: readonly Block[];
  /** What is done, without its commands. */
  readonly inBrief: Block;
  /** It only looks: that mends nothing. */
  readonly isLook: boolean;
}

/** The ways out of the first cause, the one to take first. None while nothing is suspected, or known. */
export function remedies({ kind, verdict, findings }: Diagnosis, stepsAtMost: number): readonly WayOut[] {
  if (verdict.cause === null) return [];
  const [first] = findings;
  if (first === undefined) return [];
  // Of a fault that is known, whether it makes the errors may not be.
  const isSure = verdict.status === 'identified' || (isKnown(first) && first.share !== null);
  const changing = kind === 'recovered' ? IF_NEEDED : isSure ? SURE : IF_THAT_IS_IT;
  return onlyOnce(waysOf(first.fixes)).map((way) => ({
    toDo: [...way.slice(0, stepsAtMost).flatMap((fix) => toDo(fix, changing)), ...owned(way)],
    stepsLeft: Math.max(0, way.length - stepsAtMost),
    after: [...check(way), ...back(way)],
    inBrief: inBrief(way, changing),
    isLook: way.every(({ changes, run }) => !changes && run !== null),
  }));
}

/**
 * The best way of another finding, without what follows it: the first that mends it, be it by hand, for the way to take
 * first comes first; how to look only where nothing better is known. What was told already is left out.
 */
export function firstWay(finding: Finding<Text>, told: readonly ToldFix[]): readonly Block[] {
  const { fixes, waiting } = finding;
  const ways = waysOf(fixes);
  const mends = ways.find((one) => one.some(({ changes }) => changes));
  const way = mends ?? ways.find((one) => one.some(({ run }) => run !== null)) ?? ways[0] ?? [];
  const changing = waiting ? AFTER_THAT : isKnown(finding) ? SURE : IF_THAT_IS_IT;
  return way
    .filter((fix) => !told.some((other) => isSameStep(fix, other)))
    .flatMap((fix) => toDo(fix, changing, fix.changes ? BY_HAND[changing] : undefined));
}

/** A fault that is known is to be mended, however much else there is. */
const isKnown = ({ strength }: Finding<Text>): boolean => strength !== 'circumstantial';

/** By the same command; by hand, in the same words. */
function isSameStep(one: ToldFix, other: ToldFix | undefined): boolean {
  const key = ({ run, inSession, does }: ToldFix) => JSON.stringify(run === null ? does : [run, inSession]);
  return other !== undefined && key(one) === key(other);
}

/** What is done by the same commands is the same way, by whatever words. */
function onlyOnce(ways: readonly Way[]): readonly Way[] {
  return ways.filter((way, index) => {
    const isOne = (other: Way) => other.length === way.length && way.every((fix, step) => isSameStep(fix, other[step]));
    return ways.findIndex(isOne) === index;
  });
}

function waysOf(fixes: readonly ToldFix[]): readonly Way[] {
  const ways: [ToldFix, ...ToldFix[]][] = [];
  for (const fix of fixes) {
    const last = ways.at(-1);
    if (last === undefined || fix.step === undefined || fix.step.number === 1) ways.push([fix]);
    else last.push(fix);
  }
  return ways;
}

const SURE = 'Fix';
const IF_THAT_IS_IT = 'Fix, if this is the cause';
const IF_NEEDED = 'Fix, if still needed';
const AFTER_THAT = 'Fix, after that';

type Changing = typeof SURE | typeof IF_THAT_IS_IT | typeof IF_NEEDED | typeof AFTER_THAT;

/** Of another finding, what no command does. */
const BY_HAND = {
  [SURE]: 'By hand',
  [IF_THAT_IS_IT]: 'By hand, if this is the cause',
  [AFTER_THAT]: 'By hand, after that',
} as const;
type ByHand = (typeof BY_HAND)[keyof typeof BY_HAND];

function toDo(fix: ToldFix, changing: Changing, byHand: ByHand = 'By hand'): readonly Block[] {
  if (fix.run === null) {
    return [paragraph(text`${byHand}${stepSaid(fix)}: ${withoutFullStop(fix.does)}.`)];
  }
  return [
    lead(fix.changes ? 'change' : 'look', text`${purpose(fix, changing)}: ${withoutFullStop(fix.does)}:`),
    command(fix.run, fix.inSession),
  ];
}

function inBrief([fix]: Way, changing: Changing): Block {
  const label = fix.run === null ? text`By hand${stepSaid(fix)}` : purpose(fix, changing);
  return item(text`${label}: ${withoutFullStop(fix.does)}`);
}

function purpose(fix: ToldFix, changing: Changing): Text {
  if (!fix.changes) return text`To look closer${stepSaid(fix)} (changes nothing)`;
  return text`${changing}${stepSaid(fix)} (changes ${traitsOf(fix).changesWhat})`;
}

/** So that nobody stops after the first. */
function stepSaid({ step }: ToldFix): Text {
  return step === undefined ? [] : text`, step ${step.number} of ${step.of}`;
}

function owned(way: Way): readonly Block[] {
  const owners = new Map(
    way.flatMap((fix) => {
      const { changesOwner, owner } = traitsOf(fix);
      return changesOwner || fix.managedBy === undefined ? [] : [[fix.managedBy, owner] as const];
    }),
  );
  return [...owners].map(([title, kind]) => paragraph(ownerSaid(title, kind)));
}

/** A stack is a place to make a change; a controller is none, but for the cluster whose objects it follows. */
function ownerSaid(title: string, kind: FixTraits['owner']): Text {
  if (kind === 'scaling-group') return text`${verbatim(title)} may launch replacements in the meantime.`;
  return text`Managed by ${verbatim(title)}, which may revert it: ${kind === 'controller' ? 'make lasting changes in the cluster' : 'make the change there as well'}.`;
}

const PLAIN: FixTraits = { changesWhat: 'AWS', verifies: 'effect', owner: null, changesOwner: false };

function traitsOf({ traits = PLAIN }: ToldFix): FixTraits {
  return traits;
}

const CHECKS = {
  setting: 'To see that it is done:',
  effect: 'To see whether it helped:',
  errors: 'To see whether it helped (a minute that is not listed has no such error):',
} as const satisfies Record<FixTraits['verifies'], string>;

/** Steps help when all of them are done: what the last one is verified by. */
function check(way: Way): readonly Block[] {
  const last = way.findLast((fix) => fix.verify !== null);
  if (last === undefined || last.verify === null) return [];
  return [lead('check', words(CHECKS[traitsOf(last).verifies])), command(last.verify)];
}

function back(way: Way): readonly Block[] {
  const undone = way.flatMap(({ undo }): readonly Argv[] => (undo === null ? [] : [undo])).reverse();
  if (undone.length > 0) {
    return [
      lead('undo', words(undone.length > 1 ? 'To undo it, last step first:' : 'To undo it:')),
      ...undone.map((run) => command(run)),
    ];
  }
  return way.some(({ changes, run }) => changes && run !== null)
    ? [paragraph(words('No single command undoes it.'))]
    : [];
}
