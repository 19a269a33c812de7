import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';
import { RUNTIME_OPTIONS } from '../../infra/construct/triage-function.ts';
import { ACCOUNT, type AccountSize, LOAD_BALANCER, REGION } from './account.ts';
import { judging } from './judging.ts';

/**
 * `npm run bench`: how much is loaded, how fast an alarm is answered and how much AWS is asked for it. The deployed bundle
 * runs in fresh processes of Node 24 against a stub that answers after 30 ms; medians. What it prints is explained in
 * docs/performance.md.
 */
const LATENCY_MS = 30;
const HERE = import.meta.dirname;
const BUNDLE = `${HERE}/../../dist/lambda`;
const ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: 'true',
  TRIAGE_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:triage`,
  LOG_LEVEL: 'SILENT',
  NODE_OPTIONS: RUNTIME_OPTIONS,
};
const run = promisify(execFile);

interface Options {
  readonly runs: number;
  readonly only: RegExp;
}

interface Measured {
  readonly cold: number;
  readonly warm: number;
  readonly megabytes: number;
  readonly chain: number;
  readonly calls: readonly string[];
}

const SMALL: AccountSize = { targets: 20, groups: 1, containers: false, trail: 'quiet' };

/** What an account of CloudTrail's two calls a second holds is full again. */
const REFILLED_MS = 4000;

const CASES: readonly { readonly name: string; readonly size: AccountSize; readonly pauseMs?: number }[] = [
  { name: '20 targets, CloudTrail denied', size: { ...SMALL, trail: 'denied' } },
  { name: '20 targets', size: SMALL },
  { name: '20 targets, busy account', size: { ...SMALL, trail: 'busy' } },
  { name: '20 targets, busy account, 4 s between', size: { ...SMALL, trail: 'busy' }, pauseMs: REFILLED_MS },
  { name: '20 ECS tasks', size: { ...SMALL, containers: true } },
  { name: '2 targets', size: { ...SMALL, targets: 2 } },
  { name: '1,000 targets', size: { ...SMALL, targets: 1000 } },
  { name: '5,000 targets', size: { ...SMALL, targets: 5000 } },
  { name: '100 targets in 20 groups', size: { ...SMALL, targets: 100, groups: 20 } },
  { name: '300 targets in 100 groups', size: { ...SMALL, targets: 300, groups: 100 } },
];

async function main({ runs, only }: Options): Promise<void> {
  const node = await node24();
  if (only.test('bundle')) tellBundle();
  if (only.test('start')) await tellStart(node, runs);
  for (const { name, size, pauseMs = 0 } of CASES) {
    if (only.test(name)) tell(name, await measured(node, size, runs, pauseMs));
  }
  if (only.test('others')) await tellOthers(node, runs);
  if (only.test('logs')) await tellLogs(node);
  if (only.test('judging')) for (const line of judging()) print(line);
}

function tellBundle(): void {
  const sizes = readdirSync(BUNDLE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.cjs'))
    .map((file) => {
      const source = readFileSync(`${BUNDLE}/${file}`);
      return { file, bytes: source.length, zipped: gzipSync(source, { level: 9 }).length };
    });
  const kilobytes = (of: typeof sizes, key: 'bytes' | 'zipped') =>
    (of.reduce((sum, each) => sum + each[key], 0) / 1000).toFixed(0);
  const first = filesAtStart();
  const atStart = sizes.filter(({ file }) => first.has(file));
  print(`bundle: at start ${kilobytes(atStart, 'bytes')} KB (gz ${kilobytes(atStart, 'zipped')})`);
  print(`bundle: all ${sizes.length} chunks ${kilobytes(sizes, 'bytes')} KB (gz ${kilobytes(sizes, 'zipped')})`);
}

/** All files that the first one requires before it is called: as an `import()`, a chunk is required in a `then`. */
function filesAtStart(): ReadonlySet<string> {
  const files = new Set(['index.cjs']);
  // A set is walked to its end, wherever that is by then.
  for (const file of files) {
    const source = readFileSync(`${BUNDLE}/${file}`, 'utf8');
    for (const [, other = ''] of source.matchAll(/(?<!=>)require\("\.\/([^"]+)"\)/g)) files.add(other);
  }
  return files;
}

/** Processor time, user and system, of a process that only loads the bundle, less that of one that loads nothing. */
async function tellStart(node: string, runs: number): Promise<void> {
  const report = 'const {user,system}=process.cpuUsage();console.log((user+system)/1000)';
  const cpu = async (before: string) =>
    Number((await run(node, ['-e', `${before}${report}`], { env: ENVIRONMENT })).stdout);
  const bare: number[] = [];
  const loaded: number[] = [];
  for (let n = 0; n < runs * 2; n += 1) {
    bare.push(await cpu(''));
    loaded.push(await cpu(`require(${JSON.stringify(`${BUNDLE}/index.cjs`)});`));
  }
  const over = median(loaded) - median(bare);
  print(
    `start: +${over.toFixed(0)} ms CPU over bare Node ${median(bare).toFixed(0)} ms (${ratio(median(loaded), median(bare))})`,
  );
}

/** Processor time and memory of a process that counts a million lines of an access log. */
async function tellLogs(node: string): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'alb-triage-')), 'counting.mjs');
  // As it is deployed: Node's own reading of TypeScript would be most of the memory.
  await build({ input: `${HERE}/counting.ts`, platform: 'node', output: { file } });
  const { stdout } = await run(node, [file, '1000000'], { env: ENVIRONMENT });
  const { lines, ms, megabytes } = JSON.parse(stdout);
  print(`logs: ${lines} lines in ${(ms / 1000).toFixed(1)} s CPU, ${megabytes.toFixed(0)} MB`);
}

async function measured(node: string, size: AccountSize, runs: number, pauseMs: number): Promise<Measured> {
  const stub = await startStub(size);
  try {
    const all: (Invocations & { readonly calls: readonly string[] })[] = [];
    for (let n = 0; n < runs; n += 1) {
      const { stdout } = await run(node, [`${HERE}/invocation.cjs`, `${BUNDLE}/index.cjs`, '3', String(pauseMs)], {
        env: { ...ENVIRONMENT, AWS_ENDPOINT_URL: stub.url },
      });
      all.push({ ...JSON.parse(stdout), calls: await stub.calls() });
    }
    const [first] = all;
    if (first?.cause !== 'target-security-group-closed') {
      throw new Error(
        `the benchmark's incident was answered with ${first?.status} ${first?.cause}: its times tell nothing`,
      );
    }
    return {
      cold: median(all.map(({ took }) => took[0] ?? 0)),
      warm: median(all.flatMap(({ took }) => took.slice(1))),
      megabytes: median(all.map(({ peakMegabytes }) => peakMegabytes)),
      chain: first.criticalPath + 1,
      // Of the three invocations, the first: the last calls of it may still be on their way when the next begins.
      calls: first.calls.slice(0, first.apiCalls + 1),
    };
  } finally {
    stub.stop();
  }
}

