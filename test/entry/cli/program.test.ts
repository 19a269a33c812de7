import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../../lambda/causes/index.ts';
import { asFailed } from '../../../lambda/diagnose/failed-diagnosis.ts';
import { FORMS } from '../../../lambda/entry/cli/forms.ts';
import { snapshotDiagnosis } from '../../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { Triage } from '../../../lambda/entry/cli/triage.ts';
import { VERSION } from '../../../lambda/entry/version.ts';
import { aSnapshot, denied, LB } from '../../support/a-snapshot.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { outcomeOf, type Surroundings } from './a-shell.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:alb-triage';
const snapshot = aSnapshot();
const triage: Triage = { snapshot, diagnosis: snapshotDiagnosis(snapshot) };
const failed: Triage = { snapshot, diagnosis: asFailed(triage.diagnosis, 'AWS denied x:Y. Allow it.') };
const ESCAPE = '\u001B';

describe('the command line', () => {
  test.each<[line: string, status: number, says: string]>([
    ['', 2, 'missing argument <load-balancer>'],
    ['web db', 2, 'too many arguments'],
    ['web --regin us-east-1', 2, 'did you mean --region?'],
    ['web --region', 2, 'argument missing'],
    ['--as json', 2, 'load-balancer'],
    ['not_a_name', 2, "load balancer's name"],
    ['arn:aws:s3:::bucket', 2, "load balancer's name"],
    ['web --as pdf', 2, `${FORMS.slice(0, -1).join(', ')} or ${FORMS.at(-1)}`],
    ['tree', 2, 'name a load balancer'],
    ['tree web --snapshot x.json', 2, 'name a load balancer'],
    ['tree web --as json', 2, 'text or markdown'],
    ['--region us-east-1 tree web', 2, '--region belongs after tree'],
    ['web --at yesterday', 2, 'ISO 8601'],
    ['web --at 2026-03-10T14:24:00', 2, 'with its zone'],
    ['web --since 0m', 2, 'from 1m to 7d'],
    ['web --since 30', 2, 'such as 30m'],
    ['web --since 169h', 2, 'from 1m to 7d'],
    ['web --timeout 0', 2, 'from 1 to 600'],
    ['web --timeout soon', 2, 'from 1 to 600'],
    ['web --timeout 601', 2, 'from 1 to 600'],
    ['web --export report.pdf', 2, '.json, .md, .html or .txt'],
    ['web --export report', 2, '.json, .md, .html or .txt'],
    ['web --export report.constructor', 2, '.json, .md, .html or .txt'],
    ['web -v -q', 2, 'cannot be used with'],
    ['web --json --as markdown', 2, 'cannot be used with --as markdown'],
    ['web -q --json', 2, 'cannot be used with json'],
    ['diagnose x.json -q --as email', 2, 'cannot be used with email'],
    [`web --redact --publish ${TOPIC}`, 2, '--redact cannot be used with --publish'],
    ['-v demo', 2, '--verbose belongs after demo'],
    ['web --publish alb-triage', 2, 'ARN of an SNS topic'],
    ['--as json demo', 2, '--as belongs after demo'],
    ['--save x policy', 2, 'policy takes no --save'],
    ['diagnose', 2, 'snapshot.json'],
    ['demo nonesuch', 2, 'demo --list'],
    ['explain nonesuch', 2, 'explain lists them'],
    ['diagnose /nonesuch.json', 1, 'there is no such file'],
    ['diagnose /', 1, 'it is a folder'],
  ])('refuses "%s" with status %i', async (line, status, says) => {
    const outcome = await outcomeOf(line.split(' ').filter(Boolean), { triage });
    expect(outcome).toMatchObject({ status, stdout: '', asked: [] });
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).toMatch(/^alb-triage: [^\n]+\n$/);
  });

  test.each([
    ['web', { by: 'name', name: 'web' }],
    [LB, { by: 'arn', arn: LB }],
    ['dualstack.WEB-1.us-east-1.elb.amazonaws.com', { by: 'dns', dnsName: 'web-1.us-east-1.elb.amazonaws.com' }],
  ])('asks about %s', async (name, about) => {
    const { status, asked } = await outcomeOf([name], { triage });
    expect(status).toBe(0);
    expect(asked).toMatchObject([{ request: { about, at: null, windowSeconds: 1800, trigger: { kind: 'cli' } } }]);
  });

  test.each([
    [
      'web --at yesterday',
      "'yesterday' is not a value of --at: expected an ISO 8601 time with its zone, such as 2026-03-10T14:30:00Z. ",
    ],
    ['web --since "x"', '\'"x"\' is not a value of --since: expected a length from 1m to 7d, such as 30m or 2h. '],
    ['not_a_name', "'not_a_name' is not a valid <load-balancer>: expected a load balancer's name, ARN or DNS name. "],
    ['arn:nonsense', "expected a load balancer's name, ARN or DNS name, found the ARN of something else. "],
    ['completion csh', "'csh' is not a valid <shell>: use bash, zsh or fish. "],
  ])('%s is told what is wrong once', async (line, says) => {
    const { status, stderr } = await outcomeOf(line.split(' '));
    expect(status).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('the text');
  });

  test('a Region that is mistyped in the environment is told first', async () => {
    const { snapshot: _, ...unfound } = failed;
    const env = { AWS_REGION: 'eu-cnetral-1' };
    expect(await outcomeOf(['web'], { triage: unfound, env })).toMatchObject({
      status: 1,
      stderr: 'alb-triage: no Region eu-cnetral-1 is known: did you mean eu-central-1? (AWS denied x:Y. Allow it.)\n',
    });
  });

  test('credentials of a profile that have to be renewed are told instead of what AWS said', async () => {
    const { snapshot: _, ...unfound } = failed;
    const credentials = "the AWS credentials of the profile 'sso' have expired: run `aws sso login --profile sso`";
    expect(await outcomeOf(['web', '--profile', 'sso'], { triage: unfound, credentials })).toMatchObject({
      status: 1,
      stderr: `alb-triage: ${credentials}\n`,
    });
  });

  test.each(['demo', 'policy', 'help'])('what follows -- is a load balancer, even %s', async (name) => {
    expect((await outcomeOf(['--as', 'json', '--', name], { triage })).asked).toMatchObject([
      { request: { about: { name } } },
    ]);
  });

  test('hands every option on', async () => {
    const line = 'web --region eu-west-1 --profile night --at 2026-03-10T14:24:00+01:00 --since 2h --timeout 5';
    const { asked } = await outcomeOf(line.split(' '), { triage });
    expect(asked).toMatchObject([
      {
        request: { at: '2026-03-10T13:24:00Z', windowSeconds: 7200 },
        options: { region: 'eu-west-1', profile: 'night', budgetMs: 5000 },
      },
    ]);
  });

  test("an ARN's own region is asked, whatever is configured", async () => {
    const { asked, stderr, status } = await outcomeOf([LB, '--region', 'eu-west-1'], { triage });
    expect(asked).toMatchObject([{ options: { region: 'us-east-1' } }]);
    const says = 'alb-triage: asked us-east-1, where the ARN is, and not --region eu-west-1\n';
    expect({ status, stderr }).toEqual({ status: 0, stderr: says });
    const environment = await outcomeOf([LB], { triage, env: { AWS_REGION: 'eu-west-1' } });
    expect(environment.stderr).toBe('');
    expect((await outcomeOf([LB, '--region', 'us-east-1'], { triage })).stderr).toBe('');
  });

  test.each([
    ['unreachable', 'alb-triage: no Region xx-nowhere-9 is known (AWS denied x:Y. Allow it.)\n'],
    ['not-found', 'alb-triage: AWS denied x:Y. Allow it.\n'],
  ] as const)('a Region that nobody knows is told as that where nothing answers: %s', async (reason, stderr) => {
    const { snapshot: _, ...unfound } = failed;
    const argv = ['web', '--region', 'xx-nowhere-9'];
    expect(await outcomeOf(argv, { triage: { ...unfound, reason } })).toMatchObject({ status: 1, stderr });
  });

  test.each(FORMS)('prints %s, and nothing to stderr', async (form) => {
    const { status, stdout, stderr } = await outcomeOf(['web', '--as', form], { triage });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('web');
    expect(stdout.endsWith('\n')).toBe(true);
    expect(form === 'json' || form === 'chat').toBe(stdout.startsWith('{'));
  });

  test.each<[where: string, surroundings: Surroundings, coloured: boolean]>([
    ['on a terminal', { terminal: true }, true],
    ['in a pipe', {}, false],
    ['on a terminal with NO_COLOR', { terminal: true, env: { NO_COLOR: '1' } }, false],
    ['on a terminal with an empty NO_COLOR', { terminal: true, env: { NO_COLOR: '' } }, true],
    ['on a dumb terminal', { terminal: true, env: { TERM: 'dumb' } }, false],
    ['in a pipe with FORCE_COLOR', { env: { FORCE_COLOR: '1' } }, true],
  ])('is coloured %s: %3$s', async (_, surroundings, coloured) => {
    const { stdout } = await outcomeOf(['web'], { ...surroundings, triage });
    expect(stdout.includes(ESCAPE)).toBe(coloured);
  });

  test('shows on a terminal what it is doing, and erases it', async () => {
    const { stderr } = await outcomeOf(['web'], { triage, terminal: true });
    expect(stderr).toContain('looking for the load balancer');
    expect(stderr.endsWith(`\r${ESCAPE}[2K`)).toBe(true);
  });

  test('what could not be triaged is one line and status 1', async () => {
    expect(await outcomeOf(['web'], { triage: failed })).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'alb-triage: AWS denied x:Y. Allow it.\n',
    });
  });

  test('a moment in the future, by the clock of AWS, is wrong usage; a few minutes are not', async () => {
    const readAt = triage.diagnosis.collectedAt.replace('14:30', '14:36');
    const file = join(temporaryFolder(), 'future.json');
    const refused = await outcomeOf(['web', '--at', readAt, '--save', file], { triage });
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(file)).toBe(false);
    const almost = triage.diagnosis.collectedAt.replace('14:30', '14:35');
    expect(await outcomeOf(['web', '--at', almost], { triage })).toMatchObject({ status: 0 });
  });

  test('publishes as the Lambda would', async () => {
    const { status, published } = await outcomeOf(['web', '--publish', TOPIC], { triage });
    expect(status).toBe(0);
    expect(published).toMatchObject([{ topicArn: TOPIC, message: { attributes: { loadBalancer: 'web' } } }]);
  });

  test('a publish that fails: the report is printed, status 1', async () => {
    const refuses = new Error('SNS did not take it');
    const { status, stdout, stderr } = await outcomeOf(['web', '--publish', TOPIC], { triage, refuses });
    expect(status).toBe(1);
    expect(stdout).toContain('web');
    expect(stderr).toBe('alb-triage: could not publish: SNS did not take it\n');
  });

  test('keeps the snapshot even of a triage that failed, and fails again on it', async () => {
    const file = join(temporaryFolder(), 'incident.json');
    const unreadable = aSnapshot({ loadBalancer: denied('elasticloadbalancing:DescribeLoadBalancers') });
    const surroundings = { triage: { snapshot: unreadable, diagnosis: snapshotDiagnosis(unreadable) } };
    const outcome = {
      status: 1,
      stdout: '',
      stderr: 'alb-triage: elasticloadbalancing:DescribeLoadBalancers was denied\n',
    };
    expect(await outcomeOf(['web', '--save', file], surroundings)).toMatchObject(outcome);
    expect(await outcomeOf(['diagnose', file])).toMatchObject(outcome);
  });

  test('a snapshot that cannot be kept: the report is printed, status 1', async () => {
    const { status, stdout, stderr } = await outcomeOf(['web', '--save', '/dev/full'], { triage });
    expect(status).toBe(1);
    expect(stdout).toContain('web');
    expect(stderr).toMatch(/^alb-triage: cannot save the snapshot to [^\n]+ no space is left on the device\n$/);
  });

  test('keeps the snapshot, and judges it again with the same words', async () => {
    const file = join(temporaryFolder(), 'incident.json');
    const now = await outcomeOf(['web', '--as', 'json', '--save', file], { triage });
    const again = await outcomeOf(['diagnose', file, '--as', 'json']);
    expect(again).toMatchObject({ status: 0, stderr: '', stdout: now.stdout });
    const piped = await outcomeOf(['diagnose', '-', '--as', 'json'], { stdin: readFileSync(file, 'utf8') });
    expect(piped.stdout).toBe(now.stdout);
  });

  test('prints its version and its help to stdout', async () => {
    expect(await outcomeOf(['--version'])).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: '' });
    for (const line of [['--help'], ['-h'], ['help']]) {
      const { status, stdout } = await outcomeOf(line);
      expect(status).toBe(0);
      expect(stdout).toContain('Examples:');
    }
    for (const line of [
      ['demo', '--help'],
      ['help', 'demo'],
    ]) {
      expect((await outcomeOf(line)).stdout).toContain('--list');
    }
  });
});

