import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderMarkdown } from '../../lambda/render/markdown.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { aSnapshot, denied, lately, metrics, partly } from '../support/a-snapshot.ts';

const failing = { loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 40) }) };
const refused = { changes: denied('cloudtrail:LookupEvents') };
const some = partly([], { why: 'not-asked', detail: 'CloudTrail was asked 8 times, and no more', ids: ['eni-1'] });

const diagnosed = (ill: Parameters<typeof aSnapshot>[0]) => diagnose(aSnapshot(ill), CAUSES);
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ');

test.each([
  ['where nothing is wrong', refused],
  ['where something is', { ...failing, ...refused }],
])('a mail tells that changes were refused, what to allow, and it in its receipt: %s', (_, ill) => {
  const mail = renderEmail(diagnosed(ill));
  expect(mail).toMatch(/^NOT SEEN$/m);
  expect(mail).toMatch(/^- Changes: cloudtrail:LookupEvents was denied\./m);
  expect(mail).toMatch(/allow cloudtrail:LookupEvents\./);
  expect(mail.trimEnd().split('\n').at(-1)).toMatch(/; not seen, or not whole: .*\bchanges\b/);
});

test('a quiet mail stays short', () => {
  const mail = renderEmail(diagnosed(refused));
  expect(mail.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
});

test('so do those that were not all asked for', () => {
  const mail = renderEmail(diagnosed({ ...failing, changes: some }));
  expect(mail).toMatch(/^- Changes \(eni-1\): CloudTrail was asked 8 times, and no more\./m);
  expect(mail.trimEnd().split('\n').at(-1)).toMatch(/; not seen, or not whole: .*\bchanges\b/);
});

test('the terminal and Markdown tell it without their timeline', () => {
  const diagnosis = diagnosed({ ...failing, ...refused });
  expect(inOneLine(renderTerminal(diagnosis, { colour: false }))).toContain(
    'Changes: cloudtrail:LookupEvents was denied',
  );
  expect(inOneLine(renderMarkdown(diagnosis))).toContain('Changes: `cloudtrail:LookupEvents` was denied');
});

test('what was seen is not among it', () => {
  const mail = renderEmail(diagnosed({ ...failing, changes: [] }));
  expect(mail).not.toMatch(/not whole: .*\bchanges\b|^- Changes:/m);
});
