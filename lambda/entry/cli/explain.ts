import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Cause } from '../../causes/cause.ts';
import { CAUSES } from '../../causes/index.ts';
import { meantByWords } from '../../intake/index.ts';
import { type CausePage, causePageIn, renderCausePage } from '../../render/cause-page.ts';
import { renderCause, renderCauseList } from '../../render/cause-terminal.ts';
import { describeError, lookOf, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import { quoted } from './wording.ts';

/** The page of one cause, or the list of all. */
export function explanation(name: string | undefined, shell: Shell): string {
  const look = lookOf(shell);
  if (name === undefined) {
    return renderCauseList(
      CAUSES.map((cause) => ({ ...cause, title: pageOf(cause, shell).title })),
      look,
    );
  }
  const cause = causeCalled(name);
  const page = pageOf(cause, shell);
  return shell.stdout.isTTY ? renderCause(cause, page, look) : renderCausePage(cause, page);
}

/** The same for programs: the list without the pages, or one cause with all of its page, in Markdown. */
export function explanationInJson(name: string | undefined, shell: Shell): string {
  const told =
    name === undefined
      ? CAUSES.map((cause) => ({ id: cause.id, category: cause.category, title: pageOf(cause, shell).title }))
      : withPage(causeCalled(name), shell);
  return `${JSON.stringify(told, null, 2)}\n`;
}

function withPage(cause: Cause, shell: Shell): object {
  const { title, docs, sections } = pageOf(cause, shell);
  return { id: cause.id, category: cause.category, title, sections, docs };
}

function causeCalled(name: string): Cause {
  const cause = CAUSES.find(({ id }) => id === name);
  if (cause === undefined) {
    const known = CAUSES.map(({ id }) => id);
    throw new WrongUsage(
      `no cause is called ${quoted(name)}: ${meantByWords(name, known) ?? 'alb-triage explain lists them'}`,
    );
  }
  return cause;
}

function pageOf({ id, category }: Cause, { causes }: Shell): CausePage {
  const file = new URL(`${category}/${id}/page.md`, causes);
  try {
    return causePageIn(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new NotTriaged(`cannot read the page of ${id}, ${fileURLToPath(file)}: ${describeError(error)}`);
  }
}
