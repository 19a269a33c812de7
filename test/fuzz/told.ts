import { expect } from 'vitest';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Argv } from '../../lambda/incident/finding.ts';
import { chatCard } from '../../lambda/render/chat.ts';
import { renderHtml } from '../../lambda/render/html/html.ts';
import { renderMarkdown } from '../../lambda/render/markdown.ts';
import { BYTES_AT_MOST, bytesOf, toMessage } from '../../lambda/render/message.ts';
import { renderOneLine } from '../../lambda/render/one-line.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';

/** What moves a cursor, hides, turns the direction, or is half a character; line breaks are ours. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;
/** Values that were never meant to be read. */
const SLIPS = /\bNaN\b|\bundefined\b|\[object \w+\]|\bInfinity\b|Invalid Date/;

/** Whatever others wrote, what is told of it does no harm and keeps within its limits. */
export function expectHarmless(diagnosis: Diagnosis): void {
  const { subject, bodies, attributes } = toMessage(diagnosis);
  const plain = [
    bodies.email,
    renderTerminal(diagnosis, { colour: false }),
    renderTerminal(diagnosis, { colour: false, verbose: true, width: 60 }),
  ];
  for (const form of [...plain, bodies.sms, subject, renderOneLine(diagnosis)]) {
    expect(form).not.toMatch(UNSEEN);
    expect(form).not.toMatch(SLIPS);
  }
  for (const form of plain) expect(form).not.toMatch(/^\s*alb-triage -/m);
  for (const form of plain)
    expect(form.split('\n').filter((line) => /^evilcmd --now|^(\$ )?evilcmd$/.test(line))).toEqual([]);
  expectLimits({ subject, bodies, attributes });
  expectInert(diagnosis);
  for (const { run, inSession, undo, verify } of diagnosis.findings.flatMap(({ fixes }) => fixes)) {
    for (const argv of [run, inSession, undo, verify]) if (argv) expectPasted(argv);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
}

function expectLimits(message: ReturnType<typeof toMessage>): void {
  const { subject, bodies, attributes } = message;
  expect(subject).toMatch(/^[\x20-\x7e]{1,78}$/);
  expect(bodies.sms).toMatch(/^[\x20-\x7e\n]{1,140}$/);
  expect(bytesOf(message)).toBeLessThanOrEqual(BYTES_AT_MOST);
  for (const value of Object.values(attributes)) expect(value).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}]{1,256}$/u);
  const lines = bodies.email.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(MAIL_LINES);
  expect(lines.filter((line) => [...line].length > 200 && !/^(\s*)(aws|kubectl|curl|alb-triage) /.test(line))).toEqual(
    [],
  );
}

/** A little over what is aimed at: where the least does not fit, it is sent as it is. */
const MAIL_LINES = 130;

/** Between as many backticks on both sides. */
const CODE = /(?<![`\\])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g;

/** Mark-up that others wrote is text wherever mark-up is read. */
function expectInert(diagnosis: Diagnosis): void {
  const html = renderHtml(diagnosis);
  expect(html).not.toMatch(/<\/?x-evil|<!-- -->|["'] onevil=/);
  expect(html).not.toMatch(SLIPS);
  const card = chatCard(diagnosis);
  const shown = [card.content.title, card.content.description, ...card.content.nextSteps, ...card.content.keywords];
  for (const one of shown) expect(one.replace(CODE, '')).not.toMatch(/[<>]|\]\(http/);
  expect(card.content.title.length).toBeLessThanOrEqual(500);
  for (const verbose of [false, true]) {
    const outsideCode = renderMarkdown(diagnosis, { verbose })
      .replace(CODE, '')
      .replace(/\(<[^<>]*>\)/g, '');
    expect(outsideCode).not.toMatch(/(?<!\\)<\/?x-evil|(?<!\\)\]\(http|^# evil/m);
    expect(outsideCode).not.toMatch(SLIPS);
  }
}

/** Words that do what they read as. */
function expectPasted(argv: Argv): void {
  for (const word of argv) {
    expect(word).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(word, argv.join(' ')).not.toMatch(/^-.*evil/);
  }
}
