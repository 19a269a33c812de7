import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Moto, startMoto } from './moto.ts';
import { NAME_SERVER } from './name-server.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { type Service, stageAt } from './stage.ts';
import { onTerminal } from './terminal.ts';

/** The command line as it is installed, a process of its own, against an emulated AWS. */
const PROGRAM = new URL('../../dist/cli/alb-triage.mjs', import.meta.url).pathname;

let moto: Moto;
let recorder: Recorder;
let shop: Service;
let abroad: Service;
let networkName: string;

beforeAll(async () => {
  moto = await startMoto();
  recorder = await startRecorder(moto.url);
  const home = stageAt(moto.url);
  const network = await home.network();
  shop = await home.service('shop', network);
  networkName = await home.networkLoadBalancer('tcp', network);
  const away = stageAt(moto.url, 'us-east-1');
  abroad = await away.service('abroad', await away.network());
});

afterAll(async () => {
  recorder?.stop();
  await moto?.stop();
});

beforeEach(() => recorder.forget());

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'alb-triage-'));
writeFileSync(
  join(folder, 'config'),
  `[default]
[profile night]
region = eu-central-1
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = oncall
[profile prod]
role_arn = arn:aws:iam::123456789012:role/prod
source_profile = sso
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.awsapps.com/start
`,
);

/** In an environment that holds nothing but what is said here. */
function typed(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const started = performance.now();
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      HOME: folder,
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: recorder.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'wire',
      AWS_SECRET_ACCESS_KEY: 'wire',
      ...env,
    },
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk) => stdout.push(String(chunk)));
  child.stderr.on('data', (chunk) => stderr.push(String(chunk)));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ status, stdout: stdout.join(''), stderr: stderr.join(''), seconds });
    });
  });
}

const named = (names: object) => ({ NODE_OPTIONS: `--import=${NAME_SERVER}`, NAMES: JSON.stringify(names) });

function expectRefusal(ended: Ended, status: number, says: RegExp): void {
  expect(ended).toMatchObject({ status, stdout: '' });
  expect(ended.stderr).toMatch(/^alb-triage: [^\n]+\n$/);
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr).not.toMatch(/\n\s+at |undefined|\[object|NodeDeprecation/);
}

describe('a load balancer is found', () => {
  test.each<[how: string, argv: () => readonly string[], env?: Readonly<Record<string, string>>]>([
    ['by its name', () => ['shop']],
    ['by its ARN', () => [shop.loadBalancer]],
    ['by its ARN, at a moment', () => [shop.loadBalancer, '--at', new Date().toISOString()]],
    ['by its DNS name in capitals', () => [`dualstack.${shop.dnsName.toUpperCase()}.`]],
    ['in the Region that is asked for', () => ['shop', '--region', 'eu-central-1'], { AWS_REGION: 'us-east-1' }],
    ['in AWS_DEFAULT_REGION', () => ['shop'], { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-central-1' }],
    [
      'in AWS_REGION before AWS_DEFAULT_REGION',
      () => ['shop'],
      { AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ],
  ])('%s', async (_, argv, env) => {
    const { status, stdout, stderr } = await typed([...argv(), '--as', 'json'], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout).loadBalancer.arn).toBe(shop.loadBalancer);
  });

  test.each<[how: string, names: () => object]>([
    [
      'an alias of an alias',
      () => ({ 'api.example.com': { cname: 'x.example.net' }, 'x.example.net': { cname: shop.dnsName } }),
    ],
    ['a dualstack alias', () => ({ 'api.example.com': { cname: `dualstack.${shop.dnsName}.` } })],
    [
      'the same addresses',
      () => ({ 'api.example.com': { a: ['192.0.2.7'] }, [shop.dnsName]: { a: ['192.0.2.6', '192.0.2.7'] } }),
    ],
  ])('by a name of its own domain: %s', async (_, names) => {
    const { status, stdout, stderr } = await typed(['https://API.example.com/basket', '--as', 'json'], named(names()));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout).loadBalancer.arn).toBe(shop.loadBalancer);
  });

  test('by the addresses of a name, in another Region', async () => {
    const names = { 'api.example.com': { a: ['192.0.2.9'] }, [abroad.dnsName]: { a: ['192.0.2.9'] } };
    const { stdout } = await typed(['api.example.com', '--as', 'json'], named(names));
    expect(JSON.parse(stdout).loadBalancer.arn).toBe(abroad.loadBalancer);
  });
});

