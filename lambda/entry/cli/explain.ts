import { renderRulePage } from '../../render/rule-page.ts';
import { renderRule, renderRuleList } from '../../render/rule-terminal.ts';
import { RULES } from '../../rules/index.ts';
import { lookOf, type Shell, WrongUsage } from './shell.ts';

/** The page of one cause, or the list of all. */
export function explanation(cause: string | undefined, shell: Shell): string {
  const look = lookOf(shell);
  if (cause === undefined) return renderRuleList(RULES, look);
  const rule = RULES.find(({ id }) => id === cause);
  if (rule === undefined) throw new WrongUsage(`no cause is called '${cause}': alb-triage explain lists them`);
  return shell.stdout.isTTY ? renderRule(rule, look) : renderRulePage(rule);
}