describe('demo', () => {
  const folder = temporaryFolder();
  const causes = {
    'security-group-closed': ['target-security-group-closed'],
    'a-first': [],
    stopped: ['instance-not-running'],
  };
  for (const [name, cause] of Object.entries(causes)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'expect.json'), JSON.stringify({ cause }));
    writeFileSync(join(folder, name, 'README.md'), `# What happened in ${name}\n\nMore.\n`);
    writeFileSync(join(folder, name, 'snapshot.json'), JSON.stringify(snapshot));
  }
  const incidents = pathToFileURL(`${folder}/`);

  test('lists the recorded incidents to start with, then the others by the category of their cause', async () => {
    const { stdout } = await outcomeOf(['demo', '--list'], { incidents });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'start with these',
      '  security-group-closed  What happened in security-group-closed',
      '',
      'backend-down',
      '  stopped                What happened in stopped',
      '',
      'no cause found, or no outage',
      '  a-first                What happened in a-first',
    ]);
  });

  test('lists them for a program', async () => {
    const { stdout } = await outcomeOf(['demo', '--list', '--json'], { incidents });
    expect(JSON.parse(stdout)).toEqual([
      {
        name: 'security-group-closed',
        title: 'What happened in security-group-closed',
        category: 'network-block',
      },
      { name: 'stopped', title: 'What happened in stopped', category: 'backend-down' },
      { name: 'a-first', title: 'What happened in a-first', category: null },
    ]);
  });

  test('of those that ship, five are to start with', async () => {
    const recorded = pathToFileURL(`${process.cwd()}/test/incidents/`);
    const { stdout } = await outcomeOf(['demo', '--list'], { incidents: recorded });
    const [first = ''] = stdout.split('\n\n');
    expect(first.split('\n')).toHaveLength(6);
    expect(first).toMatch(/^start with these\n/);
  });

  test.each(['-q', '--as email', '--exit-code', 'stopped'])('a list takes no %s', async (more) => {
    const { status, stdout, stderr } = await outcomeOf(['demo', '--list', ...more.split(' ')], { incidents });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('nothing else can be used with it');
  });

  test('judges one, or the one to start with, without AWS', async () => {
    const one = await outcomeOf(['demo', 'security-group-closed', '--as', 'json'], { incidents });
    expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(one.stdout).loadBalancer.name).toBe('web');
    expect((await outcomeOf(['demo', '--as', 'json'], { incidents })).stdout).toBe(one.stdout);
  });

  test('shows the message a subscriber gets, and the ranking', async () => {
    const { stdout } = await outcomeOf(['demo'], { incidents });
    expect(stdout).toMatch(/^Subject: web: no 5xx outage - 123456789012.us-east-1\n\nweb: no request was answered 5xx/);
    expect(stdout).toMatch(/\nRANKED FINDINGS\nNothing found\.\n\d+ of \d+ causes judged\.\n$/);
  });
});

