import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test, vi } from 'vitest';

// Compilers read all of the CDK's types.
vi.setConfig({ testTimeout: 180_000 });

/** The package as npm packs it, in folders that know nothing of the repository. */
const REPOSITORY = new URL('../..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'alb-triage-package-'));
const empty = join(folder, 'empty');
const tools = join(folder, 'tools');

async function run(cwd: string, program: string, args: readonly string[], environment = {}): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', CDK_DISABLE_CLI_TELEMETRY: 'true', ...environment };
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 1e8 }).catch((error) => {
    throw new Error(`${program} ${args.join(' ')}: ${error.message}\n${error.stdout}`);
  });
  return stdout;
}

const install = (where: string, ...what: readonly string[]): Promise<string> => {
  mkdirSync(where, { recursive: true });
  writeFileSync(join(where, 'package.json'), '{"private": true}\n');
  return run(where, 'npm', ['install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', ...what]);
};

beforeAll(async () => {
  const name = await run(REPOSITORY, 'npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  await install(empty, '--offline', join(folder, name.trim()));
  await install(tools, 'ts-node@10.9.2', 'typescript@5.9');
}, 300_000);

test('brings along nothing, neither packages nor scripts that run at the installation', () => {
  const installed = readdirSync(join(empty, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(installed).toEqual(['alb-triage']);
  const { scripts } = JSON.parse(readFileSync(join(empty, 'node_modules/alb-triage/package.json'), 'utf8'));
  expect(scripts).not.toHaveProperty('install');
  expect(scripts).not.toHaveProperty('postinstall');
});

test('is a command by its name', async () => {
  expect((await run(empty, 'npx', ['--offline', 'alb-triage', '--version'])).trim()).toBe(version);
});

test('holds the schema of the report where the documents name it', async () => {
  const shown = "require('alb-triage/docs/report.schema.json').$schema";
  expect(await run(empty, process.execPath, ['-p', shown])).toContain('json-schema.org');
});

/** The oldest that may run it, and those that are kept longer. */
describe.each(['20.19', '22', '24'])('with Node %s', (release) => {
  let node: string;
  beforeAll(async () => {
    const asked = ['--yes', '--package', `node@${release}`, '--', 'node', '-p', 'process.execPath'];
    node = (await run(folder, 'npx', asked)).trim();
    expect(await run(folder, node, ['--version'])).toMatch(new RegExp(`^v${release}\\.`));
  }, 300_000);

  test('the command runs', async () => {
    const program = join(empty, 'node_modules/.bin/alb-triage');
    expect((await run(empty, node, [program, '--version'])).trim()).toBe(version);
    expect(await run(empty, node, [program, 'demo', '--as', 'email'])).toContain('Identified, decisive');
  });

  test('the construct is synthesised', async () => {
    const app = await anApp(`javascript-${release}`, 'javascript');
    expectFunction(await synthesised(app, node, ['bin/app.js']));
  });
});

test('in an app as `cdk init` makes it', async () => {
  const app = await anApp('typescript', 'typescript');
  link(app, 'typescript', join(REPOSITORY, 'node_modules/typescript-7'));
  await run(app, 'npx', ['tsc', '--types', 'node', '--skipLibCheck', 'false']);
  expectFunction(await synthesised(app, 'npx', ['tsx', 'bin/app.ts']));
});

test('as the pages show it, on an alarm and a topic that are there, and with all the rest', async () => {
  const app = await anApp('pages', 'typescript');
  link(app, 'typescript', join(REPOSITORY, 'node_modules/typescript-7'));
  const shown = (page: string) =>
    /```ts\n([\s\S]*?)```/.exec(readFileSync(join(REPOSITORY, 'docs', page), 'utf8'))?.[1] ?? '';
  writeFileSync(join(app, 'lib/app-stack.ts'), shown('install-cdk.md'));
  await run(app, 'npx', ['tsc', '--types', 'node']);
  expectFunction(await synthesised(app, 'npx', ['tsx', 'bin/app.ts']));

  const [, imports = '', lines = ''] = /^((?:import .*\n)+)([\s\S]*)$/.exec(shown('deploy.md')) ?? [];
  writeFileSync(
    join(app, 'lib/app-stack.ts'),
    `${imports}import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
export class AppStack extends Stack {
  constructor(app: App, id: string, props?: StackProps) {
    super(app, id, props);
    const [web, checkout] = ['web', 'checkout'].map((name) => ({
      loadBalancerArn: \`arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/\${name}/50dc6c495c0c9188\`,
    })) as [{ loadBalancerArn: string }, { loadBalancerArn: string }];
    const metric = new Metric({ namespace: 'AWS/ApplicationELB', metricName: 'HTTPCode_ELB_5XX_Count' });
    const existingAlarm = new Alarm(this, 'Existing', { metric, threshold: 1, evaluationPeriods: 1 });
    const otherAlarm = new Alarm(this, 'Other', { metric, threshold: 1, evaluationPeriods: 1 });
    const topic = new Topic(this, 'Topic');
    ${lines}
  }
}
`,
  );
  await run(app, 'npx', ['tsc', '--types', 'node']);
  expectFunction(await synthesised(app, 'npx', ['tsx', 'bin/app.ts']));
}, 300_000);

test('in an app that ts-node runs as CommonJS, with types looked up as in old days', async () => {
  const app = await anApp('ts-node', 'typescript');
  link(app, 'typescript', join(tools, 'node_modules/typescript'));
  link(app, 'ts-node', join(tools, 'node_modules/ts-node'));
  const compilerOptions = { target: 'ES2022', module: 'commonjs', moduleResolution: 'node10', strict: true };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  await run(app, 'npx', ['tsc', '--noEmit']);
  expectFunction(await synthesised(app, process.execPath, ['node_modules/ts-node/dist/bin.js', 'bin/app.ts']));
});

test('in an app of ES modules, with types looked up as Node does and as bundlers do', async () => {
  const app = await anApp('modules', 'typescript');
  link(app, 'typescript', join(REPOSITORY, 'node_modules/typescript-7'));
  const settings = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ ...settings, type: 'module' }));
  writeFileSync(
    join(app, 'bin/app.ts'),
    `import { createRequire } from 'node:module';
import { App } from 'aws-cdk-lib';
import { AlbTriage } from 'alb-triage/cdk';
import { AppStack } from '../lib/app-stack.js';
const required: unknown = createRequire(import.meta.url)('alb-triage/cdk').AlbTriage;
if (required !== AlbTriage) throw new Error('there are two of the class');
new AppStack(new App(), 'AppStack');
`,
  );
  const checked = ['tsc', '--types', 'node', '--skipLibCheck', 'false'];
  await run(app, 'npx', checked);
  await run(app, 'npx', [...checked, '--module', 'preserve', '--moduleResolution', 'bundler']);
  expectFunction(await synthesised(app, 'npx', ['tsx', 'bin/app.ts']));
});

