import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newCause, READS, Refusal } from './new-cause.ts';

const root = join(import.meta.dirname, '../..');
const [category, id, ...more] = process.argv.slice(2);

try {
  if (category === undefined || id === undefined || more.length > 0) {
    throw new Refusal('usage: npm run new:cause <category> <id>');
  }
  const read = Object.fromEntries(READS.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const written = Object.entries(newCause(category, id, read));
  for (const [path, text] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const paths = written.map(([path]) => path);
  const sources = paths.filter((path) => path.endsWith('.ts'));
  spawnSync('npx', ['biome', 'check', '--write', '--log-level=error', ...sources], { cwd: root, stdio: 'inherit' });
  process.stdout.write(`${[...paths, '', 'Write what is marked TODO, then: npm run accept'].join('\n')}\n`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
