import { CAUSES } from '../../causes/index.ts';
import { renderCausePage } from '../../render/cause-page.ts';
import { renderCause, renderCauseList } from '../../render/cause-terminal.ts';
import { lookOf, type Shell, WrongUsage } from './shell.ts';

/** The page of one cause, or the list of all. */
export function explanation(cause: string | undefined, shell: Shell): string {
  const look = lookOf(shell);
  if (cause === undefined) return renderCauseList(CAUSES, look);
  const known = CAUSES.find(({ id }) => id === cause);
  if (known === undefined) throw new WrongUsage(`no cause is called '${cause}': alb-triage explain lists them`);
  return shell.stdout.isTTY ? renderCause(known, look) : renderCausePage(known);
}
