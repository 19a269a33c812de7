import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** One offender per fence: which fence stops it, in which file, importing what. */
const OFFENDERS: readonly (readonly [fence: string, file: string, line: string])[] = [
  ['no-cycles', 'lambda/incident/one.ts', "export { two } from './two.ts'; export const one = 1;"],
  ['everything-resolves', 'lambda/collect/lost.ts', "import './nowhere.ts';"],
  ['incident-imports-nothing', 'lambda/incident/upward.ts', "import '../semantics/good.ts';"],
  ['incident-imports-nothing', 'lambda/incident/machine.ts', "import 'node:fs';"],
  ['semantics-knows-nouns-only', 'lambda/semantics/upward.ts', "import type { Cause } from '../causes/cause.ts';"],
  ['reading-knows-nouns-only', 'lambda/reading/asking.ts', "import '../collect/good.ts';"],
  ['only-collect-reads', 'lambda/deliver/reading.ts', "import '../reading/good.ts';"],
  ['causes-see-evidence-only', 'lambda/causes/overload/surge/reading.ts', "import '../../../collect/good.ts';"],
  ['causes-stand-alone', 'lambda/causes/overload/surge/copying.ts', "import '../cpu/good.ts';"],
  ['causes-stand-alone', 'lambda/causes/overload/surge/borrowing.ts', "import '../../network-block/path/good.ts';"],
  ['causes-stand-alone', 'lambda/causes/overload/limit/knowing.ts', "import '../cpu/cause.ts';"],
  ['what-causes-share-knows-none', 'lambda/causes/knowing.ts', "import './overload/cpu/good.ts';"],
  ['what-causes-share-knows-none', 'lambda/causes/kit/borrowing.ts', "import '../overload/cpu/good.ts';"],
  ['what-causes-share-knows-none', 'lambda/causes/kit/knowing.ts', "import '../overload/cpu/cause.ts';"],
  ['computed-and-remedies-know-no-cause', 'lambda/computed/judging.ts', "import '../causes/cause.ts';"],
  ['computed-and-remedies-know-no-cause', 'lambda/remedies/computing.ts', "import '../computed/good.ts';"],
  ['diagnose-runs-causes-only', 'lambda/diagnose/showing.ts', "import '../render/message.ts';"],
  ['render-shows-what-is-concluded', 'lambda/render/judging.ts', "import '../diagnose/good.ts';"],
  ['render-takes-only-the-type-of-a-cause', 'lambda/render/running.ts', "import { cause } from '../causes/cause.ts';"],
  ['conversation-decides-by-what-was-said', 'lambda/conversation/showing.ts', "import '../render/message.ts';"],
  ['conversation-decides-by-what-was-said', 'lambda/conversation/asking.ts', "import '../memory/good.ts';"],
  ['memory-keeps-a-conversation', 'lambda/memory/deciding.ts', "import '../conversation/good.ts';"],
  ['intake-collect-deliver-keep-apart', 'lambda/intake/reading.ts', "import '../collect/good.ts';"],
  ['intake-collect-deliver-keep-apart', 'lambda/collect/judging.ts', "import '../causes/cause.ts';"],
  ['only-deliver-knows-the-message', 'lambda/intake/showing.ts', "import '../render/message.ts';"],
  ['deliver-takes-only-the-type-of-a-message', 'lambda/deliver/showing.ts', "import '../render/message.ts';"],
  ['nobody-imports-entry', 'lambda/collect/upward.ts', "import '../entry/good.ts';"],
  ['sdk-stays-at-the-edge', 'lambda/intake/calling.ts', "import '@aws-sdk/client-sns';"],
  ['sdk-stays-at-the-edge', 'lambda/render/calling.ts', "import type { Logger } from '@smithy/types';"],
  ['pure-rooms-touch-no-machine', 'lambda/causes/overload/machine.ts', "import 'node:os';"],
  ['pure-rooms-touch-no-machine', 'lambda/remedies/machine.ts', "import 'node:fs';"],
  ['pure-rooms-touch-no-machine', 'lambda/computed/machine.ts', "import 'node:fs';"],
  ['pure-rooms-touch-no-machine', 'lambda/reading/machine.ts', "import 'node:fs';"],
  ['pure-rooms-touch-no-machine', 'lambda/semantics/machine.ts', "import 'crypto';"],
  ['pure-rooms-touch-no-machine', 'lambda/diagnose/machine.ts', "import 'node:fs/promises';"],
  ['pure-rooms-touch-no-machine', 'lambda/render/machine.ts', "import { inspect } from 'node:util';"],
  ['infra-knows-permissions-only', 'infra/judging.ts', "import '../lambda/causes/cause.ts';"],
  ['program-imports-no-test', 'lambda/deliver/testing.ts', "import '../../test/good.ts';"],
  ['sdk-is-mocked-in-isolation', 'test/entry/mocking.ts', "import '../support/mock-client.ts';"],
];

