import type { Target } from '../../../incident/evidence.ts';
import { code, listed, resource, type Text, type Time, text } from '../../../incident/text.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { whoRegistered } from '../../../remedies/target-group.ts';
import { portsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { type Argument, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';

type Cited = 'targetHealth' | 'targetGroups' | 'targetGroupMetrics' | 'ecsTaskDefinitions';

/** What tells that targets of a group are registered with a port that is not theirs. */
export interface WrongPort extends Argument<Cited, Cited> {
  readonly says: Text;
  readonly targets: readonly Target[];
  /** The ports that are known to work instead. */
  readonly workingPorts: readonly number[];
  readonly neverHealthy?: boolean;
  readonly fixes?: readonly Remedy[];
}

export const portList = (targets: readonly Target[]): Text => listed(portsOf(targets).map(code));

export function wrongPortFinding(targetGroup: string, wrong: WrongPort, from: Time): Found<'targetHealth', Cited> {
  const { says, proves, agrees, targets, workingPorts, neverHealthy, fixes = [] } = wrong;
  return {
    strength: strengthOfClaims(wrong),
    says,
    because: [{ from: 'targetHealth', shows: silenceSays(targets) }, ...shownBy([proves, ...agrees])],
    affects: scopeOf(targets),
    explains: ['502', '504'],
    fixes: [...fixes, whoRegistered(from)],
    facts: {
      ...{ targetGroup, ports: portsOf(targets), workingPorts },
      ...(neverHealthy === undefined ? {} : { neverHealthy }),
    },
  };
}

function silenceSays(failing: readonly Target[]): Text {
  const reasons = [...new Set(failing.map(({ reason }) => reason ?? ''))].sort();
  return text`${listed(failing.map(({ id }) => resource(id)))} ${failing.length === 1 ? 'fails' : 'fail'} on ${portList(failing)}: ${listed(reasons.map(code))}`;
}
