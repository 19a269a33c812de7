import type { ChangeDetails, ChangeEvent } from '../incident/evidence.ts';
import { inTable } from '../incident/in-table.ts';
import { andList, code, resource, type Text, text, time } from '../incident/text.ts';
import { callsUntil } from '../remedies/look.ts';
import { type Call, fix, inSteps, type Remedy } from '../remedies/remedy.ts';
import { definitionName } from '../semantics/ecs/services.ts';

/**
 * Where no record that was read tells what there was before: a person is asked, and for a role, which does not answer, an
 * older record and what it deployed are read. None where there is nothing to ask for.
 */
export function askWhoChanged(change: ChangeEvent, verify: Call | null): readonly Remedy[] {
  const { who, at, event } = change;
  const lost = lostBy(change);
  if (lost === null) return [];
  const [what, then] = lost;
  if (answers(change)) return [fix(text`ask ${code(who)} ${what} before ${time(at)}, and ${then}`, { verify })];
  const found = text`find in those calls, or in what ${code(who)} deployed, ${what} before ${time(at)}, and ${then}`;
  return inSteps([callsUntil(madeBy(event), at), fix(found, { verify })]);
}

/** What only the caller knows now, and what to do with that. */
function lostBy({ event, details }: ChangeEvent): readonly [what: Text, then: Text] | null {
  const back = text`put it back`;
  switch (details.is) {
    case 'settings': {
      const names = Object.keys(details.set).slice(0, MOST_SETTINGS).map(code);
      return [text`what ${andList(names)} ${names.length === 1 ? 'was' : 'were'}`, text`set that again`];
    }
    case 'routing':
      return [text`where the requests went`, text`send them there again`];
    case 'security-group-rules':
      if (openedToAll(details)) {
        const again = text`allow those again: what was revoked allowed everyone`;
        return [text`whom ${resource(details.groupId)} was meant to allow`, again];
      }
      // What the record names is told by whoever needs it.
      return details.does === 'revokes' && details.rules.length === 0
        ? [text`which rules ${resource(details.groupId)} had`, text`put them back`]
        : null;
    case 'security-groups':
      return [text`which security groups there were`, text`put them back`];
    case 'network-acl-entry':
    case 'route':
      return [text`what stood there`, back];
    case 'other':
      return /^(Set|Replace|Modify|Disassociate)/.test(event) ? [text`what was set`, back] : null;
    default:
      return null;
  }
}

/** Which version ran before, the one who deployed the next knows. */
export function askDeployer(back: Remedy, change: ChangeEvent): Remedy {
  const { who, at, details } = change;
  const deployed = details.is === 'settings' ? details.set.taskDefinition : undefined;
  if (deployed === undefined || definitionName(deployed) !== back.fromVersion) return back;
  const known = answers(change)
    ? text`ask ${code(who)}, who deployed it at ${time(at)}, which version that was`
    : text`see in what ${code(who)} deployed before ${time(at)} which version that was`;
  return { ...back, does: text`${back.does}: ${known}` };
}

/** A person does, by whatever way they came: a role whose session has the address of one, and whoever another account is. */
function answers({ by, who }: ChangeEvent): boolean {
  return by === 'person' || (by === 'role' && /@|^account /.test(who));
}

/** The call that made what this one took: of what is only set anew, the same. */
function madeBy(event: string): string {
  const [, took = '', what = ''] = /^(Delete|Revoke|Disassociate)(.+)$/.exec(event) ?? [];
  return what === '' ? event : `${inTable(MAKES, took) ?? took}${what}`;
}

const MAKES: Readonly<Record<string, string>> = {
  Delete: 'Create',
  Revoke: 'Authorize',
  Disassociate: 'Associate',
};

const MOST_SETTINGS = 3;

/** Nobody is told to do that again: what the record tells of is known, and is not to be put back as it was. */
function openedToAll({ does, way, rules }: Extract<ChangeDetails, { is: 'security-group-rules' }>): boolean {
  return does === 'revokes' && way === 'ingress' && rules.some(({ cidrs }) => cidrs.some((cidr) => /\/0$/.test(cidr)));
}
