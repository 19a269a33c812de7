import { renderRuleList, renderRulePage } from '../../render/rule-page.ts';
import { RULES } from '../../rules/index.ts';
import { WrongUsage } from './shell.ts';

/** The page of one cause, or the list of all. */
export function explanation(cause: string | undefined): string {
  if (cause === undefined) return renderRuleList(RULES);
  const rule = RULES.find(({ id }) => id === cause);
  if (rule === undefined) throw new WrongUsage(`no cause is called '${cause}': alb-triage explain lists them`);
  return renderRulePage(rule);
}
