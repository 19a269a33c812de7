import type { Event } from '@aws-sdk/client-cloudtrail';
import { callerOf } from '../../reading/trail-caller.ts';
import { recordIn } from '../../reading/trail-record.ts';
import { isByController } from '../../semantics/kubernetes/controller.ts';
import { clusterIn } from '../../semantics/kubernetes/controller-tags.ts';
import { type Lookup, READ_BY_KEEPER } from './lookups.ts';
import { hasFailed, type RecordedCall } from './recorded-call.ts';

/**
 * An account may have a controller for each of several clusters. A call that names nothing is of the controller at hand where
 * that was seen at work here, where its role is called after the cluster, or where no other controller makes such calls.
 */
export function callsOfOwnKeeper(
  calls: readonly RecordedCall[],
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
): readonly RecordedCall[] {
  const isAdrift = (call: RecordedCall): boolean => call.resources.length === 0 && hasFailed(call);
  const adrift = new Set(calls.filter(isAdrift).map(({ who }) => who));
  const atWork = [...adrift].filter((who) => calls.some((call) => !isAdrift(call) && call.who === who));
  const clusters = Object.values(tags).flatMap((each) => clusterIn(each) ?? []);
  const called = [...adrift].filter((who) => clusters.some((name) => who.toLowerCase().includes(name.toLowerCase())));
  const own = atWork.length > 0 ? atWork : called.length > 0 ? called : adrift.size === 1 ? [...adrift] : [];
  return calls.filter((call) => !isAdrift(call) || own.includes(call.who));
}

/** All that a controller called, where its session is known by now: that holds what it reads of other services. */
export function bySession(lookups: readonly Lookup[], events: readonly Event[]): readonly Lookup[] {
  if (!READ_BY_KEEPER.every((one) => lookups.includes(one))) return lookups;
  const ofController = events.find(({ CloudTrailEvent, Username }) =>
    isByController(callerOf(recordIn(CloudTrailEvent), Username)),
  );
  const value = ofController?.Username;
  if (value === undefined) return lookups;
  return [{ by: 'Username', value }, ...lookups.filter((one) => !READ_BY_KEEPER.includes(one))];
}