/** What may be imported, and must not be mistaken for an offence. */
const PERMITTED: readonly (readonly [file: string, line: string])[] = [
  ['lambda/incident/two.ts', "export { one } from './one.ts'; export const two = 2;"],
  ['lambda/semantics/good.ts', "import '../incident/plain.ts';"],
  ['lambda/incident/plain.ts', 'export const plain = 1;'],
  ['lambda/causes/cause.ts', 'export interface Cause { id: string } export const cause = 1;'],
  ['lambda/causes/index.ts', "import './overload/cpu/cause.ts';"],
  ['lambda/causes/overload/cpu/cause.ts', "import './good.ts'; import '../limit/good.ts'; import '../../kit/good.ts';"],
  ['lambda/causes/overload/cpu/good.ts', "import '../../cause.ts'; import '../../../semantics/good.ts';"],
  ['lambda/causes/overload/limit/good.ts', "import '../../cause.ts'; import '../../kit/good.ts';"],
  ['lambda/causes/network-block/path/good.ts', "import '../../cause.ts';"],
  ['lambda/causes/kit/good.ts', "import '../cause.ts';"],
  ['lambda/reading/good.ts', "import '../incident/plain.ts';"],
  ['lambda/collect/better.ts', "import '../reading/good.ts';"],
  ['lambda/computed/good.ts', "import '../semantics/good.ts';"],
  ['lambda/remedies/good.ts', "import '../semantics/good.ts';"],
  ['lambda/causes/overload/cpu/better.ts', "import '../../../computed/good.ts'; import '../../../remedies/good.ts';"],
  ['lambda/diagnose/good.ts', "import '../causes/index.ts';"],
  [
    'lambda/render/message.ts',
    "import type { Cause } from '../causes/cause.ts'; export interface Message { subject: string }",
  ],
  ['lambda/collect/good.ts', "import '@aws-sdk/client-ec2'; import 'node:timers/promises';"],
  ['lambda/conversation/good.ts', "import '../incident/plain.ts';"],
  ['lambda/conversation/talk.ts', 'export interface Talk { faults: string }'],
  ['lambda/memory/good.ts', "import '@aws-sdk/client-dynamodb'; import type { Talk } from '../conversation/talk.ts';"],
  ['lambda/deliver/good.ts', "import type { Message } from '../render/message.ts'; import '@aws-sdk/client-sns';"],
  ['lambda/entry/good.ts', "import '../collect/good.ts'; import '../diagnose/good.ts'; import 'node:fs';"],
  ['infra/good.ts', "import '../lambda/collect/good.ts';"],
  ['test/good.ts', "import '../lambda/entry/good.ts';"],
  ['test/support/mock-client.ts', 'export const mockClient = 1;'],
  ['test/collect/good.ts', "import '../support/mock-client.ts';"],
];

const options: ICruiseOptions = await extractOptions('./.dependency-cruiser.mjs');
const fences = options.ruleSet?.forbidden ?? [];