describe('explain', () => {
  const [first] = CAUSES;
  const title = 'A target group that gets requests has no target to send them to';

  test('lists every cause, and tells one', async () => {
    const { stdout } = await outcomeOf(['explain']);
    for (const { id } of CAUSES) expect(stdout).toContain(id);
    expect(stdout).toContain(`no-registered-targets                ${title}`);
    expect((await outcomeOf(['explain', String(first?.id)])).stdout).toMatch(new RegExp(`^# ${title}\n`));
  });

  test('on a terminal without mark-up', async () => {
    const { stdout } = await outcomeOf(['explain', String(first?.id)], { terminal: true, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(new RegExp(`^${title}\n`));
    expect(stdout).not.toMatch(/^#/m);
  });

  test('a page that is missing is one line, and status 1', async () => {
    const causes = pathToFileURL(`${temporaryFolder()}/`);
    for (const line of [['explain'], ['explain', String(first?.id)]]) {
      const { status, stdout, stderr } = await outcomeOf(line, { causes });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(
        /^alb-triage: cannot read the page of no-registered-targets, \S+page\.md: there is no such file or folder\n$/,
      );
    }
  });

  test.each(['', '---\ntitle: a: b\ndocs: []\n---\n'])('so is one that is no page: %j', async (content) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'backend-down/no-registered-targets'), { recursive: true });
    writeFileSync(join(folder, 'backend-down/no-registered-targets/page.md'), content);
    const outcome = await outcomeOf(['explain', String(first?.id)], { causes: pathToFileURL(`${folder}/`) });
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /^alb-triage: cannot read the page of no-registered-targets, \S+page\.md: [^\n]+\n$/,
    );
  });
});

