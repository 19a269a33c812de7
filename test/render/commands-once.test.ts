import { expect, test } from 'vitest';
import { code, text, time, words } from '../../lambda/incident/text.ts';
import { inOrderOfTime } from '../../lambda/render/proof-order.ts';
import { type Block, command, item, lead } from '../../lambda/render/story/block.ts';
import { withCommandsOnce } from '../../lambda/render/story/commands-once.ts';
import { withNames } from '../../lambda/render/story/names.ts';
import { plain } from '../support/judged.ts';

const read = (blocks: readonly Block[]) =>
  blocks.map((block) =>
    block.is === 'command' ? block.run.join(' ') : block.is === 'link' ? block.url : plain(block.what),
  );
const [check, undo, look, change] = (['check', 'undo', 'look', 'change'] as const).map((use) =>
  lead(use, words('so:')),
) as [Block, Block, Block, Block];

test.each<[string, readonly Block[], readonly string[]]>([
  ['a check is left out where it was told', [check, command(['a'])], []],
  ['so is a look', [look, command(['a'])], []],
  ['what undoes a change is said to be told', [undo, command(['a'])], ['The command that undoes it is given above.']],
  ['a change keeps its words', [change, command(['a'])], ['so (its command is given above).']],
  ['of several, what is new is told', [undo, command(['a']), command(['b'])], ['so:', 'b']],
  ['another stays as it is', [check, command(['a', 'b'])], ['so:', 'a b']],
  ['words without a command stay', [item(words('one')), look], ['One', 'so:']],
])('%s', (_, blocks, left) => {
  const [, second = []] = withCommandsOnce([[check, command(['a'])], blocks]);
  expect(read(second)).toEqual(left);
});

test('proof is told oldest first; what tells no time keeps its place, and a minute of a metric ends it', () => {
  const of = (shows: ReturnType<typeof text>, from: string, at?: string) => ({
    shows,
    from,
    ...(at === undefined ? {} : { at }),
  });
  const all = [
    of(text`errors`, 'loadBalancerMetrics', '2026-03-10T14:20:00Z'),
    of(text`state`, 'securityGroups'),
    of(text`changed`, 'changes', '2026-03-10T14:20:40Z'),
    of(text`since ${time('2026-03-10T13:59:00Z')} ${code('x')}`, 'targetHealth'),
  ];
  expect(inOrderOfTime(all).map(({ from }) => from)).toEqual([
    'targetHealth',
    'securityGroups',
    'changes',
    'loadBalancerMetrics',
  ]);
});

test('what has a name is told by it, with its id where it comes first', () => {
  const id = { kind: 'resource', text: 'sg-1a' } as const;
  const name = { kind: 'resource', text: 'shop' } as const;
  const blocks = [
    item(text`${id} (${name}) admits none`),
    item(text`revoked tcp 80 from sg-1a in sg-1ab, not in x-sg-1a`),
    item(text`${id} again`),
    command(['aws', 'sg-1a']),
  ];
  const [told = []] = withNames([blocks], { 'sg-1a': 'shop' });
  expect(read(told)).toEqual([
    'shop (sg-1a) admits none',
    'Revoked tcp 80 from shop in sg-1ab, not in x-sg-1a',
    'shop again',
    'aws sg-1a',
  ]);
  expect(withNames([blocks], {})).toEqual([blocks]);
});
