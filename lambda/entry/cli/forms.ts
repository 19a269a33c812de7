import type { Diagnosis } from '../../incident/diagnosis.ts';
import { text, verbatim } from '../../incident/text.ts';
import { chatCard } from '../../render/chat.ts';
import { renderEmail } from '../../render/email.ts';
import { renderHtml } from '../../render/html/html.ts';
import { renderJson } from '../../render/json.ts';
import { inMarkdown, renderMarkdown } from '../../render/markdown.ts';
import { toMessage } from '../../render/message.ts';
import { renderOneLine } from '../../render/one-line.ts';
import { renderRanking } from '../../render/ranking.ts';
import { renderTerminal } from '../../render/terminal.ts';
import { zoneAt } from '../zone.ts';
import { colourful, hyperlinked, NotTriaged, type Shell } from './shell.ts';

/** The forms a report can be printed in. */
export const FORMS = ['text', 'json', 'email', 'markdown', 'chat', 'html'] as const;
export type Form = (typeof FORMS)[number];

/** Those of a tree. */
export const TREE_FORMS = ['text', 'markdown'] as const;

/** How much is told, where the form has more than one length. */
export interface Length {
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** Prints a triage; one that failed is an error, whatever the form. */
export function print(diagnosis: Diagnosis, form: Form, shell: Shell, length: Length = {}): void {
  if (diagnosis.kind === 'failed') throw new NotTriaged(diagnosis.error ?? 'nothing could be triaged');
  const report = form === 'text' ? onTerminal(diagnosis, shell, length) : inForm(diagnosis, form, length);
  shell.stdout.write(withLineEnd(report));
}

/** What a subscriber gets, and what the engine ranked: all of an incident at a glance. */
export function printDemo(diagnosis: Diagnosis, { stdout }: Shell): void {
  const { subject, bodies } = toMessage(diagnosis);
  stdout.write(`Subject: ${subject}\n\n${withLineEnd(bodies.email)}\nRANKED FINDINGS\n${renderRanking(diagnosis)}`);
}

/** The same bytes for the same snapshot, wherever it is written. */
export function inFile(diagnosis: Diagnosis, form: Form, { verbose }: Length): string {
  return withLineEnd(inForm(diagnosis, form, verbose ? { verbose } : {}));
}

/** Only text on a terminal adapts to who reads it. */
function inForm(diagnosis: Diagnosis, form: Form, { verbose = false, quiet = false }: Length): string {
  const line = renderOneLine(diagnosis);
  switch (form) {
    case 'json':
      return JSON.stringify(renderJson(diagnosis), null, 2);
    case 'email':
      return renderEmail(diagnosis);
    case 'chat':
      return JSON.stringify(chatCard(diagnosis), null, 2);
    case 'html':
      return renderHtml(diagnosis);
    case 'markdown':
      return quiet
        ? inMarkdown(text`${verbatim(line)}`, { today: diagnosis.collectedAt })
        : renderMarkdown(diagnosis, { verbose });
    case 'text':
      return quiet ? line : renderTerminal(diagnosis, { colour: false, verbose });
  }
}

function onTerminal(diagnosis: Diagnosis, shell: Shell, { verbose = false, quiet }: Length): string {
  if (quiet) return renderOneLine(diagnosis);
  const { stdout, env } = shell;
  const look = { colour: colourful(stdout, env), hyperlinks: hyperlinked(shell) };
  if (!stdout.isTTY) return renderTerminal(diagnosis, { ...look, verbose });
  const zone = zoneAt(Intl.DateTimeFormat().resolvedOptions().timeZone, diagnosis.window.to);
  return renderTerminal(diagnosis, {
    ...{ ...look, verbose },
    ...(stdout.columns ? { width: stdout.columns } : {}),
    ...(zone.offsetMinutes === 0 ? {} : { zone }),
  });
}

function withLineEnd(report: string): string {
  return report.endsWith('\n') ? report : `${report}\n`;
}