describe('policy', () => {
  test('allows what the collectors call, and publishing where asked', async () => {
    const { stdout } = await outcomeOf(['policy', '--publish', TOPIC]);
    expect(JSON.parse(stdout)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadAlbTriageEvidence',
          Effect: 'Allow',
          Action: ['ec2:DescribeInstances', 'elasticloadbalancing:DescribeLoadBalancers'],
          Resource: '*',
        },
        {
          Sid: 'ReadAlbTriageEvidence2',
          Effect: 'Allow',
          Action: ['cloudwatch:DescribeAlarms'],
          Resource: 'arn:*:cloudwatch:*:*:alarm:*',
        },
        { Sid: 'PublishAlbTriageReport', Effect: 'Allow', Action: ['sns:Publish'], Resource: TOPIC },
        {
          Sid: 'UseKeyOfAlbTriageTopic',
          Effect: 'Allow',
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: 'arn:aws:kms:us-east-1:*:key/*',
          Condition: { StringLike: { 'kms:ViaService': 'sns.us-east-1.amazonaws.com*' } },
        },
      ],
    });
    expect((await outcomeOf(['policy'])).stdout).not.toMatch(/sns:|kms:/);
  });
});

test('the program itself runs: its exit status, its streams', () => {
  const bin = (...argv: string[]) =>
    spawnSync('node', ['--import', 'tsx', 'lambda/entry/cli.ts', ...argv], { encoding: 'utf8' });
  expect(bin('diagnose', '/nonesuch.json')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'alb-triage: cannot read /nonesuch.json: there is no such file or folder\n',
  });
  expect(bin('explain', 'nothing-listening')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('# Nothing listens on the port of a target\n'),
    stderr: '',
  });
});
