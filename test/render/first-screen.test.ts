import { describe, expect, test } from 'vitest';
import { text, verbatim, words } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { firstScreen } from '../../lambda/render/first-screen.ts';
import { plainText } from '../../lambda/render/plain.ts';
import { type Block, command, headline, lead, paragraph } from '../../lambda/render/story/block.ts';
import { identified, inconclusive } from './diagnoses.ts';

const clock = { today: '2026-03-10T14:30:00Z' };
const read = (blocks: readonly Block[]): readonly string[] =>
  blocks.map((block) => ('what' in block ? plainText(block.what, clock) : block.is));
const screen = (opening: readonly Block[], toDo: readonly Block[]) => {
  const told = firstScreen({ opening, toDo }, clock);
  return { opening: read(told.opening), toDo: read(told.toDo), goesOn: read(told.goesOn) };
};
const long = (letters: number): Block => headline(verbatim(`web: ${'w '.repeat(letters / 2)}fail.`));
const RUN = command(['aws', 'ec2', 'reboot-instances']);

describe('what is too long for a first screen', () => {
  test('is whole where it fits', () => {
    const reboot = lead('change', words('Fix (changes AWS): reboot web-1. It also loses the evidence:'));
    expect(screen([long(200)], [reboot, RUN]).goesOn).toEqual([]);
  });

  test('ends where a sentence does, and goes on below without what was read already', () => {
    const first = 'Fix (changes AWS): reboot web-1 and web-2, with everything else that runs there: it ends a hang';
    const reboot = lead('change', text`${verbatim(first)}. It also loses the evidence, which a dump keeps:`);
    const told = screen([long(450)], [reboot, RUN]);
    expect(told.toDo).toEqual([`${first} (more below):`, 'command']);
    expect(told.goesOn).toEqual(['Fix (changes AWS): … It also loses the evidence, which a dump keeps.']);
  });

  test('ends before words in brackets, and not before an id', () => {
    const way = 'By hand, step 1 of 2: give subnet-1 and subnet-2 a way out: a route to a NAT gateway in inner (rtb-1)';
    const told = screen([long(450)], [paragraph(verbatim(`${way} (or endpoints for all that its hosts load).`))]);
    expect(told.toDo).toEqual([`${way} (more below).`]);
    expect(told.goesOn).toEqual(['By hand, step 1 of 2: … (or endpoints for all that its hosts load).']);
  });

  test('gives way in the opening where only that keeps the step whole', () => {
    const cause = 'Cause: No network interface holds 10.0.10.21, which is still registered with the group web';
    const step = `By hand: allow it ${'so that it can register '.repeat(8)}`.trim();
    const told = screen(
      [long(250), paragraph(verbatim(`${cause}: the role is not allowed it.`))],
      [paragraph(verbatim(`${step}.`))],
    );
    expect(told.toDo).toEqual([`${step}.`]);
    expect(told.opening[1]).toBe(`${cause} (more below).`);
    expect(told.goesOn).toEqual(['Cause: … the role is not allowed it.']);
  });

  test('is broken off only where no clause ends in it, and then said whole below', () => {
    const step = `By hand: ${'allow what it asks for and '.repeat(20)}look`;
    const told = screen([long(300)], [paragraph(verbatim(step))]);
    expect(told.toDo[0]).toMatch(/ …$/);
    expect(told.goesOn).toEqual([step]);
  });
});

describe('where much is denied', () => {
  const denied = Array.from({ length: 24 }, (_, index) => `elasticloadbalancing:DescribeThing${index}`);
  const mail = renderEmail({ ...inconclusive, coverage: { ...inconclusive.coverage, denied } });
  const [first = '', ...rest] = mail.split(/\n\n(?=[A-Z][A-Z ]+\n)/);

  test('the first screen says how many permissions are missing, one of them, and how to ask again', () => {
    expect(first.replace(/\s+/g, ' ')).toContain(
      '24 permissions are missing: allow elasticloadbalancing:DescribeThing0 and 23 more (listed below). Then ask again',
    );
    expect(first).toMatch(/\nalb-triage \S+ --at /);
    expect(first).not.toContain('…');
  });

  test('all of them are listed below', () => {
    const below = rest.join('\n').replace(/\s+/g, ' ');
    expect(denied.filter((action) => !below.includes(action))).toEqual([]);
  });

  test('a few are named at once', () => {
    const few = renderEmail({ ...inconclusive, coverage: { ...inconclusive.coverage, denied: denied.slice(0, 2) } });
    expect(few.split('IN FULL')[0]).toContain(`To see more, allow ${denied[0]} and ${denied[1]}.`);
    expect(few).not.toContain('permissions are missing');
  });
});

test('the mail of a cause with a short fix has nothing left to say in full', () => {
  expect(renderEmail(identified)).not.toContain('IN FULL');
});
