import type { Diagnosis, Subjected, Triggered } from '../incident/diagnosis.ts';

/** Whom to call and what to read first, as the tags say or, of the runbook, the alarm's description. */
export function responsible(
  tags: Subjected['tags'],
  { tags: ofAlarm = [], alarmDescription = '' }: Triggered,
): Pick<Diagnosis['loadBalancer'], 'owner' | 'runbook'> {
  const all = [...tags, ...ofAlarm];
  const tagged = (...keys: readonly string[]): string | undefined =>
    keys.flatMap((key) => all.filter((tag) => tag.key.toLowerCase() === key)).at(0)?.value;
  const owner = tagged('owner', 'team', 'oncall', 'on-call', 'contact', 'slack-channel', 'slack');
  const runbook = tagged('runbook') ?? RUNBOOK.exec(alarmDescription)?.[1];
  return { ...(owner === undefined ? {} : { owner }), ...(runbook === undefined ? {} : { runbook }) };
}

/** The address that is called a runbook, less the full stop of the sentence it ends. */
const RUNBOOK = /\b(?:runbook|playbook)\b[^\n]*?(https?:\/\/\S*[^\s.,;:!?'")\]>])/i;
