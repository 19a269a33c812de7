import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toMessage } from '../../lambda/render/message.ts';
import { type Heard, play, type Step } from './play.ts';

const HERE = import.meta.dirname;
const read = (file: string) => JSON.parse(readFileSync(join(HERE, file), 'utf8'));

interface Case {
  readonly case: string;
  readonly says: 'page' | 'quiet';
  readonly steps: readonly Step[];
}

test.each((read('page-or-quiet.json') as readonly Case[]).map((one) => [one.says, one.case, one.steps] as const))(
  '%s: %s',
  (says, _, steps) => {
    const last = play(steps).at(-1);
    expect([last?.says === 'nothing' ? 'quiet' : 'page', last?.why]).toEqual([says, expect.any(String)]);
  },
);

interface Recorded {
  readonly title: string;
  readonly steps: readonly { readonly hears: Step; readonly says: string }[];
}

const names = readdirSync(HERE, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? one.name : []));

describe.each(names)('%s', (name) => {
  const { title, steps }: Recorded = read(`${name}/conversation.json`);
  const heard = play(steps.map(({ hears }) => hears));

  test('is as was expected before', () => {
    const line = ([at, hears]: Step, says: string) => `${at} ${hears}: ${says}`;
    expect(heard.map(({ step, says }) => line(step, says))).toEqual(steps.map(({ hears, says }) => line(hears, says)));
  });

  test('is told as people read it', async () => {
    await expect([title, '', ...heard.flatMap(asRead)].join('\n')).toMatchFileSnapshot(`${name}/messages.txt`);
  });

  test('tells an update in fifteen lines, and first what changed', () => {
    for (const { told } of heard) {
      if (told?.kind !== 'update') continue;
      const lines = toMessage(told).bodies.email.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(15);
      expect(told.news?.length).toBeGreaterThan(0);
    }
  });
});

/** Of a first message and of a recovery the first screen: the rest is as in `test/incidents`. */
function asRead({ step: [at, hears, shows, besides = {}], says, why, told }: Heard): readonly string[] {
  const { by, mutedBy, maintenance, table } = besides;
  const how = [
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(mutedBy === undefined ? [] : [`muted by ${mutedBy}`]),
    ...(maintenance === undefined ? [] : [`maintenance until ${maintenance}`]),
    ...(table === undefined ? [] : [`table ${table}`]),
  ];
  const head = `${at} ${hears}${how.length === 0 ? '' : ` (${how.join(', ')})`}, ${shows}`;
  if (told === null) return [head, `  nothing: ${why}`, ''];
  const { subject, bodies } = toMessage(told);
  const lines = bodies.email.trimEnd().split('\n');
  const shown = told.kind === 'update' ? lines : lines.slice(0, 8);
  return [head, `  ${says}: ${subject}`, ...shown.map((line) => `  | ${line}`.trimEnd()), ''];
}
