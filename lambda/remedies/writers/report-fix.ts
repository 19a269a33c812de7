import type { Argv, FixTraits, ToldFix } from '../../incident/finding.ts';
import { isVisible } from '../../incident/visible.ts';
import { ownerTitle } from '../owner.ts';
import { type Call, concerns, type Remedy } from '../remedy.ts';
import { awsArgv } from './aws-cli.ts';
import { kubectlArgv } from './kubectl.ts';

/** A remedy as the report has it: its calls written down as commands, each to be run as it stands. */
export function reportFix(remedy: Remedy, region: string): ToldFix {
  const { does, step, run, inSession, changes, undo, verify, managedBy } = remedy;
  const typed = argvOf(inSession ?? null, region);
  return {
    does,
    ...(step === undefined ? {} : { step }),
    run: argvOf(run, region),
    ...(typed === null || argvOf(run, region) === null ? {} : { inSession: typed }),
    changes,
    undo: argvOf(undo, region),
    verify: argvOf(verify, region),
    ...(managedBy === undefined ? {} : { managedBy: ownerTitle(managedBy) }),
    traits: traitsOf(remedy),
  };
}

/** No command at all where it would not do what it reads as: somebody pastes it. */
function argvOf(call: Call | null, region: string): Argv | null {
  if (call === null || !canBePasted(call)) return null;
  const argv = call.tool === 'aws' ? awsArgv(call, region) : kubectlArgv(call);
  return isVisible(argv) ? argv : null;
}

/** A name that would be read as an option, or as several fields, is none that AWS gives. */
function canBePasted(call: Call): boolean {
  if (call.tool !== 'aws') return true;
  return Object.values(call.options)
    .flat()
    .every((value) => {
      if (typeof value === 'object') return !Object.values(value).some((field) => SEVERAL.test(String(field)));
      return typeof value !== 'string' || !OPTION.test(value);
    });
}

/** What begins with a bracket is put together by us, of ids and addresses. */
const SEVERAL = /["'\s]|^[^[{].*,/;
const OPTION = /^-(?!\d+$)/;

function traitsOf({ run, verify, managedBy }: Remedy): FixTraits {
  const group = managedBy?.kind === 'scaling-group' ? managedBy.name : undefined;
  return {
    changesWhat: run?.tool === 'kubectl' ? 'Kubernetes' : 'AWS',
    verifies: verify?.tool === 'aws' ? verifiedBy(verify.operation) : 'effect',
    owner: managedBy?.kind ?? null,
    changesOwner: group !== undefined && concerns(run, group),
  };
}

const SETTING = /^describe-(load-balancer-attributes|target-group-attributes|rules)$|^get-(function-\w+|policy)$/;

function verifiedBy(operation: string): FixTraits['verifies'] {
  if (operation === 'get-metric-statistics') return 'errors';
  return SETTING.test(operation) ? 'setting' : 'effect';
}
