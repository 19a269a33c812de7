import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Of AWS's own command line, version 1, as Python has it installed beside moto. */
export interface CliOutcome {
  readonly status: number;
  /** The operation that it would have called, where it calls nothing. */
  readonly asked?: string;
  readonly said?: string;
}

/** Reads commands and, with an endpoint, runs them there: one after the other, in one process. */
export function openAwsCli(endpoint?: string) {
  const script = new URL('aws-commands.py', import.meta.url).pathname;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('python3', [script, ...(endpoint === undefined ? [] : [endpoint])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...{ PATH, HOME, AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' },
      ...{ AWS_ACCESS_KEY_ID: 'wire', AWS_SECRET_ACCESS_KEY: 'wire' },
    },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(argv: readonly string[]): Promise<CliOutcome> {
      child.stdin.write(`${JSON.stringify(argv)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`the command line ended at ${argv.join(' ')}`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

export type AwsCli = ReturnType<typeof openAwsCli>;
