import { renderRulePage } from '../../render/rule-page.ts';
import { renderRule, renderRuleList } from '../../render/rule-terminal.ts';
import { RULES } from '../../rules/index.ts';
import { colourful, type Shell, WrongUsage } from './shell.ts';

/** The page of one cause, or the list of all: laid out for a terminal, or whole lines where it goes elsewhere. */
export function explanation(cause: string | undefined, { stdout, env }: Shell): string {
  const look = { colour: colourful(stdout, env), ...(stdout.isTTY && stdout.columns ? { width: stdout.columns } : {}) };
  if (cause === undefined) return renderRuleList(RULES, look);
  const rule = RULES.find(({ id }) => id === cause);
  if (rule === undefined) throw new WrongUsage(`no cause is called '${cause}': alb-triage explain lists them`);
  return stdout.isTTY ? renderRule(rule, look) : renderRulePage(rule);
}
