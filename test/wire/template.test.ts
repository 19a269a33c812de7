import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Moto, startMoto } from './moto.ts';

const REPOSITORY = new URL('../..', import.meta.url).pathname;
const TEMPLATE = join(REPOSITORY, 'dist/template/alb-triage.template.json');
const page = readFileSync(join(REPOSITORY, 'docs/without-cdk.md'), 'utf8');
const [commands = '', removal = ''] = [/```sh\n([\s\S]*?)```/, /`(aws cloudformation delete-stack [^`]*)`/].map(
  (form) => form.exec(page)?.[1] ?? '',
);
const terraform = /```hcl\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
  await shell('npx tsx infra/template/write.ts');
});
afterAll(() => moto?.stop());

async function shell(script: string): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_PAGER: '',
    AWS_CLI_FILE_ENCODING: 'utf-8',
  };
  const { stdout } = await promisify(execFile)('bash', ['-euc', script], { cwd: REPOSITORY, env }).catch((error) => {
    throw new Error(`${error.message}\n${error.stdout}`);
  });
  return stdout;
}

test('cfn-lint finds nothing', async () => {
  expect(await shell(`python3 -c 'import sys; from cfnlint.runner import main; sys.exit(main())' ${TEMPLATE}`)).toBe(
    '',
  );
});

test('Python reads the archive, and Node what is in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alb-triage-'));
  await shell(`cd ${folder} && python3 -m zipfile -e ${REPOSITORY}dist/template/alb-triage.zip . && chmod -R a-w .`);
  expect(await shell(`diff -r dist/lambda ${folder} && node -p "typeof require('${folder}/index.cjs').handler"`)).toBe(
    'function\n',
  );
});

test('each run writes the same bytes', async () => {
  const sum = 'sha256sum dist/template/*';
  const before = await shell(sum);
  await shell('rm -r dist/template && npx tsx infra/template/write.ts');
  expect(await shell(sum)).toBe(before);
});

/** Of the functions that the stack made: the emulator knows no alarms in stacks, and no outputs of what is deployed. */
async function environments(stackName: string): Promise<readonly unknown[]> {
  const { Functions } = JSON.parse(await shell('aws lambda list-functions'));
  const functions: readonly { FunctionName: string; Environment: { Variables: unknown } }[] = Functions;
  return functions
    .filter(({ FunctionName }) => FunctionName.startsWith(`${stackName}-Function`))
    .map(({ Environment }) => Environment.Variables);
}

/** With the heap's option, what is made for it in the same stack. */
const made = (stack: string) => ({
  NODE_OPTIONS: '--max-semi-space-size=8',
  TRIAGE_TABLE: expect.stringMatching(`^${stack}-History`),
  TRIAGE_QUEUE_URL: expect.stringMatching(`/${stack}-Looks`),
});

test('the commands of the page deploy it, and remove it', async () => {
  await shell('aws s3 mb s3://my-artifacts');
  // The installation is this one, and the template is written already.
  await shell(commands.replace('npm ci\nnpm run template\n', ''));
  expect(await environments('AlbTriage')).toEqual([
    {
      ...made('AlbTriage'),
      TRIAGE_TOPIC_ARN: expect.stringMatching(/^arn:aws:sns:eu-central-1:\d+:AlbTriage-OwnTopic/),
    },
  ]);

  const topic = 'arn:aws:sns:eu-central-1:123456789012:oncall';
  const others = `AccountName=prod TimeZone=Europe/Berlin TopicArn=${topic}`;
  const another = commands
    .replace(/[\s\S]*(?=aws cloudformation deploy)/, '')
    .replace('--stack-name AlbTriage', '--stack-name shop')
    .replace('Email=oncall@example.com', others);
  await shell(another);
  expect(await environments('shop')).toEqual([
    { ...made('shop'), TRIAGE_TOPIC_ARN: topic, TRIAGE_ACCOUNT_NAME: 'prod', TRIAGE_TIME_ZONE: 'Europe/Berlin' },
  ]);
  const topics = await shell('aws sns list-topics');
  expect(topics).toContain(':AlbTriage-OwnTopic');
  expect(topics).not.toContain(':shop-');

  await shell(removal);
  expect(await environments('AlbTriage')).toEqual([]);
});

test('both ways give parameters that there are, and all that are required', () => {
  const { Parameters } = JSON.parse(readFileSync(TEMPLATE, 'utf8'));
  const required = Object.keys(Parameters).filter((name) => Parameters[name].Default === undefined);
  const given = [
    [...commands.matchAll(/^ {4}(\w+)=/gm)],
    [...(/parameters = \{([^}]*)\}/.exec(terraform)?.[1] ?? '').matchAll(/^ *(\w+) +=/gm)],
  ].map((matches) => matches.map(([, name]) => name ?? ''));
  for (const names of given) {
    expect(names).toEqual(expect.arrayContaining(required));
    expect(Object.keys(Parameters)).toEqual(expect.arrayContaining(names));
  }
  const told = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*)/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  expect(told.sort()).toEqual(Object.keys(Parameters).sort());
});

test('the Terraform names what it refers to', () => {
  expect(terraform.match(/[{[(]/g)?.length).toBe(terraform.match(/[}\])]/g)?.length);
  const made = [...terraform.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([, type, name]) => `${type}.${name}`);
  for (const [name] of terraform.matchAll(/aws_s3_object\.\w+|aws_cloudformation_stack\.\w+/g)) {
    expect(made).toContain(name);
  }
  for (const [, file = ''] of terraform.matchAll(/"alb-triage\/(dist\/template\/[^"]+)"/g)) {
    expect(() => readFileSync(join(REPOSITORY, file))).not.toThrow();
  }
});