describe('what cannot be found is said in one line', () => {
  test.each<[what: string, argv: () => readonly string[], says: RegExp]>([
    [
      'one of another Region',
      () => ['abroad'],
      /named abroad in eu-central-1; one of that name is in us-east-1: add --region us-east-1\n/,
    ],
    [
      'a mistyped name',
      () => ['shpo'],
      /named shpo in eu-central-1: did you mean shop \(eu-central-1\)\? None is named shpo in 13 other Regions\.\n/,
    ],
    ['no such name', () => ['nobody'], /named nobody in eu-central-1, nor in 13 other Regions: check/],
    ['half a name', () => ['sho-'], /named sho- in eu-central-1: did you mean shop \(eu-central-1\)\?/],
    [
      'an ARN of another account',
      () => [shop.loadBalancer.replace('123456789012', '999999999999')],
      /is of the account 999999999999, and the credentials are of 123456789012: choose a profile of that account/,
    ],
    [
      'an alarm',
      () => ['arn:aws:cloudwatch:eu-central-1:123456789012:alarm:nope'],
      /no alarm named nope in eu-central-1, nor in 13 other Regions: check the name/,
    ],
    ['a mistyped DNS name', () => [shop.dnsName.replace('shop', 'shpo')], /did you mean shop-/],
    [
      'an ARN that is gone',
      () => [shop.loadBalancer.replace(/\w+$/, '0123456789abcdef')],
      /no load balancer app\/shop\/0123456789abcdef in eu-central-1; one named shop is there now: ask for arn:/,
    ],
    [
      'an ARN that is gone, at a moment',
      () => [shop.loadBalancer.replace(/\w+$/, '0123456789abcdef'), '--at', new Date().toISOString()],
      /one named shop is there now/,
    ],
    [
      'an ARN of a name nobody has',
      () => [shop.loadBalancer.replace('/shop/', '/nobody/')],
      /no load balancer app\/nobody\/\w+ in eu-central-1, nor in/,
    ],
    [
      'an ARN of the wrong Region',
      () => [abroad.loadBalancer.replace('us-east-1', 'eu-central-1')],
      /one of that name is in us-east-1: ask for arn:aws:\S+:us-east-1:\d+:loadbalancer\/app\/abroad\//,
    ],
    ['another kind', () => ['tcp'], /tcp is a Network Load Balancer: only Application Load Balancers/],
    ['another kind, by its DNS name', () => [networkName], /tcp is a Network Load Balancer/],
  ])('%s', async (_, argv, says) => {
    const ended = await typed(argv());
    expectRefusal(ended, 1, says);
    expect(ended.seconds).toBeLessThan(15);
  });

  test('a word that is nearly a command is wrong usage, unless a load balancer is called so', async () => {
    expectRefusal(
      await typed(['dmeo']),
      2,
      /there is no command 'dmeo': did you mean demo\? As a load balancer: there is no/,
    );
    const network = await stageAt(moto.url).network();
    const demos = await stageAt(moto.url).service('demo1', network);
    const { stdout } = await typed(['demo1', '--as', 'json']);
    expect(JSON.parse(stdout).loadBalancer.arn).toBe(demos.loadBalancer);
  });

  test.each<[what: string, names: object, says: RegExp]>([
    ['no such name', {}, /api\.example\.com has no address in DNS \(ENOTFOUND\)/],
    ['a name server that is silent', { 'api.example.com': { late: true } }, /was not resolved by DNS in time/],
    [
      'CloudFront',
      { 'api.example.com': { cname: 'd1.cloudfront.net' } },
      /leads to CloudFront \(d1\.cloudfront\.net\): name the load balancer behind/,
    ],
    [
      'Global Accelerator',
      { 'api.example.com': { cname: 'a1.awsglobalaccelerator.com' } },
      /leads to Global Accelerator/,
    ],
    [
      'a circle',
      { 'api.example.com': { cname: 'b.example.com' }, 'b.example.com': { cname: 'api.example.com' } },
      /no address in DNS|not resolved/,
    ],
    [
      'some other address',
      { 'api.example.com': { a: ['192.0.2.1'] } },
      /\(192\.0\.2\.1\) leads to none of the \d+ load balancers in eu-central-1, us-east-1, /,
    ],
  ])('of a name of its own domain: %s', async (_, names, says) => {
    const ended = await typed(['api.example.com'], named(names));
    expectRefusal(ended, 1, says);
    expect(ended.seconds).toBeLessThan(15);
  });
});

