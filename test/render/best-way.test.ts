import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Finding, ToldFix } from '../../lambda/incident/finding.ts';
import { code, type Text, text, words } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderHtml } from '../../lambda/render/html/html.ts';
import { renderMarkdown } from '../../lambda/render/markdown.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { identified, twoFindings } from './diagnoses.ts';

const nothing = { run: null, undo: null, verify: null };
const byHand = (does: Text): ToldFix => ({ ...nothing, does, changes: true });
const fixBy = (run: readonly string[]): ToldFix => ({ ...nothing, does: words('mend it'), run, changes: true });
const lookBy = (run: readonly string[]): ToldFix => ({ ...nothing, does: words('see why'), run, changes: false });
const ask = byHand(words('ask eve what stood there, and put it back'));

/** What is told beside the first, with these fixes. */
const beside = (fixes: readonly ToldFix[], more: Partial<Finding<Text>> = {}): string => {
  const [first, { capped: _, ...second }] = twoFindings.findings as readonly [Finding<Text>, Finding<Text>];
  const diagnosis: Diagnosis = { ...twoFindings, findings: [first, { ...second, ...more, fixes }] };
  const [, told = ''] = renderEmail(diagnosis).split(/\n(?:ALSO FOUND|THEN)\n/);
  return told.split('\n\nNOT SEEN')[0] ?? '';
};

describe('beside the first, the best way that is known is told', () => {
  test.each<[string, readonly ToldFix[], Partial<Finding<Text>>, RegExp, RegExp]>([
    [
      'whom to ask before how to look',
      [ask, lookBy(['aws', 'see'])],
      {},
      /\nBy hand, if this is the cause: ask eve/,
      /aws see/,
    ],
    ['of what is known, without a doubt', [ask], { strength: 'strong' }, /\nBy hand: ask eve/, /if this is the cause/],
    [
      'so is a command',
      [fixBy(['aws', 'mend'])],
      { strength: 'strong' },
      /\nFix \(changes AWS\): mend it/,
      /if this is the cause/,
    ],
    [
      'and with one, where it only may be',
      [fixBy(['aws', 'mend'])],
      {},
      /\nFix, if this is the cause \(changes AWS\)/,
      /\nFix \(/,
    ],
    ['the first, be it by hand', [ask, fixBy(['aws', 'add'])], {}, /ask eve/, /aws add/],
    ['how to look, where nothing mends it', [lookBy(['aws', 'see'])], {}, /\nTo look closer[\s\S]*aws see/, /By hand/],
    [
      'what waits is done after that',
      [ask],
      { waiting: true, share: 0 },
      /\nBy hand, after that: ask eve/,
      /if this is the cause/,
    ],
    [
      'all steps of it',
      [
        { ...ask, step: { number: 1, of: 2 } },
        { ...fixBy(['aws', 'mend']), step: { number: 2, of: 2 } },
      ],
      {},
      /By hand, if this is the cause, step 1 of 2: ask eve[\s\S]*step 2 of 2 \(changes AWS\)/,
      /To look/,
    ],
    [
      'of an effect, none',
      [ask, lookBy(['aws', 'see'])],
      { effect: true, share: null },
      /it began after the errors did/,
      /ask eve|aws see|explains/,
    ],
  ])('%s', (_, fixes, more, says, neverSays) => {
    const told = beside(fixes, more);
    expect(told).toMatch(says);
    expect(told).not.toMatch(neverSays);
  });

  test('what was told of the first is not told again', () => {
    const [first] = twoFindings.findings;
    const told = beside(first?.fixes ?? []);
    for (const { run } of first?.fixes ?? []) if (run !== null) expect(told).not.toContain(run.slice(0, 4).join(' '));
  });
});

test('the same way is told once, by whatever words', () => {
  const [first] = identified.findings as readonly [Finding<Text>];
  const [fix] = first.fixes as readonly [ToldFix];
  const again = { ...fix, does: words('put it back as it was') };
  const other = { ...fix, does: words('take another way'), run: ['aws', 'another'], undo: null, verify: null };
  const mail = renderEmail({ ...identified, findings: [{ ...first, fixes: [fix, again, other] }] });
  expect(mail).not.toMatch(/put it back as it was|told already/);
  expect(mail).toContain('take another way');
});

describe('a command is a whole line of its own', () => {
  const typed = 'curl -ski https://localhost:8443/health';
  const session: ToldFix = {
    ...lookBy(['aws', 'ssm', 'start-session', '--target', 'i-1', '--region', 'us-east-1']),
    inSession: typed.split(' '),
  };
  const named = byHand(
    text`point it elsewhere (${code('aws elbv2 modify-target-group --health-check-path')}), where it is answered`,
  );
  const [first] = identified.findings as readonly [Finding<Text>];
  const diagnosis: Diagnosis = { ...identified, findings: [{ ...first, fixes: [session, named] }] };
  const LINES = ['aws ssm start-session --target i-1 --region us-east-1', 'In that session:', typed];

  test('in a mail, with its words before it', () => {
    const lines = renderEmail(diagnosis).split('\n');
    expect(lines.filter((line) => LINES.includes(line))).toEqual(LINES);
    expect(lines[lines.indexOf(LINES[0] ?? '') - 1]).toMatch(/see why:$/);
  });

  test.each([40, 60, 80, 200])('on a terminal of %i columns', (width) => {
    const page = renderTerminal(diagnosis, { colour: false, width, verbose: true });
    expect(page.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(LINES));
  });

  test.each([60, 80])('one that is only named is not broken by %i columns', (width) => {
    const page = renderTerminal(diagnosis, { colour: false, width, verbose: true });
    expect(page).toContain('(aws elbv2 modify-target-group --health-check-path)');
  });

  test('in Markdown and on a page', () => {
    const markdown = renderMarkdown(diagnosis, { verbose: true });
    expect(markdown).toContain(`\`\`\`sh\n${LINES[0]}\n\`\`\`\n\nIn that session:\n\n\`\`\`sh\n${typed}\n\`\`\``);
    // Each word of a command stands apart, so that it breaks between two.
    const page = renderHtml(diagnosis).replace(/<\/?span[^>]*>/g, '');
    expect(page).toMatch(/<p>In that session:<\/p><pre class="command"[^>]*><code>curl -ski /);
  });
});
