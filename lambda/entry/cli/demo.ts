import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CATALOGUE, type Category } from '../../incident/cause.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { meantByWords } from '../../intake/index.ts';
import { renderListing } from '../../render/listing.ts';
import type { Output } from './output.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { lookOf, type Shell, WrongUsage } from './shell.ts';
import { quoted } from './wording.ts';

/** A recorded incident: the name of its folder, the first line of its README, and what it is found to be. */
interface Recorded {
  readonly name: string;
  readonly title: string;
  readonly group: Category | typeof NO_CAUSE;
}

const NO_CAUSE = 'no cause found, or no outage';

/** Those to start with: faults that are common and told apart, and one where the report says that it cannot know. */
const FIRST = ['security-group-closed', 'slow-targets', 'tasks-killed-for-memory', 'two-faults', 'network-unseen'];

/** The few to start with, then the others by the category of the cause, in the order of the catalogue. */
export function demoList(name: string | undefined, { as, json, ...more }: Output, shell: Shell): string {
  const other = as !== undefined && as !== 'text' && as !== 'json';
  if (name !== undefined || other || Object.keys(more).length > 0) {
    throw new WrongUsage('--list lists all incidents, as text or with --json: nothing else can be used with it');
  }
  const recorded = recordedIncidents(shell);
  const first = FIRST.flatMap((one) => recorded.find((each) => each.name === one) ?? []);
  const rest = recorded.filter((one) => !first.includes(one));
  const groups = [...Object.keys(CATALOGUE), NO_CAUSE];
  const items = [
    ...first.map((one) => ({ ...one, heading: 'start with these' })),
    ...groups
      .flatMap((group) => rest.filter((one) => one.group === group))
      .map((one) => ({ ...one, heading: one.group })),
  ];
  if (json || as === 'json') return inJson(items);
  return renderListing(
    items.map(({ heading, name: incident, title }) => ({ group: heading, name: incident, says: title })),
    lookOf(shell),
  );
}

function inJson(items: readonly Recorded[]): string {
  const told = items.map(({ name, title, group }) => ({ name, title, category: group === NO_CAUSE ? null : group }));
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** What a newcomer sees first: a common fault, proven, with the command that mends it. */
const SHOWN_FIRST = 'security-group-closed';

/** The incident of that name; without a name, the one shown first. */
export async function demoSnapshot(name: string | undefined, shell: Shell): Promise<Snapshot> {
  const recorded = recordedIncidents(shell);
  const chosen = recorded.find((one) => one.name === (name ?? SHOWN_FIRST));
  if (chosen === undefined) {
    if (name === undefined) throw new WrongUsage('no incident was recorded');
    const known = recorded.map((one) => one.name);
    const hint = meantByWords(name, known) ?? 'alb-triage demo --list lists them';
    throw new WrongUsage(`no recorded incident is called ${quoted(name)}: ${hint}`);
  }
  return savedSnapshot(fileURLToPath(new URL(`${chosen.name}/snapshot.json`, shell.incidents)), shell);
}

/** For whoever completes a command line. */
export function incidentNames(shell: Shell): readonly string[] {
  return recordedIncidents(shell).map(({ name }) => name);
}

function recordedIncidents({ incidents }: Shell): readonly Recorded[] {
  if (!existsSync(incidents)) return [];
  return readdirSync(incidents)
    .sort()
    .filter((name) => existsSync(new URL(`${name}/README.md`, incidents)))
    .map((name) => ({
      name,
      title: firstLine(new URL(`${name}/README.md`, incidents)),
      group: categoryIn(new URL(`${name}/expect.json`, incidents)),
    }));
}

/** The tests hold each incident to be found so. */
function categoryIn(file: URL): Recorded['group'] {
  // The file is ours: it ships with the package.
  const { cause } = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { cause: readonly string[] })
    : { cause: [] };
  const categories = Object.keys(CATALOGUE) as Category[];
  return categories.find((category) => CATALOGUE[category].some((id) => id === cause[0])) ?? NO_CAUSE;
}

function firstLine(file: URL): string {
  return (
    readFileSync(file, 'utf8')
      .split('\n', 1)[0]
      ?.replace(/^#+\s*/, '') ?? ''
  );
}
