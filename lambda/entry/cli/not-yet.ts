import { type Command, Option } from 'commander';
import { WrongUsage } from './shell.ts';

/** Of the contract, and not built: said as such, for a name that nobody knows would be looked for as a load balancer. */
const COMMANDS_TO_COME = ['audit', 'host', 'mcp'];

export function refuseToCome(program: Command): void {
  for (const name of COMMANDS_TO_COME) {
    program
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .helpOption(false)
      .action(() => {
        throw new WrongUsage(
          `${name} is not there yet (a load balancer called so goes after --: alb-triage -- ${name})`,
        );
      });
  }
}

export function withToCome(): Option {
  return new Option('--with <evidence>').hideHelp().argParser(() => {
    throw new WrongUsage('--with is not there yet: only the control plane is read');
  });
}
