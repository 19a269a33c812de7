import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotText } from '../../lambda/entry/cli/saved-snapshot.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { INCIDENTS } from './incidents.ts';

export interface MadeIncident {
  readonly name: string;
  /** The path of its snapshot, and what should stand there. */
  readonly file: string;
  readonly text: string;
}

/** The incidents that were not recorded: a `recipe.ts` makes parts of a healthy one ill. */
export function madeIncidents(): Promise<readonly MadeIncident[]> {
  const names = readdirSync(INCIDENTS).filter((name) => existsSync(join(INCIDENTS, name, 'recipe.ts')));
  return Promise.all(
    names.sort().map(async (name) => {
      const { recipe }: { readonly recipe: Snapshot } = await import(join(INCIDENTS, name, 'recipe.ts'));
      return { name, file: join(INCIDENTS, name, 'snapshot.json'), text: snapshotText(recipe) };
    }),
  );
}
