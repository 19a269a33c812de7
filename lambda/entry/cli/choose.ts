import type { Reference } from '../../incident/question.ts';
import { listed } from '../../intake/index.ts';
import { regionSaid } from './place.ts';
import { progressOn } from './progress.ts';
import { Cancelled, NotTriaged, type Shell, WrongUsage } from './shell.ts';
import type { TriageOptions } from './triage-command.ts';

/** Nobody sits there to pick one. */
const NONE_NAMED =
  'missing argument <load-balancer>: its name, ARN or DNS name. Usage: alb-triage <load-balancer> [options]; alb-triage --help says more';

/** Which load balancer, of whoever sits at the terminal. */
export async function chosen(
  { region, profile, timeout }: Pick<TriageOptions, 'region' | 'profile' | 'timeout'>,
  shell: Shell,
): Promise<Reference> {
  if (shell.pick === undefined) throw new WrongUsage(NONE_NAMED);
  const { choices, none } = await choicesFor(regionSaid(region, shell.env), profile, timeout, shell);
  if (choices.length === 0) throw new NotTriaged(none);
  const choice = await shell.pick(choices);
  if (choice === undefined) throw new Cancelled();
  return { by: 'arn', arn: choice.arn };
}

async function choicesFor(said: string | undefined, profile: string | undefined, timeout: number, shell: Shell) {
  const progress = progressOn(shell.stderr);
  progress.show('looking for load balancers …');
  try {
    const { openAws, findChoices, checkPlace, credentialsSaid } = await shell.aws();
    await checkPlace(profile, shell.env);
    const aws = openAws({ region: said, profile, budgetMs: timeout * 1000 });
    const { choices, read, unread } = await findChoices(aws);
    const [first] = unread;
    const none =
      read.length === 0 && first !== undefined
        ? ((await credentialsSaid(first.reason, profile, shell.env)) ?? first.why)
        : `there is no Application Load Balancer in ${listed(read, 'or')}: check the Region (--region) and the account`;
    return { choices, none };
  } finally {
    progress.erase();
  }
}
