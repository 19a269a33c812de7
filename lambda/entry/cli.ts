#!/usr/bin/env node
import module from 'node:module';
import { VERSION } from './version.ts';

const [first, ...more] = process.argv.slice(2);
// Asked by scripts, again and again: nothing else is loaded for it.
if (more.length === 0 && (first === '--version' || first === '-V')) process.stdout.write(`${VERSION}\n`);
else {
  // Node 22 keeps what it compiled; Node 20 cannot.
  (module as { readonly enableCompileCache?: () => void }).enableCompileCache?.();
  await (await import('./cli/main.ts')).main(import.meta.url);
}
