import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Snapshot } from '../../incident/snapshot.ts';
import { savedSnapshot } from './saved-snapshot.ts';
import { type Shell, WrongUsage } from './shell.ts';

/** A recorded incident: the name of its folder, and the first line of its README. */
interface Recorded {
  readonly name: string;
  readonly title: string;
}

export function demoList(shell: Shell): string {
  const recorded = recordedIncidents(shell);
  const widest = Math.max(0, ...recorded.map(({ name }) => name.length));
  return recorded.map(({ name, title }) => `${name.padEnd(widest)}  ${title}\n`).join('');
}

/** What a newcomer sees first: a common fault, proven, with the command that mends it. */
const SHOWN_FIRST = 'security-group-closed';

/** The incident of that name; without a name, the one shown first. */
export async function demoSnapshot(name: string | undefined, shell: Shell): Promise<Snapshot> {
  const recorded = recordedIncidents(shell);
  const chosen = recorded.find((one) => one.name === (name ?? SHOWN_FIRST));
  if (chosen === undefined) {
    const missing = name === undefined ? 'no incident was recorded' : `no recorded incident is called '${name}'`;
    throw new WrongUsage(`${missing}: alb-triage demo --list names those there are`);
  }
  return savedSnapshot(fileURLToPath(new URL(`${chosen.name}/snapshot.json`, shell.incidents)), shell);
}

function recordedIncidents({ incidents }: Shell): readonly Recorded[] {
  if (!existsSync(incidents)) return [];
  return readdirSync(incidents)
    .sort()
    .filter((name) => existsSync(new URL(`${name}/README.md`, incidents)))
    .map((name) => ({ name, title: firstLine(new URL(`${name}/README.md`, incidents)) }));
}

function firstLine(file: URL): string {
  return (
    readFileSync(file, 'utf8')
      .split('\n', 1)[0]
      ?.replace(/^#+\s*/, '') ?? ''
  );
}
