import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, resource, type Text, type Time, text } from '../../../incident/text.ts';
import { lookOnHost } from '../../../remedies/host.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { curlOnHost, type Remedy } from '../../../remedies/remedy.ts';
import {
  checkAnotherPath,
  checkTrafficPort,
  mendByHand,
  whoChangedHealthCheck,
} from '../../../remedies/target-group.ts';
import { pathThatPasses } from '../../../semantics/targets/answered-paths.ts';
import type { CodeMismatch } from '../../../semantics/targets/code-mismatch.ts';
import { asksOtherwise } from '../../../semantics/targets/health-check-answers.ts';

interface Around {
  readonly groups: readonly TargetGroup[];
  readonly targets: readonly Target[];
  readonly tags: Tags;
  readonly from: Time;
}

/** What a code asks for, and then the look that tells more. A matcher that takes the code is no remedy: it tells nothing. */
export function checkFixes({ group, failing, codes }: CodeMismatch, around: Around): readonly Remedy[] {
  const { groups, targets, tags, from } = around;
  const { arn, healthCheck } = group;
  const asked = code(healthCheck.path ?? '/');
  const passes = pathThatPasses(group, failing, groups, targets);
  const elsewhere =
    passes !== null &&
    checkAnotherPath(
      group,
      passes,
      tags,
      text`point the health check of ${resource(group.name)} at ${code(passes)}, where the same targets pass the check of another group`,
    );
  const own = codes.filter((status) => status < 500);
  const mends = own.map((status) => MENDS[status] ?? OTHER)[0];
  // Asked in another protocol, on another port: that is why it is refused, and no Host header is.
  const isElsewhere = codes.includes(400) && asksOtherwise(group);
  const byHand = isElsewhere
    ? checkTrafficPort(group, healthCheck.port ?? '', tags)
    : mends !== undefined
      ? mendByHand(arn, tags, mends(asked, code(healthCheck.matcher ?? '200')))
      : mendByHand(
          arn,
          tags,
          text`fix what the health endpoint ${asked} reports (a dependency, a check of its own): the application's log names it. If users are still served, make ${asked} check only the process itself`,
        );
  const port = healthCheck.port === 'traffic-port' ? failing[0]?.port : healthCheck.port;
  const scheme = healthCheck.protocol === 'HTTPS' ? 'https' : 'http';
  const url = `${scheme}://localhost${port ? `:${port}` : ''}${healthCheck.path ?? '/'}`;
  const look = lookOnHost(
    failing,
    text`look on a target what it answers, and why${isElsewhere ? '' : `; the health check sends the target's address as Host`}`,
    curlOnHost(url),
  );
  return [...(elsewhere ? [elsewhere] : []), byHand, ...(look.run === null ? [] : [look]), whoChangedHealthCheck(from)];
}

type Mends = (asked: ReturnType<typeof code>, accepted: ReturnType<typeof code>) => Text;

const PATH = text`(${code('aws elbv2 modify-target-group --health-check-path')})`;

const OTHER: Mends = (asked, accepted) =>
  text`make the application answer ${asked} with ${accepted} again, or point the health check at the path where it does ${PATH}`;

const redirect: Mends = (asked, accepted) =>
  text`make the application answer ${asked} without a redirect (exempt it from a redirect to HTTPS: a health check follows none), or point the health check at the redirect's Location, if that answers ${accepted} on the same port ${PATH}`;

const login: Mends = (asked, accepted) =>
  text`make ${asked} answer ${accepted} without a login and to the load balancer's subnets, or point the health check at a path that does ${PATH}`;

const MENDS: Readonly<Record<number, Mends>> = {
  301: redirect,
  302: redirect,
  303: redirect,
  307: redirect,
  308: redirect,
  400: (asked) =>
    text`make the application accept ${asked} with the target's own address as Host, which the health check sends: in Django ${code('ALLOWED_HOSTS')}, in Rails ${code('config.host_authorization')}, in a proxy its default server`,
  401: login,
  403: login,
  405: (asked) => text`make ${asked} accept GET, or point the health check at a path that does ${PATH}`,
};
