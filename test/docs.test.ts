import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../infra/construct/alb-triage.ts';
import { ACTIONS, permissionsBeyond } from '../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../lambda/deliver/sns.ts';
import { renderJson } from '../lambda/render/json.ts';
import { aBundle, aStack, statementsOf } from './infra/a-stack.ts';
import { diagnosisOf, recordedIncidents } from './support/incidents.ts';

/** Whoever approves a role asks of each action what it is for. */
/** The actions in the rows of a table. */
function actionsIn(page: string): readonly string[] {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) =>
    [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].flatMap(([, action]) => action ?? []),
  );
}

describe('the page of permissions', () => {
  const page = readFileSync('docs/permissions.md', 'utf8');
  const [reading = '', rest = ''] = page.split('The construct gives the function besides');
  const [own = '', withLogs = ''] = rest.split('With `--with logs`');

  test('gives the reason of each, and of no other', () => {
    const logs = permissionsBeyond({ logs: { places: ['s3://web-logs', 'web'] } });
    const beyond = new Set(logs.flatMap(({ actions }) => actions));
    expect([...actionsIn(reading), ...actionsIn(withLogs)].toSorted()).toEqual(
      [...ACTIONS, ...beyond, ...PUBLISH_ACTIONS].toSorted(),
    );
  });

  test('names all that the construct gives its function besides', () => {
    const stack = aStack();
    const vpc: IVpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-central-1a'],
      privateSubnetIds: ['subnet-1'],
    });
    new AlbTriage(stack, 'Default', { bundle: aBundle(), encryptionKey: new Key(stack, 'Key'), vpc });
    const given = statementsOf(Template.fromStack(stack)).flatMap(({ Action }) => Action);
    const read = new Set([...ACTIONS, ...PUBLISH_ACTIONS]);
    const besides = new Set(given.filter((action) => !read.has(action)));
    expect(new Set(actionsIn(own).filter((action) => !read.has(action)))).toEqual(besides);
  });
});

/** Whoever wires a pager types these paths. */
test('the page of paging names fields that reports have', () => {
  const rows = readFileSync('docs/paging.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((row) =>
    [
      ...(row.split(' | ')[1] ?? '').matchAll(
        /`([a-z]+(?:\[0\])?(?:\.\w+)+|incidentId|kind|links|coverage|symptoms)`/gi,
      ),
    ].map(([, path]) => path ?? ''),
  );
  const snapshots = recordedIncidents().map(({ snapshot }) => snapshot);
  const named = snapshots.slice(0, 1).map((one) => ({
    ...one,
    question: { ...one.question, subject: { ...one.question.subject, accountName: 'prod' } },
  }));
  const reports = [...snapshots, ...named].map((snapshot) => renderJson(diagnosisOf(snapshot)));
  const missing = [...new Set(told)].filter((path) => !reports.some((report) => at(report, path) !== undefined));
  expect(told.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

function at(report: unknown, path: string): unknown {
  const names = path.replace('[0]', '.0').split('.');
  return names.reduce<unknown>(
    (value, name) => (value instanceof Object ? Reflect.get(value, name) : undefined),
    report,
  );
}
