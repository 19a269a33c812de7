import { createRequire } from 'node:module';
import { build, type OutputChunk } from 'rolldown';
import { LAMBDA } from '../../build.ts';
import type { handler } from '../../lambda/entry/alarm.ts';

/** What Lambda would run, built into a folder: the handler, and the chunks by what is loaded before it is called. */
export async function bundleIn(dir: string) {
  const { output } = await build({ ...LAMBDA, output: { ...LAMBDA.output, dir } });
  const chunks = output.flatMap((part) => (part.type === 'chunk' ? [part] : []));
  return {
    handler: createRequire(import.meta.url)(`${dir}/index.cjs`).handler as typeof handler,
    atStart: loadedWith('index.cjs', new Map(chunks.map((chunk) => [chunk.fileName, chunk]))),
    chunks,
  };
}

function loadedWith(first: string, chunks: ReadonlyMap<string, OutputChunk>): readonly OutputChunk[] {
  const files = new Set([first]);
  // A set is walked to its end, wherever that is by then.
  for (const file of files) for (const other of chunks.get(file)?.imports ?? []) files.add(other);
  return [...files].flatMap((file) => chunks.get(file) ?? []);
}
