import type { RoutedFunction } from '../../../computed/functions.ts';
import type { PolicyStatement } from '../../../incident/evidence.ts';
import { asQuoted, code, resource, type Text, text } from '../../../incident/text.ts';
import { lookAtVersions, permitInvocation, qualifiedName } from '../../../remedies/function.ts';
import type { Owner } from '../../../remedies/owner.ts';
import { aws, fix, inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { type FunctionArn, isVersion } from '../../../semantics/functions/function-arn.ts';
import {
  groupsAdmitted,
  type Invocability,
  isFunctionThere,
  isImageDeleted,
  LOAD_BALANCER_PRINCIPAL,
} from '../../../semantics/functions/invocability.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** What is in the way of an invocation. */
interface Bar {
  readonly says: Text;
  readonly shows: Text;
  readonly fixes: readonly Remedy[];
}

/** `null` where nothing is known to be in the way. */
export function barOf(one: RoutedFunction, managedBy: Owner | undefined): Bar | null {
  const { invocability, arn, found } = one;
  switch (invocability.is) {
    case 'gone':
      return arn.qualifier !== null && isFunctionThere(found)
        ? qualifierGone(one, arn.qualifier, managedBy)
        : functionGone(one, managedBy);
    case 'state':
      return notActive(one, invocability, managedBy);
    case 'not-permitted':
      return invocability.denial === null
        ? notAdmitted(one, managedBy)
        : notPermittedBy(invocability.denial, one, managedBy);
    default:
      return null;
  }
}

function functionGone({ arn, group }: RoutedFunction, managedBy: Owner | undefined): Bar {
  const does = text`deploy ${resource(arn.name)} again, or register the function that replaces it with ${resource(group.name)}`;
  return {
    says: text`The function ${nameOf(arn)} behind target group ${resource(group.name)} does not exist`,
    shows: text`AWS Lambda has no function ${nameOf(arn)}`,
    fixes: [fix(does, { verify: showConfiguration(arn), managedBy })],
  };
}

/** The policy of an alias goes with it. */
function qualifierGone(one: RoutedFunction, qualifier: string, managedBy: Owner | undefined): Bar {
  const { arn, group } = one;
  const name = resource(arn.name);
  const it = text`${isVersion(arn) ? 'version' : 'alias'} ${code(qualifier)}`;
  const registers = text`register a version of ${name} that exists or, better, an alias`;
  const again = text`create the ${it} of ${name} again, on the version that worked: ${code('aws lambda create-alias')} with its number as ${code('--function-version')}`;
  return {
    says: text`The ${it} of ${name} behind target group ${resource(group.name)} does not exist`,
    shows: text`the function ${name} exists, but has no ${it}`,
    fixes: isVersion(arn)
      ? [fix(registers), lookAtVersions(arn)]
      : inSteps([lookAtVersions(arn), fix(again), permitInvocation(one, managedBy)]),
  };
}

/** The reason is AWS's own sentence; that an image is gone is the one that names its remedy. */
function notActive(
  { arn, group }: RoutedFunction,
  { state, reason }: Extract<Invocability, { is: 'state' }>,
  managedBy: Owner | undefined,
): Bar {
  const name = resource(arn.name);
  const why =
    reason === null ? text`find out why it is not` : text`AWS says why it is not: ${asQuoted(unended(reason))}`;
  const does = isImageDeleted(reason)
    ? text`push the image of ${name} again, or update the function to one that exists: ${code('aws lambda update-function-code')} with its URI as ${code('--image-uri')}`
    : text`bring ${name} back to ${code('Active')}; ${why}`;
  return {
    says: text`The function ${nameOf(arn)} behind target group ${resource(group.name)} is ${code(state)}: ${isImageDeleted(reason) ? 'its image was deleted' : 'it cannot be invoked'}`,
    shows: text`its state is ${code(state)}${reason === null ? '' : text`: ${asQuoted(reason)}`}`,
    fixes: [fix(does, { verify: showConfiguration(arn), managedBy })],
  };
}

function notAdmitted(one: RoutedFunction, managedBy: Owner | undefined): Bar {
  const others = groupsAdmitted(one.found);
  const principal = code(LOAD_BALANCER_PRINCIPAL);
  return {
    says: notPermittedSaid(one),
    shows:
      others.length === 0
        ? text`no statement of its resource policy allows ${principal} for this target group`
        : text`its resource policy allows ${principal} only for ${groupsSaid(others)}`,
    fixes: [permitInvocation(one, managedBy)],
  };
}

function notPermittedBy({ id }: PolicyStatement, one: RoutedFunction, managedBy: Owner | undefined): Bar {
  const does = text`remove the denying statement from the policy of ${resource(one.arn.name)}`;
  return {
    says: notPermittedSaid(one),
    shows: text`the statement ${code(id)} of its resource policy denies it`,
    fixes: [fix(does, { verify: aws('lambda', 'get-policy', qualifiedName(one.arn)), managedBy })],
  };
}

function notPermittedSaid({ arn, group }: RoutedFunction): Text {
  return text`The load balancer may not invoke ${nameOf(arn)}: its policy does not allow target group ${resource(group.name)}`;
}

function showConfiguration(arn: FunctionArn) {
  return aws('lambda', 'get-function-configuration', qualifiedName(arn));
}

function nameOf({ name, qualifier }: FunctionArn) {
  return resource(qualifier === null ? name : `${name}:${qualifier}`);
}

function unended(reason: string): string {
  return reason.replace(/(?<![.\s])[.\s]+$/, '');
}
