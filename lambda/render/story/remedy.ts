import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Argv, Fix } from '../../incident/finding.ts';
import { type Text, text, verbatim, words } from '../../incident/text.ts';
import { CONTROLLER } from '../../semantics/kubernetes/controller-tags.ts';
import { type Block, command, paragraph } from './block.ts';
import { withoutFullStop } from './phrases.ts';

/** One way out: a fix that helps by itself, or all the steps that only help together. */
type Way = readonly [Fix<Text>, ...Fix<Text>[]];

/** The ways out of the first cause, the one to take first. None while nothing is suspected, or known. */
export function remedies({ kind, verdict, findings }: Diagnosis): readonly (readonly Block[])[] {
  if (verdict.cause === null) return [];
  const changing = kind === 'recovered' ? IF_NEEDED : verdict.status === 'identified' ? SURE : IF_THAT_IS_IT;
  return waysOf(findings[0]?.fixes ?? []).map((way) => remedy(way, changing));
}

/** The first way of another finding that a command takes, without what follows it; what was told already is left out. */
export function firstWay(fixes: readonly Fix<Text>[], told: readonly Fix<Text>[]): readonly Block[] {
  const known = told.map(({ run }) => JSON.stringify(run));
  const way = waysOf(fixes).find((one) => one.some(({ run }) => run !== null));
  return (way ?? [])
    .filter(({ run }) => run !== null && !known.includes(JSON.stringify(run)))
    .flatMap((fix) => toDo(fix, IF_THAT_IS_IT));
}

function waysOf(fixes: readonly Fix<Text>[]): readonly Way[] {
  const ways: [Fix<Text>, ...Fix<Text>[]][] = [];
  for (const fix of fixes) {
    const last = ways.at(-1);
    if (last === undefined || fix.step === undefined || fix.step.number === 1) ways.push([fix]);
    else last.push(fix);
  }
  return ways;
}

const SURE = 'Fix';
const IF_THAT_IS_IT = 'Fix, if that is it';
const IF_NEEDED = 'Fix, if still needed';
type Changing = typeof SURE | typeof IF_THAT_IS_IT | typeof IF_NEEDED;

/** What it does, whether it changes anything, the commands; then what tells that it helped, and what undoes it. */
function remedy(way: Way, changing: Changing): readonly Block[] {
  return [...way.flatMap((fix) => toDo(fix, changing)), ...owned(way), ...check(way), ...back(way)];
}

function toDo(fix: Fix<Text>, changing: Changing): readonly Block[] {
  if (fix.run === null) return [paragraph(text`By hand${stepSaid(fix)}: ${withoutFullStop(fix.does)}.`)];
  return [paragraph(text`${purpose(fix, changing)}: ${withoutFullStop(fix.does)}:`), command(fix.run)];
}

function purpose(fix: Fix<Text>, changing: Changing): Text {
  if (!fix.changes) return text`To look closer${stepSaid(fix)} (changes nothing)`;
  return text`${changing}${stepSaid(fix)} (changes ${fix.run?.[0] === 'kubectl' ? 'Kubernetes' : 'AWS'})`;
}

/** So that nobody stops after the first. */
function stepSaid({ step }: Fix<Text>): Text {
  return step === undefined ? [] : text`, step ${step.number} of ${step.of}`;
}

function owned(way: Way): readonly Block[] {
  const owners = new Set(way.flatMap((fix) => (isOfItself(fix) ? [] : (fix.managedBy ?? []))));
  return [...owners].map((owner) => paragraph(ownerSaid(owner)));
}

/** A stack is a place to make a change; a controller is none, but for the cluster whose objects it follows. */
function ownerSaid(owner: string): Text {
  if (owner.startsWith(SCALING)) return text`It belongs to ${verbatim(owner)}, which may replace it meanwhile.`;
  const ofCluster = owner.startsWith(CONTROLLER) && !owner.includes(' and ');
  return text`Managed by ${verbatim(owner)}, which may revert it: ${ofCluster ? 'what lasts is changed in the cluster' : 'make the change there as well'}.`;
}

const SCALING = 'Auto Scaling group ';

/** The command changes the Auto Scaling group itself. */
function isOfItself({ run, managedBy = '' }: Fix<Text>): boolean {
  return managedBy.startsWith(SCALING) && run?.includes(managedBy.slice(SCALING.length)) === true;
}

/** Steps help when all of them are done: what the last one is verified by. */
function check(way: Way): readonly Block[] {
  const verify = way.findLast((fix) => fix.verify !== null)?.verify ?? null;
  if (verify === null) return [];
  return [
    paragraph(words(showsSetting(verify) ? 'To see that it is done:' : 'To see whether it helped:')),
    command(verify),
  ];
}

/** A setting reads as it was set, whether that helps or not; the health of targets and the state of things do not. */
function showsSetting([, , operation = '']: Argv): boolean {
  return /^(describe-rules|describe-.*-attributes|get-.*)$/.test(operation);
}

function back(way: Way): readonly Block[] {
  const undone = way.flatMap(({ undo }): readonly Argv[] => (undo === null ? [] : [undo])).reverse();
  if (undone.length > 0) {
    return [
      paragraph(words(undone.length > 1 ? 'To undo it, last step first:' : 'To undo it:')),
      ...undone.map(command),
    ];
  }
  return way.some(({ changes, run }) => changes && run !== null)
    ? [paragraph(words('No single command undoes it.'))]
    : [];
}