describe('the fences between the rooms', () => {
  const tree = mkdtempSync(join(tmpdir(), 'fences-'));
  let crossed: readonly string[];

  beforeAll(async () => {
    for (const [file, line] of [...OFFENDERS.map(([, file, line]) => [file, line] as const), ...PERMITTED]) {
      write(tree, file, line);
    }
    cpSync('tsconfig.json', join(tree, 'tsconfig.json'));
    const stub = JSON.stringify({ main: 'index.js' });
    for (const name of ['@aws-sdk/client-dynamodb', '@aws-sdk/client-ec2', '@aws-sdk/client-sns', '@smithy/types']) {
      write(tree, `node_modules/${name}/package.json`, stub);
      write(tree, `node_modules/${name}/index.js`, '');
    }
    crossed = violations(await cruise(['lambda', 'infra', 'test'], { ...options, baseDir: tree }));
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(OFFENDERS)('%s: stops %s', (fence, file) => {
    expect(crossed).toContain(`${fence} ${file}`);
  });

  test('stop nothing that is permitted', () => {
    const offenders = OFFENDERS.map(([, file]) => file);
    expect(crossed.filter((crossing) => !offenders.some((file) => crossing.endsWith(` ${file}`)))).toEqual([]);
  });

  test('have an offender here, each', () => {
    const stopped = new Set(OFFENDERS.map(([fence]) => fence));
    expect(fences.map(({ name }) => name).filter((name) => !stopped.has(String(name)))).toEqual([]);
  });

  test('say to the offender what to do instead', () => {
    for (const fence of fences) expect(fence.comment, fence.name).toMatch(/^.{40,}[.]$/);
  });

  test('are drawn around modules that the tool really sees', async () => {
    const { output } = await cruise(['lambda'], options);
    const seen = (output as ICruiseResult).modules.filter(({ source }) => source.startsWith('lambda/'));
    expect(seen.length).toBeGreaterThan(20);
    const imports = seen.flatMap(({ dependencies }) => dependencies);
    expect(imports.some(({ resolved }) => resolved.includes('node_modules/@aws-sdk/'))).toBe(true);
    expect(imports.some(({ dependencyTypes }) => dependencyTypes.includes('type-only'))).toBe(true);
  });
});

describe('judging and rendering give the same bytes everywhere: Biome', () => {
  const tree = mkdtempSync(join(tmpdir(), 'fences-'));
  const SAMPLES: readonly (readonly [line: string, refused: boolean])[] = [
    ['Date.now()', true],
    ['[1].map(Date.now)', true],
    ['new Date()', true],
    ['new Date().toISOString()', true],
    ['Date()', true],
    ['Math.random()', true],
    ["'a'.localeCompare('b')", true],
    ['(12).toLocaleString()', true],
    ["'I'.toLocaleLowerCase()", true],
    ["new Intl.NumberFormat('en')", true],
    ['process.env', true],
    ['globalThis.Date', true],
    ['performance.now()', true],
    ["new Date('2026-03-10T14:24:00Z')", false],
    ["Date.parse('2026-03-10T14:24:00Z')", false],
    ['Date.UTC(2026, 2, 10)', false],
    ['Math.max(1, 2)', false],
    ["'a' < 'b'", false],
  ];
  const ROOMS = ['incident', 'reading', 'semantics', 'computed', 'causes', 'remedies', 'diagnose', 'render'];
  let refusals: ReadonlySet<string>;

  beforeAll(() => {
    const { vcs: _, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'));
    write(tree, 'biome.json', JSON.stringify(config));
    cpSync('.biome', join(tree, '.biome'), { recursive: true });
    for (const room of [...ROOMS, 'entry']) {
      SAMPLES.forEach(([line], index) => {
        write(tree, `lambda/${room}/deep/sample-${index}.ts`, `export const sample = ${line};\n`);
      });
    }
    refusals = new Set(lint(tree));
  });
  afterAll(() => rmSync(tree, { recursive: true }));

  test.each(SAMPLES)('%s: refused in the pure rooms: %s', (line, refused) => {
    const file = `deep/sample-${SAMPLES.findIndex(([sample]) => sample === line)}.ts`;
    expect(ROOMS.filter((room) => refusals.has(`lambda/${room}/${file}`))).toEqual(refused ? ROOMS : []);
  });

  test('entry may read the clock and the environment', () => {
    expect([...refusals].filter((file) => file.startsWith('lambda/entry/'))).toEqual([]);
  });
});

function write(tree: string, file: string, content: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), content);
}

function violations({ output }: { output: unknown }): string[] {
  return (output as ICruiseResult).summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
}

/** The files in which Biome finds an error. */
function lint(tree: string): string[] {
  const biome = join(process.cwd(), 'node_modules/.bin/biome');
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', '--diagnostic-level=error', '.'];
  let report: string;
  try {
    report = execFileSync(biome, args, { cwd: tree, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    report = String((error as { stdout?: string }).stdout);
  }
  return JSON.parse(report).diagnostics.map(({ location }: { location: { path: string } }) => location.path);
}
