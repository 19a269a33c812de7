import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ACTIONS, COLLECTORS, PERMISSIONS, permissionsBeyond } from '../../lambda/collect/index.ts';
import { LOCATE_ACTIONS } from '../../lambda/collect/locate/locate.ts';
import { accessLog } from '../../lambda/collect/logs/access-log.ts';
import { connectionLog } from '../../lambda/collect/logs/connection-log.ts';
import { healthCheckLog } from '../../lambda/collect/logs/health-check-log.ts';
import { logPlaces } from '../../lambda/collect/logs/log-places.ts';
import { PUBLISH_ACTIONS } from '../../lambda/deliver/sns.ts';
import { recordedIncidents } from '../support/incidents.ts';

const OPT_IN = [logPlaces, accessLog, connectionLog, healthCheckLog];

/** Of each evidence, what its collector may call. */
const DECLARED = new Map<string, readonly string[]>(
  [...COLLECTORS, ...OPT_IN].map(({ key, actions }) => [key, actions]),
);

test('the policy is the union of what is declared, and nothing else', () => {
  const declared = [...LOCATE_ACTIONS, ...COLLECTORS.flatMap(({ actions }) => actions)];
  expect(ACTIONS).toEqual([...new Set(declared)].sort());
  expect([...new Set(PERMISSIONS.flatMap(({ actions }) => actions))].sort()).toEqual(ACTIONS);
});

test('every action is named in full, and reads, or publishes', () => {
  for (const action of ACTIONS) expect(action).toMatch(/^[a-z0-9]+:(Describe|Get|List|Lookup)[A-Za-z0-9]+$/);
  for (const action of PUBLISH_ACTIONS) expect(action).toMatch(/^(sns|kms):[A-Za-z]+$/);
});

/** Where AWS knows no resource to name, by the Service Authorization Reference. */
const ON_ALL = [
  /^(autoscaling|ec2|elasticloadbalancing):Describe\w+$/,
  /^cloudtrail:LookupEvents$/,
  /^cloudwatch:GetMetricData$/,
  /^ecs:(DescribeTaskDefinition|ListClusters|ListServices)$/,
  // It knows container instances, but whoever lists the tasks of a service names none: AWS then asks for all.
  /^ecs:ListTasks$/,
];

test('what can be narrowed to a resource is', () => {
  const onAll = PERMISSIONS.filter(({ resource }) => resource === '*').flatMap(({ actions }) => actions);
  expect(onAll.filter((action) => !ON_ALL.some((pattern) => pattern.test(action)))).toEqual([]);
  for (const { resource } of PERMISSIONS.filter((one) => one.resource !== '*')) {
    expect(resource).toMatch(/^arn:\*:[a-z0-9]+:\*:(\*|aws)?:[a-z*-]+[:/]/);
  }
});

test('logs are read where they are said to be, and nowhere else', () => {
  const places = ['s3://web-logs/alb', 's3://all-logs', '/aws/vendedlogs/web'];
  expect(permissionsBeyond({ logs: { places } })).toEqual([
    { actions: ['logs:DescribeDeliveries', 'logs:DescribeDeliverySources'], resource: '*' },
    { actions: ['logs:GetDeliveryDestination'], resource: 'arn:*:logs:*:*:delivery-destination:*' },
    { actions: ['s3:GetObject'], resource: 'arn:*:s3:::web-logs/alb/*' },
    {
      actions: ['s3:ListBucket'],
      resource: 'arn:*:s3:::web-logs',
      condition: { StringLike: { 's3:prefix': 'alb/*' } },
    },
    { actions: ['s3:GetObject'], resource: 'arn:*:s3:::all-logs/AWSLogs/*' },
    {
      actions: ['s3:ListBucket'],
      resource: 'arn:*:s3:::all-logs',
      condition: { StringLike: { 's3:prefix': 'AWSLogs/*' } },
    },
    ...['', ':*'].map((all) => ({
      actions: ['logs:GetQueryResults', 'logs:StartQuery'],
      resource: `arn:*:logs:*:*:log-group:/aws/vendedlogs/web${all}`,
    })),
  ]);
  expect(permissionsBeyond({})).toEqual([]);
  expect(ACTIONS.filter((action) => /^(s3|logs):/.test(action))).toEqual([]);
});

test.each(recordedIncidents())('each call that was recorded is declared by what made it: $name', ({ snapshot }) => {
  const undeclared = COLLECTORS.flatMap(({ key, actions }) =>
    snapshot.evidence[key].source.filter(({ action }) => !actions.includes(action)).map(({ action }) => [key, action]),
  );
  expect(undeclared).toEqual([]);
});

const COLLECT = join(import.meta.dirname, '../../lambda/collect');
/** What is loaded on demand is imported, too. */
const IMPORT = /^(?:import (?!type )| +const )(\{[^}]*\}) (?:from|= await import)\(? ?'(\.[^']+)'\)?;$/gm;
const OPERATION = /^export const (\w+) = \w+\.(?:operation|paged)\(\s*'(\w+)'/gm;
/** Wanted by AWS for the answer to another call. */
const WITHOUT_CALL = ['wafv2:GetWebACL'];
/** What a module imports for the shape of a part alone. */
const NOT_CALLED: Readonly<Record<string, readonly string[]>> = {
  instances: ['ec2:DescribeNetworkInterfaces'],
  changes: ['cloudwatch:GetMetricData'],
  failedCalls: ['cloudwatch:GetMetricData'],
};

/** The actions of the operations that a file imports, itself or by what it imports. */
function importedBy(file: string, visited = new Set<string>()): readonly string[] {
  if (visited.has(file)) return [];
  visited.add(file);
  const imports = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, names = '', from = '']) => ({
    names: names.match(/\w+/g) ?? [],
    path: join(dirname(file), from),
  }));
  return imports.flatMap(({ names, path }) => {
    if (path.includes('/services/')) return operationsOf(path, names);
    const isOther = path.endsWith('/aws.ts') || !path.startsWith(COLLECT) || keyIn(path) !== undefined;
    return isOther ? [] : importedBy(path, visited);
  });
}

function operationsOf(path: string, names: readonly string[]): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const [, service = ''] = /name: '(\w+)'/.exec(text) ?? [];
  return [...text.matchAll(OPERATION)].flatMap(([, name = '', operation]) =>
    names.includes(name) ? [`${service}:${operation}`] : [],
  );
}

function keyIn(path: string): string | undefined {
  return /defineCollector\(\{\s*key: '(\w+)'/.exec(readFileSync(path, 'utf8'))?.[1];
}

const collected = readFileSync(join(COLLECT, 'collect.ts'), 'utf8');
const files = [...collected.matchAll(IMPORT)].map(([, , from = '']) => join(COLLECT, from));

describe('each action that is declared is one that the code calls, and the other way round', () => {
  const read = files.flatMap((file) => {
    const key = keyIn(file);
    return key === undefined ? [] : [{ key, file }];
  });

  test('of every collector', () => {
    expect(read.map(({ key }) => key).sort()).toEqual([...DECLARED.keys()].sort());
  });

  test.each(read)('$key', ({ key, file }) => {
    const called = importedBy(file).filter((action) => !NOT_CALLED[key]?.includes(action));
    const declared = DECLARED.get(key) ?? [];
    expect([...new Set(called)].sort()).toEqual(declared.filter((one) => !WITHOUT_CALL.includes(one)).sort());
  });
});
