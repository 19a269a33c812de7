import type { Errors } from '../../../computed/errors.ts';
import type { Evidence, Target } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { andList, asQuoted, code, count, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { ecsServiceOwner, managerOf, type Owner } from '../../../remedies/owner.ts';
import { fix, inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { deregister } from '../../../remedies/target-group.ts';
import { actionOf, type Calls, isRefused, keeperFailures } from '../../../semantics/kubernetes/keeper-failures.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { citeAt } from '../../cite.ts';

export type KeeperSeen = {
  readonly [K in 'ecsTasks' | 'ecsServices' | 'tags' | 'targetGroupMetrics' | 'failedCalls' | 'changes']: Observed<
    Evidence[K]
  >;
} & { readonly errors: Errors | undefined };

/** Who should have taken targets away, why it did not, and what to do about both. */
interface Keeper {
  /** At the end of the headline. */
  readonly inShort: Text;
  readonly because: readonly Citation<Text, 'failedCalls'>[];
  readonly fixes: readonly Remedy[];
}

export function keeperOf(arn: string, stale: readonly Target[], others: readonly Target[], seen: KeeperSeen): Keeper {
  const tags = ifSeen(seen.tags) ?? {};
  const bound = (ifSeen(seen.ecsServices) ?? []).find(({ targetGroups }) =>
    targetGroups.some((one) => one.arn === arn),
  );
  const owner = managerOf(tags[arn]) ?? (bound === undefined ? undefined : ecsServiceOwner(bound.name));
  const failures = failuresOn(arn, seen);
  const [failure] = failures;
  const does = text`deregister ${count(stale.length, 'stale address', 'stale addresses')} from ${resource(groupName(arn))}`;
  const away = deregister(arn, stale, owner, does);
  const isLast = others.length === 0;
  const mended = failures.map((calls) => letWork(calls, arn));
  return {
    inShort: failure === undefined ? text`` : text`: ${refusedInShort(failure)}`,
    because: failures.map(failureSaid),
    // A group without any target answers 503: what runs now has to come first.
    fixes: isLast
      ? inSteps([...(mended.length > 0 ? mended : [registerCurrent(arn, owner)]), away])
      : [away, ...mended, ...(mended.length === 0 && owner !== undefined ? [findWhy(arn, owner)] : [])],
  };
}

/** Of this group first: of what else the controller does, it may fail on. */
export function failuresOn(arn: string, { failedCalls, changes, tags }: KeeperSeen): readonly Calls[] {
  const all = keeperFailures(ifSeen(failedCalls) ?? [], ifSeen(changes) ?? [], ifSeen(tags) ?? {});
  const onGroup = all.filter((calls) => calls.some(({ resources }) => resources.includes(arn)));
  return onGroup.length > 0 ? onGroup : all;
}

function namesOf(calls: Calls): Text {
  return andList([...new Set(calls.map(({ event }) => event))].map(code));
}

export function refusedInShort(calls: Calls): Text {
  const [{ who, errorCode }] = calls;
  return isRefused(calls[0])
    ? text`${code(who)} is not allowed to call ${namesOf(calls)}`
    : text`${code(who)} fails to call ${namesOf(calls)} (${code(errorCode)})`;
}

export function failureSaid(calls: Calls): Citation<Text, 'failedCalls'> & { readonly at: string } {
  const [{ at, who, errorCode }] = calls;
  const times = calls.length === 1 ? text`at ${time(at)}` : text`${count(calls.length, 'time')} since ${time(at)}`;
  const message = isRefused(calls[0]) ? undefined : calls.findLast((one) => one.message !== undefined)?.message;
  const why = message === undefined ? text`` : text`: ${asQuoted(message)}`;
  return citeAt(at).failedCalls`${code(who)} called ${namesOf(calls)} and got ${code(errorCode)}, ${times}${why}`;
}

/** What keeps it so: until it is mended, targets do not follow what runs. */
export function letWork(calls: Calls, arn: string): Remedy {
  const [{ who, errorCode }] = calls;
  const actions = andList([...new Set(calls.map(actionOf))].map(code));
  const does = isRefused(calls[0])
    ? text`allow ${code(who)} ${actions}, so that it can register what runs now`
    : text`fix what ${code(who)} fails on, so that it can register what runs now: ${namesOf(calls)} fails with ${code(errorCode)}`;
  return fix(does, { verify: showHealth(arn) });
}

function registerCurrent(arn: string, owner: Owner | undefined): Remedy {
  const why = owner === undefined ? text`` : text`: find out why ${verbatim(owner.title)} did not`;
  return fix(text`register the addresses of what runs now with ${resource(groupName(arn))}${why}`, {
    verify: showHealth(arn),
    managedBy: owner,
  });
}

function findWhy(arn: string, { title }: Owner): Remedy {
  return fix(
    text`find out why ${verbatim(title)} left it registered with ${resource(groupName(arn))}: otherwise it happens again`,
  );
}
