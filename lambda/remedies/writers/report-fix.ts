import type { Argv, Fix } from '../../incident/finding.ts';
import type { Text } from '../../incident/text.ts';
import type { Call, Remedy } from '../remedy.ts';
import { awsArgv } from './aws-cli.ts';
import { kubectlArgv } from './kubectl.ts';

/** A remedy as the report has it: its calls written down as commands, each to be run as it stands. */
export function reportFix({ does, step, run, changes, undo, verify, managedBy }: Remedy, region: string): Fix<Text> {
  return {
    does,
    ...(step === undefined ? {} : { step }),
    run: argvOf(run, region),
    changes,
    undo: argvOf(undo, region),
    verify: argvOf(verify, region),
    ...(managedBy === undefined ? {} : { managedBy }),
  };
}

function argvOf(call: Call | null, region: string): Argv | null {
  if (call === null) return null;
  return call.tool === 'aws' ? awsArgv(call, region) : kubectlArgv(call);
}
