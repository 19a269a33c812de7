import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

const FOLDER = '.github/workflows';
const workflows = readdirSync(FOLDER).map((file) => {
  const workflow: Workflow = parse(readFileSync(join(FOLDER, file), 'utf8'));
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  return { file, workflow, steps, commands: steps.flatMap(({ run }) => run ?? []) };
});
const named = (file: string) => workflows.find((one) => one.file === file);

describe.each(workflows)('$file', ({ workflow, steps, commands }) => {
  test('uses actions of a fixed version, and of GitHub alone', () => {
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@(v\d[\w.]*|[0-9a-f]{40})$/);
  });

  test('may write nothing but its own identity', () => {
    const permissions = [workflow.permissions, ...Object.values(workflow.jobs).map((job) => job.permissions ?? {})];
    const writes = permissions.flatMap((one) => Object.entries(one).filter(([, may]) => may !== 'read'));
    expect(writes.filter(([what]) => what !== 'id-token')).toEqual([]);
  });

  test('puts nothing that others wrote into a command', () => {
    for (const command of commands) expect(command).not.toContain('${{');
  });

  test('looks for known faults in all dependencies', () => {
    expect(commands).toContain('npm audit --audit-level=low');
  });
});

test('what a change must pass is what .ci/run says', () => {
  expect(named('ci.yml')?.commands.join('\n')).toContain('.ci/run');
});

test('a release is tested, and tells where it was built', () => {
  const commands = named('release.yml')?.commands ?? [];
  expect(commands).toContain('npm publish --provenance --access public');
  expect(commands.indexOf('npm test')).toBeLessThan(commands.indexOf('npm publish --provenance --access public'));
});

test('nothing is fetched at run time: neither bundle loads code from elsewhere', () => {
  const { dependencies, optionalDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect({ dependencies, optionalDependencies }).toEqual({});
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});