test('the types refuse what the construct does not know', async () => {
  const app = await anApp('mistaken', 'typescript');
  link(app, 'typescript', join(REPOSITORY, 'node_modules/typescript-7'));
  const file = join(app, 'lib/app-stack.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace('accountName:', 'acountName:'));
  await expect(run(app, 'npx', ['tsc', '--types', 'node'])).rejects.toThrow(/acountName/);
});

/** An app of the CDK, with the construct in its stack; whatever else it needs is the repository's own. */
async function anApp(name: string, language: 'typescript' | 'javascript'): Promise<string> {
  const app = join(folder, name, 'app');
  mkdirSync(app, { recursive: true });
  const init = ['init', 'app', '--language', language, '--generate-only'];
  await run(app, join(REPOSITORY, 'node_modules/.bin/cdk'), init);
  // Its tests want a runner that takes as long to install as all the rest.
  rmSync(join(app, 'test'), { recursive: true });
  cpSync(join(empty, 'node_modules/alb-triage'), join(app, 'node_modules/alb-triage'), { recursive: true });
  for (const one of ['aws-cdk-lib', 'constructs', 'tsx', '@types/node']) {
    link(app, one, join(REPOSITORY, 'node_modules', one));
  }

  const file = join(app, `lib/app-stack.${language === 'typescript' ? 'ts' : 'js'}`);
  const imports =
    language === 'typescript'
      ? `import { AlbTriage } from 'alb-triage/cdk';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';`
      : `const { AlbTriage } = require('alb-triage/cdk');
const { Vpc } = require('aws-cdk-lib/aws-ec2');
const { ApplicationLoadBalancer } = require('aws-cdk-lib/aws-elasticloadbalancingv2');`;
  const stack = `
    const web = new ApplicationLoadBalancer(this, 'Web', { vpc: new Vpc(this, 'Network'), internetFacing: true });
    const triage = new AlbTriage(this, 'Triage', { loadBalancers: [web], accountName: 'prod' });
    if (!(triage instanceof AlbTriage)) throw new Error('it is no AlbTriage');
`;
  const text = readFileSync(file, 'utf8').replace(/\n *\/\/ The code that defines your stack goes here/, stack);
  expect(text).toContain(stack);
  writeFileSync(file, `${imports}\n${text}`);
  return app;
}

/** Into the app's node_modules, with what it is called on the command line by. */
function link(app: string, name: string, target: string): void {
  const path = join(app, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
  const { bin } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  const commands = typeof bin === 'string' ? { [name]: bin } : (bin ?? {});
  mkdirSync(join(app, 'node_modules/.bin'), { recursive: true });
  for (const [command, file] of Object.entries<string>(commands)) {
    symlinkSync(join(target, file), join(app, 'node_modules/.bin', command));
  }
}

async function synthesised(app: string, program: string, args: readonly string[]): Promise<string> {
  const out = join(app, 'cdk.out');
  await run(app, program, args, { CDK_OUTDIR: out });
  return out;
}

function expectFunction(out: string): void {
  const { Resources } = JSON.parse(readFileSync(join(out, 'AppStack.template.json'), 'utf8'));
  const made: { Type: string; Properties: { Code: { S3Key: string }; Description?: string } }[] =
    Object.values(Resources);
  const functions = made.filter(
    ({ Type, Properties }) =>
      /^AWS::Lambda::Function$/.test(Type) && Properties.Description?.startsWith('Why a load balancer'),
  );
  expect(functions).toHaveLength(1);
  const hash = functions[0]?.Properties.Code.S3Key.replace('.zip', '');
  expect(existsSync(join(out, `asset.${hash}/index.cjs`))).toBe(true);
}
