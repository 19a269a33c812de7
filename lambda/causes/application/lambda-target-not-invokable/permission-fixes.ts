import type { LambdaFunction } from '../../../incident/evidence.ts';
import { code, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { showVersions, whatChangedBefore } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type FunctionArn, isVersion, versionOrAlias } from '../../../semantics/functions/function-arn.ts';
import {
  type Invocability,
  isFunctionThere,
  isImageDeleted,
  LOAD_BALANCER_PRINCIPAL,
} from '../../../semantics/functions/invocability.ts';
import type { RoutedFunction } from '../../../semantics/functions/routed-functions.ts';

/** What lets the load balancer invoke a function again, by what is in the way. */
export function invokableAgain(
  state: Invocability,
  { group, arn }: RoutedFunction,
  found: LambdaFunction | undefined,
  owner: { managedBy?: string },
  since: string,
): readonly Remedy[] {
  const place = ['--function-name', arn.unqualified, ...(arn.qualifier === null ? [] : ['--qualifier', arn.qualifier])];
  const look = { changes: false, undo: null, verify: null };
  const history = {
    does: text`see who changed what in the hour before: function, alias and permission`,
    run: whatChangedBefore(since),
    ...look,
  };
  const id = statementId(group.name, found);
  const permit: Remedy = {
    does: text`let the load balancer invoke ${resource(arn.name)} for target group ${resource(group.name)}`,
    run: [
      ...['aws', 'lambda', 'add-permission', ...place, '--statement-id', id, '--action', 'lambda:InvokeFunction'],
      ...['--principal', LOAD_BALANCER_PRINCIPAL, '--source-arn', group.arn],
    ],
    changes: true,
    undo: ['aws', 'lambda', 'remove-permission', ...place, '--statement-id', id],
    verify: ['aws', 'lambda', 'get-policy', ...place],
    ...owner,
  };
  if (state.is === 'not-permitted' && state.denial === null) return [permit, history];
  if (state.is === 'gone' && arn.qualifier !== null && isFunctionThere(found)) {
    return [...versionAgain(arn, permit), history];
  }
  const does =
    state.is === 'gone'
      ? text`deploy ${resource(arn.name)} again, or register the function that replaces it in ${resource(group.name)}`
      : state.is === 'state'
        ? activeAgain(arn, state.reason)
        : text`take the denying statement out of the policy of ${resource(arn.name)}`;
  const verify = [
    'aws',
    'lambda',
    state.is === 'not-permitted' ? 'get-policy' : 'get-function-configuration',
    ...place,
  ];
  return [{ does, run: null, changes: true, undo: null, verify, ...owner }, history];
}

/** The policy of an alias goes with it. */
function versionAgain(arn: FunctionArn, permit: Remedy): readonly Remedy[] {
  const versions: Remedy = {
    does: text`see which versions of ${resource(arn.name)} there are`,
    run: showVersions(arn.unqualified),
    changes: false,
    undo: null,
    verify: null,
  };
  if (isVersion(arn)) {
    const does = text`register a version of ${resource(arn.name)} that exists, or better an alias`;
    return [{ does, run: null, changes: true, undo: null, verify: null }, versions];
  }
  const again = text`create the ${versionOrAlias(arn)} of ${resource(arn.name)} again, on the version that worked: ${code('aws lambda create-alias')} with its number as ${code('--function-version')}`;
  return [
    { ...versions, step: { number: 1, of: 3 } },
    { does: again, run: null, changes: true, undo: null, verify: null, step: { number: 2, of: 3 } },
    { ...permit, step: { number: 3, of: 3 } },
  ];
}

/** The reason is AWS's own sentence; that an image is gone is the one that names its remedy. */
function activeAgain({ name }: FunctionArn, reason: string | null): Text {
  if (isImageDeleted(reason)) {
    return text`push the image of ${resource(name)} again, or update the function to one that exists: ${code('aws lambda update-function-code')} with its URI as ${code('--image-uri')}`;
  }
  const why = reason === null ? text`see why it is not` : text`AWS says why it is not: ${verbatim(unended(reason))}`;
  return text`bring ${resource(name)} back to ${code('Active')}; ${why}`;
}

function unended(reason: string): string {
  return reason.replace(/[.\s]+$/, '');
}

/** A statement of the same name that admits another group stays as it is. */
function statementId(group: string, found: LambdaFunction | undefined): string {
  const taken = new Set((found?.policy ?? []).map(({ id }) => id));
  return [`alb-${group}`, `alb-${group}-invoke`].find((id) => !taken.has(id)) ?? `alb-${group}-${taken.size}`;
}
