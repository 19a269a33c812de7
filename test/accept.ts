import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeIncidents } from './support/recipes.ts';

/** Writes every generated file anew: the snapshots that a recipe makes, then all that some test keeps as a file. */
for (const { file, text } of await madeIncidents()) writeFileSync(file, text);

const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join(import.meta.dirname, file))
  .filter((file) => readFileSync(file, 'utf8').includes('toMatchFileSnapshot('));
const { status } = spawnSync('npx', ['vitest', 'run', ...tests, '--update', '--reporter=dot'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
process.stdout.write('What differs from the last commit:\n');
spawnSync('git', ['status', '--short'], { stdio: 'inherit' });