describe('what is wrong with the surroundings is said by its name', () => {
  test.each<[what: string, argv: readonly string[], env: Readonly<Record<string, string>>, says: RegExp]>([
    ['a profile', ['shop', '--profile', 'nihgt'], {}, /no AWS profile 'nihgt' is configured: did you mean night\?/],
    [
      'a profile of the environment',
      ['shop'],
      { AWS_PROFILE: 'day' },
      /no AWS profile 'day', which AWS_PROFILE names, is configured: there is night, sso and prod\n/,
    ],
    [
      'an endpoint',
      ['shop'],
      { AWS_ENDPOINT_URL: 'localhost:4566' },
      /AWS_ENDPOINT_URL is not a URL: 'localhost:4566'/,
    ],
    ['the endpoint of a service', ['shop'], { AWS_ENDPOINT_URL_EC2: 'ec2' }, /AWS_ENDPOINT_URL_EC2 is not a URL/],
    [
      'an endpoint where nothing is',
      ['shop', '--timeout', '5'],
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /AWS_ENDPOINT_URL says 'http:\/\/127\.0\.0\.1:1'/,
    ],
    [
      'no Region',
      ['shop'],
      { AWS_REGION: '', AWS_CONFIG_FILE: '/nonesuch' },
      /no AWS Region is configured: give --region/,
    ],
    [
      'no login of a profile',
      ['shop', '--profile', 'sso'],
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      /no AWS credentials were found for the profile 'sso': run `aws sso login --profile sso`\n/,
    ],
    [
      'no login of a profile by which another one assumes a role',
      ['shop'],
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_PROFILE: 'prod' },
      /for the profile 'prod': run `aws sso login --profile sso`\n/,
    ],
    [
      'a profile, and there is none',
      ['shop', '--profile', 'nope'],
      { AWS_CONFIG_FILE: '/nonesuch' },
      /no AWS profile 'nope' is configured, nor any other: run `aws configure` to make one\n/,
    ],
    ['no credentials', ['shop'], { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, /no AWS credentials were found/],
    [
      'a mistyped Region',
      ['shop', '--region', 'eu-cnetral-1'],
      {},
      /no Region eu-cnetral-1 is known: did you mean eu-central-1\? \([^\n]+\)\n/,
    ],
  ])('%s', async (_, argv, env, says) => {
    expectRefusal(await typed(argv, env), 1, says);
  });

  test('a permission', async () => {
    recorder.refuse('DescribeLoadBalancers', 403, 'AccessDenied');
    for (const argv of [['shop'], [shop.loadBalancer], [shop.dnsName]]) {
      expectRefusal(
        await typed(argv),
        1,
        /AWS denied elasticloadbalancing:DescribeLoadBalancers .*: allow \S+ .*`alb-triage policy`/,
      );
    }
  });
});

