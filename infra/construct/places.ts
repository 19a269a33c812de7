import { Resource, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { refuse } from './refusal.ts';

/** What must be where the stack is. A role is of an account alone; a topic, a key may be another's, whose policy admits it. */
export type Bound = 'region' | 'account';

/**
 * Alarms are where what they watch is, and act there: what is in another Region is never heard of. What is known only when it
 * is deployed is taken at its word; of what another stack of the app makes, that stack says where it is.
 */
export function refuseElsewhere(
  scope: Construct,
  of: string,
  what: unknown,
  arn: string,
  bounds: readonly Bound[] = ['region', 'account'],
): void {
  const stack = Stack.of(scope);
  const place = placeOf(what, arn);
  const isThere = (bound: Bound) =>
    place === undefined || [stack[bound], place[bound]].some(Token.isUnresolved) || stack[bound] === place[bound];
  if (bounds.every(isThere)) return;
  const isMade = Token.isUnresolved(arn) && Construct.isConstruct(what);
  refuse(
    of,
    `one in ${said(bounds, stack)}, as the stack is`,
    isMade ? `${what.node.path} in ${said(bounds, place)}` : arn,
  );
}

function said(bounds: readonly Bound[], place: Pick<Stack, Bound> | undefined): string {
  return bounds.map((bound) => (bound === 'region' ? place?.region : `account ${place?.account}`)).join(', ');
}

function placeOf(what: unknown, arn: string): Pick<Stack, Bound> | undefined {
  if (!Token.isUnresolved(arn)) {
    const [, , , region = '', account = ''] = arn.split(':');
    return { region, account };
  }
  return isOwned(what) ? Stack.of(what) : undefined;
}

function isOwned(what: unknown): what is IConstruct {
  return Construct.isConstruct(what) && Resource.isOwnedResource(what);
}