interface Invocations {
  readonly took: readonly number[];
  readonly peakMegabytes: number;
  readonly cause: string;
  readonly status: string;
  readonly criticalPath: number;
  readonly apiCalls: number;
}

function tell(name: string, { cold, warm, megabytes, chain, calls }: Measured): void {
  const services = new Map<string, number>();
  for (const action of calls) {
    const service = action.split(':')[0] ?? '';
    services.set(service, (services.get(service) ?? 0) + 1);
  }
  const byService = [...services].map(([service, count]) => `${service} ${count}`).join(', ');
  print(
    `${name}: cold ${cold.toFixed(0)} ms, warm ${warm.toFixed(0)} ms, ${megabytes.toFixed(0)} MB, chain ${chain}, ${calls.length} calls (${byService})`,
  );
}

/** The steps a person takes by AWS's command line, and the same calls one after the other by a script. */
async function tellOthers(node: string, runs: number): Promise<void> {
  const size: AccountSize = { ...SMALL, trail: 'denied' };
  const ours = (await measuredProcess(size, runs, [node, `${HERE}/invocation.cjs`, `${BUNDLE}/index.cjs`, '1'])) ?? 0;
  print(`others: this, the whole process ${ours.toFixed(0)} ms`);
  for (const [name, command] of [
    ['AWS CLI, step by step', ['bash', `${HERE}/others/steps.sh`, LOAD_BALANCER]],
    ['boto3, one call after the other', ['python3', `${HERE}/others/sequential.py`, LOAD_BALANCER]],
  ] as const) {
    const theirs = await measuredProcess(size, Math.min(3, runs), command);
    print(
      `others: ${name} ${theirs === undefined ? 'is not installed here' : `${theirs.toFixed(0)} ms, ${ratio(theirs, ours)}`}`,
    );
  }
}

async function measuredProcess(
  size: AccountSize,
  runs: number,
  command: readonly string[],
): Promise<number | undefined> {
  const stub = await startStub(size);
  const [file = '', ...args] = command;
  try {
    const took: number[] = [];
    for (let n = 0; n < runs; n += 1) {
      const started = performance.now();
      await run(file, args, { env: { ...ENVIRONMENT, AWS_ENDPOINT_URL: stub.url } });
      took.push(performance.now() - started);
    }
    return median(took);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 127)) return undefined;
    throw error;
  } finally {
    stub.stop();
  }
}

interface Stub {
  readonly url: string;
  /** All since they were last asked for. */
  calls(): Promise<readonly string[]>;
  stop(): void;
}

async function startStub(size: AccountSize): Promise<Stub> {
  const child = spawn('npx', ['tsx', `${HERE}/stub-process.ts`, JSON.stringify(size), String(LATENCY_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the stub ended with ${code}`)));
  });
  return {
    url,
    calls: async () => (await (await fetch(`${url}/_calls`)).json()) as readonly string[],
    stop: () => {
      child.removeAllListeners('exit');
      if (child.pid !== undefined) process.kill(-child.pid);
    },
  };
}

/** What Lambda runs, from its package: this machine's may be another. */
async function node24(): Promise<string> {
  const { stdout } = await run('npx', ['--yes', '--package', 'node@24', '--', 'node', '-p', 'process.execPath']);
  return stdout.trim();
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ratio(one: number, other: number): string {
  return `${(one / other).toFixed(1)} ×`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [runs = '7', only = '.'] = process.argv.slice(2);
await main({ runs: Number(runs), only: new RegExp(only) });
