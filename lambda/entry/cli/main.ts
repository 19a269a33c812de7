import { buffer } from 'node:stream/consumers';
import { createSupportsHyperlinks } from 'supports-hyperlinks';
import { run } from './program.ts';
import { describeError } from './shell.ts';

/** The command line on this machine. `home` is the address of the program itself. */
export async function main(home: string): Promise<void> {
  // Before the SDK is loaded: standard error is for what went wrong, not for the age of somebody's Node.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  watchStreams();
  const { stdin, stdout, stderr } = process;
  const status = await run(process.argv.slice(2), {
    env: process.env,
    stdout,
    stderr,
    hyperlinks: createSupportsHyperlinks(stdout),
    stdin: () => buffer(stdin),
    // The prompt writes to stderr: stdout is for the report, and may be a file.
    ...(stdin.isTTY && stderr.isTTY ? { pick: async (choices) => (await import('./picker.ts')).pick(choices) } : {}),
    aws: () => import('./aws.ts'),
    incidents: new URL('incidents/', home),
    // As deep there as in the bundle, dist/cli: the package has the pages where the sources have them.
    causes: new URL('../../lambda/causes/', home),
  });
  process.exitCode ||= status;
  endWhenWritten();
}

function watchStreams(): void {
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
}

/** A name server that does not answer is not waited for, once all is said. */
function endWhenWritten(): void {
  const { stdout, stderr } = process;
  setInterval(() => {
    if (stdout.writableLength === 0 && stderr.writableLength === 0) process.exit();
  }, 200).unref();
}
