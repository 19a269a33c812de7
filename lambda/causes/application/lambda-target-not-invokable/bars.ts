import type { RoutedFunction } from '../../../computed/functions.ts';
import type { PolicyStatement } from '../../../incident/evidence.ts';
import { code, listed, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { lookAtVersions, permitInvocation, qualifiedName } from '../../../remedies/function.ts';
import { aws, fix, inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { type FunctionArn, isVersion } from '../../../semantics/functions/function-arn.ts';
import {
  type Invocability,
  isFunctionThere,
  isImageDeleted,
  LOAD_BALANCER_PRINCIPAL,
} from '../../../semantics/functions/invocability.ts';
import { groupName } from '../../../semantics/targets/targets.ts';

/** What is in the way of an invocation. */
interface Bar {
  readonly says: Text;
  readonly shows: Text;
  readonly fixes: readonly Remedy[];
}

/** `null` where nothing is known to be in the way. */
export function barOf(one: RoutedFunction, managedBy: string | undefined): Bar | null {
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

function functionGone({ arn, group }: RoutedFunction, managedBy: string | undefined): Bar {
  const does = text`deploy ${resource(arn.name)} again, or register the function that replaces it in ${resource(group.name)}`;
  return {
    says: text`The function ${nameOf(arn)} behind target group ${resource(group.name)} does not exist`,
    shows: text`AWS Lambda knows no function ${nameOf(arn)}`,
    fixes: [fix(does, { verify: showConfiguration(arn), managedBy })],
  };
}

/** The policy of an alias goes with it. */
function qualifierGone({ arn, group, found }: RoutedFunction, qualifier: string, managedBy: string | undefined): Bar {
  const name = resource(arn.name);
  const it = text`${isVersion(arn) ? 'version' : 'alias'} ${code(qualifier)}`;
  const registers = text`register a version of ${name} that exists, or better an alias`;
  const again = text`create the ${it} of ${name} again, on the version that worked: ${code('aws lambda create-alias')} with its number as ${code('--function-version')}`;
  return {
    says: text`The ${it} of ${name} behind target group ${resource(group.name)} does not exist`,
    shows: text`AWS Lambda knows the function ${name}, and no ${it} of it`,
    fixes: isVersion(arn)
      ? [fix(registers), lookAtVersions(arn)]
      : inSteps([lookAtVersions(arn), fix(again), permitInvocation(arn, group, found, managedBy)]),
  };
}

/** The reason is AWS's own sentence; that an image is gone is the one that names its remedy. */
function notActive(
  { arn, group }: RoutedFunction,
  { state, reason }: Extract<Invocability, { is: 'state' }>,
  managedBy: string | undefined,
): Bar {
  const name = resource(arn.name);
  const why = reason === null ? text`see why it is not` : text`AWS says why it is not: ${verbatim(unended(reason))}`;
  const does = isImageDeleted(reason)
    ? text`push the image of ${name} again, or update the function to one that exists: ${code('aws lambda update-function-code')} with its URI as ${code('--image-uri')}`
    : text`bring ${name} back to ${code('Active')}; ${why}`;
  return {
    says: text`The function ${nameOf(arn)} behind target group ${resource(group.name)} is ${code(state)}: ${isImageDeleted(reason) ? 'its image was deleted' : 'it cannot be invoked'}`,
    shows: text`its state is ${code(state)}${reason === null ? '' : text`: ${verbatim(reason)}`}`,
    fixes: [fix(does, { verify: showConfiguration(arn), managedBy })],
  };
}

/** That another target group is admitted tells what was forgotten. */
function notAdmitted({ arn, group, found }: RoutedFunction, managedBy: string | undefined): Bar {
  const others = (found?.policy ?? [])
    .filter(({ effect, principals }) => effect === 'Allow' && principals.includes(LOAD_BALANCER_PRINCIPAL))
    .flatMap(({ conditions }) => conditions.filter(({ key }) => key.toLowerCase() === 'aws:sourcearn'))
    .flatMap(({ values }) => values.filter((value) => value.includes(':targetgroup/')));
  const principal = code(LOAD_BALANCER_PRINCIPAL);
  return {
    says: notPermittedSaid(arn, group.name),
    shows:
      others.length === 0
        ? text`no statement of its resource policy admits ${principal} for this target group`
        : text`its resource policy admits ${principal} for ${listed(others.map((other) => resource(groupName(other))))} only`,
    fixes: [permitInvocation(arn, group, found, managedBy)],
  };
}

function notPermittedBy({ id }: PolicyStatement, { arn, group }: RoutedFunction, managedBy: string | undefined): Bar {
  const does = text`take the denying statement out of the policy of ${resource(arn.name)}`;
  return {
    says: notPermittedSaid(arn, group.name),
    shows: text`the statement ${code(id)} of its resource policy denies it`,
    fixes: [fix(does, { verify: aws('lambda', 'get-policy', qualifiedName(arn)), managedBy })],
  };
}

function notPermittedSaid(arn: FunctionArn, group: string): Text {
  return text`The load balancer may not invoke ${nameOf(arn)}: its policy does not admit target group ${resource(group)}`;
}

function showConfiguration(arn: FunctionArn) {
  return aws('lambda', 'get-function-configuration', qualifiedName(arn));
}

function nameOf({ name, qualifier }: FunctionArn) {
  return resource(qualifier === null ? name : `${name}:${qualifier}`);
}

function unended(reason: string): string {
  return reason.replace(/[.\s]+$/, '');
}
