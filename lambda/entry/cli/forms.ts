import type { Diagnosis } from '../../incident/diagnosis.ts';
import { renderEmail } from '../../render/email.ts';
import { renderHtml } from '../../render/html/html.ts';
import { renderJson } from '../../render/json.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { toMessage } from '../../render/message.ts';
import { renderRanking } from '../../render/ranking.ts';
import { renderTerminal } from '../../render/terminal.ts';
import { zoneAt } from '../zone.ts';
import { colourful, NotTriaged, type Shell } from './shell.ts';

/** The forms a report can be printed in. */
export const FORMS = ['text', 'json', 'email', 'markdown', 'html'] as const;
export type Form = (typeof FORMS)[number];

/** Prints a triage; one that failed is an error, whatever the form. */
export function print(diagnosis: Diagnosis, form: Form, shell: Shell): void {
  if (diagnosis.kind === 'failed') throw new NotTriaged(diagnosis.error ?? 'nothing could be triaged');
  shell.stdout.write(withLineEnd(IN_FORM[form](diagnosis, shell)));
}

/** What a subscriber gets, and what the engine ranked: all of an incident at a glance. */
export function printDemo(diagnosis: Diagnosis, { stdout }: Shell): void {
  const { subject, bodies } = toMessage(diagnosis);
  stdout.write(`Subject: ${subject}\n\n${withLineEnd(bodies.email)}\nRANKED FINDINGS\n${renderRanking(diagnosis)}`);
}

/** Only text on a terminal adapts to who reads it; everything else is the same bytes for the same snapshot. */
const IN_FORM: Readonly<Record<Form, (diagnosis: Diagnosis, shell: Shell) => string>> = {
  json: (diagnosis) => JSON.stringify(renderJson(diagnosis), null, 2),
  email: (diagnosis) => renderEmail(diagnosis),
  markdown: (diagnosis) => renderMarkdown(diagnosis),
  html: (diagnosis) => renderHtml(diagnosis),
  text: (diagnosis, shell) => renderTerminal(diagnosis, forReader(diagnosis, shell)),
};

function forReader({ window }: Diagnosis, { stdout, env }: Shell) {
  const colour = colourful(stdout, env);
  if (!stdout.isTTY) return { colour };
  const zone = zoneAt(Intl.DateTimeFormat().resolvedOptions().timeZone, window.to);
  return {
    colour,
    ...(stdout.columns ? { width: stdout.columns } : {}),
    ...(zone.offsetMinutes === 0 ? {} : { zone }),
  };
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