describe('wrong usage, whatever is typed', () => {
  const long = 'a'.repeat(10_000);
  test.each<[argv: readonly string[], says: RegExp]>([
    [[''], /an empty string/],
    [['  '], /expected a load balancer's name/],
    [[long], /expected a load balancer's name/],
    [[`${long}.example.com`], /expected a load balancer's name/],
    [['\u001B[31mweb\u0007'], /expected a load balancer's name/],
    [['w\u202Eeb'], /expected a load balancer's name/],
    [['веб'], /expected a load balancer's name/],
    [['--', '--help'], /expected a load balancer's name/],
    [['--', '-web'], /expected a load balancer's name/],
    [['-web'], /unknown option '-web'/],
    [[`--${long}`], /unknown option '--a+…'/],
    [['--\u001B[31mregion', 'x'], /unknown option/],
    [['shop', '--region', ''], /'' is not a value of --region/],
    [['shop', '--profile', ''], /'' is not a value of --profile/],
    [['shop', '--region', long], /Region such as/i],
    [['shop', '--save', ''], /'' is not a value of --save/],
    [['demo', long], /demo --list/],
    [['demo', '../../etc/passwd'], /no recorded incident/],
    [['explain', '\u009B31m'], /explain lists them/],
    [['explain', '__proto__'], /explain lists them/],
    [['help', 'constructor'], /no command 'constructor'/],
    [['completion'], /missing required argument 'shell'/],
    [['completion', 'tcsh'], /bash, zsh or fish/],
    [['incident.json'], /alb-triage diagnose incident\.json/],
    [['audit', 'shop', '--deep'], /audit is not there yet/],
    [['mcp'], /mcp is not there yet/],
    [['host', '--port', '80'], /host is not there yet/],
    [['shop', '--with', 'probe'], /probe is not built yet/],
    [['shop', '--with', 'logs=true'], /expected s3:/],
    [['policy', '--with', 'logs'], /say where they are/],
  ])('%j', async (argv, says) => {
    const ended = await typed(argv);
    expectRefusal(ended, 2, says);
    expect(ended.stderr.length).toBeLessThan(1_600);
    expect(ended.stderr).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
    expect(recorder.asked('DescribeLoadBalancers')).toEqual([]);
  });

  test('nothing typed, and no terminal', async () => {
    expectRefusal(
      await typed([]),
      2,
      /missing argument <load-balancer>.* Usage: alb-triage <load-balancer> \[options\]/,
    );
  });
});

describe('without a load balancer, on a terminal', () => {
  const environment = () => ({
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: recorder.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'wire',
    AWS_SECRET_ACCESS_KEY: 'wire',
  });
  const program = [process.execPath, PROGRAM];

  test('one is picked from a list of those in the likely Regions', async () => {
    const steps = [
      ['shop', 'abr'],
      ['abroad', '\r'],
    ] as const;
    const { status, shown } = await onTerminal([...program, '--as', 'json'], steps, environment());
    expect(status).toBe(0);
    expect(shown).toMatch(/eu-central-1 +shop +\w+ +(no 5xx in 30 min|5xx could not be read)/);
    expect(shown).toMatch(/us-east-1 +abroad/);
    expect(shown).not.toMatch(/ tcp /);
    expect(shown.replace(/\s+/g, '')).toContain(`"arn":"${abroad.loadBalancer}"`);
  });

  test('Ctrl-C is not a triage', async () => {
    const { status, shown } = await onTerminal(program, [['shop', '\u0003']], environment());
    expect(status).toBe(130);
    expect(shown).not.toContain('a defect');
  });

  const SHOW_CURSOR = '\u001B[?25h';

  test.each<[what: string, typed: string, says: string]>([
    ['Ctrl-D', '\u0004', 'alb-triage: no load balancer was picked: name one, as in alb-triage web'],
    ['no match', 'zzz\r', 'alb-triage: no load balancer in the list matches what was typed'],
  ])('%s is one line, and leaves the terminal as it was', async (_, keys, says) => {
    const { status, shown } = await onTerminal(program, [['shop', keys]], environment());
    expect(status).toBe(1);
    expect(shown.split('alb-triage: ')).toHaveLength(2);
    expect(shown).toContain(says);
    expect(shown.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(shown.lastIndexOf('\u001B[?25l'));
    expect(shown).not.toMatch(/a defect|unsettled/);
  });

  test('nothing to pick from says why', async () => {
    recorder.refuse('DescribeLoadBalancers', 403, 'AccessDenied');
    const { status, shown } = await onTerminal(program, [], environment());
    expect(status).toBe(1);
    expect(shown).toContain('AWS denied elasticloadbalancing:DescribeLoadBalancers');
  });
});

test('the version takes half as long again as Node itself, at most', async () => {
  const seconds = async (argv: readonly string[]) => {
    const started = performance.now();
    await new Promise((resolve) => spawn(process.execPath, argv, { stdio: 'ignore' }).on('close', resolve));
    return performance.now() - started;
  };
  const nothing: number[] = [];
  const version: number[] = [];
  for (let turn = 0; turn < 15; turn += 1) {
    nothing.push(await seconds(['-e', '0']));
    version.push(await seconds([PROGRAM, '--version']));
  }
  // The fastest of each: what else the machine does only ever adds.
  expect(Math.min(...version) / Math.min(...nothing)).toBeLessThan(1.5);
}, 120_000);
