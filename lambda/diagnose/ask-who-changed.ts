import type { ChangeDetails, ChangeEvent } from '../incident/evidence.ts';
import { andList, code, resource, type Text, text, time } from '../incident/text.ts';
import { type Call, fix, type Remedy } from '../remedies/remedy.ts';
import { definitionName } from '../semantics/ecs/services.ts';

/** Where no record tells what there was before, who changed it does; `null` where there is nothing to ask for. */
export function askWhoChanged({ who, at, event, details }: ChangeEvent, verify: Call | null): Remedy | null {
  const ask = (what: Text, then: Text) =>
    fix(text`ask ${code(who)} ${what} before ${time(at)}, and ${then}`, { verify });
  const back = text`put it back`;
  switch (details.is) {
    case 'settings': {
      const names = Object.keys(details.set).slice(0, MOST_SETTINGS).map(code);
      return ask(text`what ${andList(names)} ${names.length === 1 ? 'was' : 'were'}`, text`set that again`);
    }
    case 'routing':
      return ask(text`where the requests went`, text`send them there again`);
    case 'security-group-rules':
      if (openedToAll(details)) {
        const again = text`allow those again: what was revoked allowed everyone`;
        return ask(text`whom ${resource(details.groupId)} was meant to allow`, again);
      }
      // What the record names is told by whoever needs it.
      return details.does === 'revokes' && details.rules.length === 0
        ? ask(text`which rules ${resource(details.groupId)} had`, text`put them back`)
        : null;
    case 'security-groups':
      return ask(text`which security groups there were`, text`put them back`);
    case 'network-acl-entry':
    case 'route':
      return ask(text`what stood there`, back);
    case 'other':
      return /^(Set|Replace|Modify|Disassociate)/.test(event) ? ask(text`what was set`, back) : null;
    default:
      return null;
  }
}

/** Which version ran before, the one who deployed the next knows. */
export function askDeployer(back: Remedy, { who, at, details }: ChangeEvent): Remedy {
  const deployed = details.is === 'settings' ? details.set.taskDefinition : undefined;
  const isTheirs = deployed !== undefined && definitionName(deployed) === back.fromVersion;
  return isTheirs
    ? { ...back, does: text`${back.does}: ask ${code(who)}, who deployed it at ${time(at)}, which version that was` }
    : back;
}

const MOST_SETTINGS = 3;

/** Nobody is told to do that again: what the record tells of is known, and is not to be put back as it was. */
function openedToAll({ does, way, rules }: Extract<ChangeDetails, { is: 'security-group-rules' }>): boolean {
  return does === 'revokes' && way === 'ingress' && rules.some(({ cidrs }) => cidrs.some((cidr) => /\/0$/.test(cidr)));
}
