import type { Command } from 'commander';
import { listed, nearTo } from '../../intake/index.ts';
import { WrongUsage } from './shell.ts';

/** Of the contract, and not built: said as such, for a name that nobody knows would be looked for as a load balancer. */
export const COMMANDS_TO_COME = ['audit', 'host', 'mcp'];

/** A letter away from what is to come, which only who knows of it writes. */
export function meantToCome(written: string, toCome: readonly string[]): string | undefined {
  const near = nearTo(written, toCome);
  return near.length === 0 ? undefined : `did you mean ${listed(near, 'or')}, which is not there yet?`;
}

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
