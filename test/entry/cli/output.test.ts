import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../../lambda/causes/index.ts';
import { snapshotText } from '../../../lambda/entry/cli/saved-snapshot.ts';
import { snapshotDiagnosis } from '../../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { Triage } from '../../../lambda/entry/cli/triage.ts';
import type { Status } from '../../../lambda/incident/diagnosis.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { aSnapshot, denied } from '../../support/a-snapshot.ts';
import { diagnosisOf, recordedIncidents } from '../../support/incidents.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { outcomeOf } from './a-shell.ts';

const of = (snapshot: Snapshot): Triage => ({ snapshot, diagnosis: snapshotDiagnosis(snapshot) });
const incident = (name: string): Triage => {
  const found = recordedIncidents().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no incident ${name}`);
  return of(found.snapshot);
};
const closed = incident('security-group-closed');
const linesOf = (stdout: string): readonly string[] => stdout.trimEnd().split('\n');

describe('how much is told', () => {
  test('-q is one line: the verdict and where', async () => {
    const { status, stdout } = await outcomeOf(['web', '-q'], { triage: closed });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^web: \S+ 504, security group closed - 123456789012\/us-east-1\n$/);
    expect((await outcomeOf(['web', '--quiet', '--as', 'text'], { triage: closed })).stdout).toBe(stdout);
    const { stdout: markdown } = await outcomeOf(['web', '-q', '--as', 'markdown'], { triage: closed });
    expect(linesOf(markdown)).toHaveLength(1);
  });

  test.each(['text', 'markdown'])('-v is all of it in %s', async (form) => {
    const short = await outcomeOf(['web', '--as', form], { triage: closed });
    const full = await outcomeOf(['web', '--as', form, '-v'], { triage: closed });
    expect(linesOf(full.stdout).length).toBeGreaterThan(linesOf(short.stdout).length * 1.5);
    expect(full.stdout).toContain('nothing-listening');
    expect(short.stdout).not.toContain('nothing-listening');
  });

  test('--json is --as json, and has no other length', async () => {
    const { stdout } = await outcomeOf(['web', '--as', 'json'], { triage: closed });
    for (const line of ['web --json', 'web --json -v', 'web --json --as json']) {
      expect((await outcomeOf(line.split(' '), { triage: closed })).stdout).toBe(stdout);
    }
  });

  test('so it is of a saved snapshot and of a recorded incident', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'security-group-closed'));
    const file = join(folder, 'security-group-closed', 'snapshot.json');
    writeFileSync(join(folder, 'security-group-closed', 'README.md'), '# Closed\n');
    writeFileSync(file, snapshotText(closed.snapshot ?? aSnapshot()));
    const incidents = pathToFileURL(`${folder}/`);
    for (const length of ['-q', '-v', '--json']) {
      const { stdout } = await outcomeOf(['web', length], { triage: closed });
      expect((await outcomeOf(['diagnose', file, length])).stdout).toBe(stdout);
      expect((await outcomeOf(['demo', length], { incidents })).stdout).toBe(stdout);
    }
  });
});

describe('--export', () => {
  test('writes each file in the form of its ending, beside what is printed', async () => {
    const folder = temporaryFolder();
    const file = (name: string) => join(folder, name);
    const files = ['a.json', 'b.MD', 'c.txt', 'd.html'].map(file);
    const argv = ['web', '-q', ...files.flatMap((one) => ['--export', one])];
    const { status, stdout } = await outcomeOf(argv, { triage: closed, terminal: true });
    expect(status).toBe(0);
    expect(linesOf(stdout)).toHaveLength(1);
    for (const [index, form] of ['json', 'markdown', 'text', 'html'].entries()) {
      const alone = await outcomeOf(['web', '--as', form], { triage: closed });
      expect(readFileSync(files[index] ?? '', 'utf8')).toBe(alone.stdout);
    }
  });

  test('in full with -v', async () => {
    const file = join(temporaryFolder(), 'r.md');
    await outcomeOf(['web', '-v', '--export', file], { triage: closed });
    const { stdout } = await outcomeOf(['web', '-v', '--as', 'markdown'], { triage: closed });
    expect(readFileSync(file, 'utf8')).toBe(stdout);
  });

  test('what cannot be written: all else is, status 1', async () => {
    const folder = temporaryFolder();
    const [file, full] = [join(folder, 'r.json'), join(folder, 'r.md')];
    symlinkSync('/dev/full', full);
    const argv = ['web', '--export', full, '--export', file, '--exit-code'];
    const { status, stdout, stderr } = await outcomeOf(argv, { triage: closed });
    expect(status).toBe(1);
    expect(stdout).toContain('web');
    expect(existsSync(file)).toBe(true);
    expect(stderr).toMatch(/^alb-triage: cannot write the report to \S+\/r\.md: no space is left on the device\n$/);
  });

  test.each([
    ['--export', '/nonesuch/r.md', 'cannot write the report to /nonesuch/r.md: there is no such file or folder'],
    ['--export', '/dev/null/r.md', 'cannot write the report to /dev/null/r.md: a part of its path is not a folder'],
    ['--save', '/nonesuch/s.json', 'cannot save the snapshot to /nonesuch/s.json: there is no such file or folder'],
    ['--save', '/tmp', 'cannot save the snapshot to /tmp: it is a folder'],
  ])('%s %s is refused before AWS is asked', async (option, file, says) => {
    const outcome = await outcomeOf(['web', option, file], { triage: closed });
    expect(outcome).toMatchObject({ status: 1, stdout: '', stderr: `alb-triage: ${says}\n`, asked: [] });
  });
});

describe('--exit-code', () => {
  const recorded = (status: Status): Triage | undefined => {
    const found = recordedIncidents().find(({ snapshot }) => diagnosisOf(snapshot).verdict.status === status);
    return found && of(found.snapshot);
  };
  const quiet = of(aSnapshot());
  const broken = of(aSnapshot({ loadBalancer: denied('elasticloadbalancing:DescribeLoadBalancers') }));

  test.each([
    [quiet, 0],
    [closed, 3],
    [recorded('suspected'), 4],
    [recorded('inconclusive'), 5],
    [broken, 1],
  ])('%# is %i', async (triage, status) => {
    if (triage === undefined) throw new Error('there is no such incident');
    expect((await outcomeOf(['web', '--exit-code'], { triage })).status).toBe(status);
    const without = await outcomeOf(['web'], { triage });
    expect(without.status).toBe(status === 1 ? 1 : 0);
    const stdin = snapshotText(triage.snapshot ?? aSnapshot());
    expect((await outcomeOf(['diagnose', '-', '--exit-code', '-q'], { stdin })).status).toBe(status);
  });
});

describe('--save', () => {
  test('is for its owner only, also where the file was there before', async () => {
    const folder = temporaryFolder();
    const [fresh, before] = [join(folder, 'new.json'), join(folder, 'old.json')];
    writeFileSync(before, 'x', { mode: 0o644 });
    for (const file of [fresh, before]) {
      await outcomeOf(['web', '--save', file], { triage: closed });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8')).toBe(snapshotText(closed.snapshot ?? aSnapshot()));
    }
  });
});

describe('--redact', () => {
  test('masks all that is printed and written, and says what', async () => {
    const folder = temporaryFolder();
    const [saved, exported] = [join(folder, 's.json'), join(folder, 'r.md')];
    const argv = ['web', '--redact', '--save', saved, '--export', exported, '--json'];
    const { status, stdout, stderr } = await outcomeOf(argv, { triage: closed });
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^alb-triage: masked: 1 account id, .*\d+ IP addresses or CIDR blocks, .*\d+ subnet ids.*\n$/,
    );
    for (const text of [stdout, readFileSync(saved, 'utf8'), readFileSync(exported, 'utf8')]) {
      expect(text).not.toMatch(/123456789012|sg-670570b866d51f077|10\.0\.1[01]\.\d/);
    }
    const again = await outcomeOf(['diagnose', saved, '--json']);
    expect(again.stdout).toBe(stdout);
    expect(JSON.parse(stdout).verdict.cause).toBe(closed.diagnosis.verdict.cause);
  });

  test('says so where masking altered the judgement', async () => {
    const { stderr } = await outcomeOf(['web', '--redact', '-q'], {
      triage: { ...closed, diagnosis: snapshotDiagnosis(aSnapshot()) },
    });
    expect(stderr).toContain('judged differently');
    expect((await outcomeOf(['web', '--redact', '-q'], { triage: closed })).stderr).not.toContain('otherwise');
  });

  test('masks a snapshot that was saved before in the same way', async () => {
    const saved = join(temporaryFolder(), 's.json');
    const stdin = snapshotText(closed.snapshot ?? aSnapshot());
    const now = await outcomeOf(['web', '--redact', '-v'], { triage: closed });
    const later = await outcomeOf(['diagnose', '-', '--redact', '-v', '--save', saved], { stdin });
    expect(later).toMatchObject({ status: 0, stdout: now.stdout, stderr: now.stderr });
    expect(readFileSync(saved, 'utf8')).not.toContain('123456789012');
  });
});

describe('explain --json', () => {
  test('is the list, or one page', async () => {
    const list = JSON.parse((await outcomeOf(['explain', '--json'])).stdout);
    expect(list.map(({ id }: { id: string }) => id)).toEqual(CAUSES.map(({ id }) => id));
    const page = JSON.parse((await outcomeOf(['explain', 'nothing-listening', '--json'])).stdout);
    expect(page).toMatchObject({ id: 'nothing-listening', category: 'backend-down', title: expect.any(String) });
    expect(page.sections.length).toBeGreaterThan(3);
    expect((await outcomeOf(['explain', 'nonesuch', '--json'])).status).toBe(2);
  });
});
