#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { run } from './cli/program.ts';
import { describeError } from './cli/shell.ts';

// Before the SDK is loaded: standard error is for what went wrong, not for the age of somebody's Node.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `alb-triage web | head`: the reader has seen enough.
    if (error.code === 'EPIPE') return;
    process.exitCode = 1;
    if (stream !== process.stderr)
      process.stderr.write(`alb-triage: cannot write the report: ${describeError(error)}\n`);
  });
}

process.once('SIGINT', () => {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[2K');
  process.exit(130);
});

const status = await run(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: () => text(process.stdin),
  aws: () => import('./cli/aws.ts'),
  incidents: new URL('incidents/', import.meta.url),
  // As deep here as in the bundle, dist/cli: the package has the pages where the sources have them.
  causes: new URL('../../lambda/causes/', import.meta.url),
});
process.exitCode ||= status;
