import type { Attributes, TargetGroup } from '../../../incident/evidence.ts';
import { code, percent, resource, type Time, text, time } from '../../../incident/text.ts';
import { whoCalledSinceDayBefore } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { look } from '../../../remedies/remedy.ts';
import { mendByHand } from '../../../remedies/target-group.ts';
import type { ClientErrors } from '../../../semantics/traffic/level-shifts.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import type { formerGroups } from './former-group.ts';

/** The attribute without which a load balancer speaks HTTP/1.1 only, on all its listeners. */
const HTTP2_ENABLED = 'routing.http2.enabled';

interface Setting {
  readonly attributes: Attributes | undefined;
  readonly former: ReturnType<typeof formerGroups>;
  readonly from: Time;
  readonly tags: Tags;
}

/**
 * Clients of another protocol version get 464, which is among the load balancer's own 4xx, and no target is asked. Any of
 * its 4xx may be something else, unless no client can speak what the group takes.
 */
export function refusedClients(
  { arn, name, protocolVersion }: TargetGroup,
  { share, since, before }: ClientErrors,
  { attributes, former, from, tags }: Setting,
): Found<'targetGroups', 'targetGroups' | 'loadBalancerMetrics' | 'loadBalancerAttributes'> {
  const version = code(protocolVersion ?? '');
  const isHttp1Only = attributes?.[HTTP2_ENABLED] === 'false';
  const agrees = [
    claim(
      since !== null,
      since === null
        ? cite.loadBalancerMetrics`the load balancer itself answered ${percent(share)} of the requests with 4xx: ${code(464)} would be among those`
        : citeAt(since)
            .loadBalancerMetrics`the load balancer itself has answered ${percent(share)} of the requests with 4xx since ${time(since)}${before === null ? '' : text` (${percent(before)} before)`}: ${code(464)} would be among those`,
    ),
    claim(
      isHttp1Only,
      isHttp1Only &&
        cite.loadBalancerAttributes`${code(HTTP2_ENABLED)} is ${code('false')}: no client can speak HTTP/2`,
    ),
  ];
  const does = text`let a rule send the clients that do not speak ${version} to a target group of protocol version HTTP1: the version of a group cannot be changed`;
  return {
    strength: strengthOfClaims({ agrees }),
    says: text`The load balancer ${isHttp1Only ? 'refuses' : 'may refuse'} clients that do not speak ${version}, the only protocol that ${resource(name)} accepts`,
    ...(since === null ? {} : { since }),
    because: [
      cite.targetGroups`the protocol version of ${resource(name)} is ${version}: it accepts only ${protocolVersion === 'GRPC' ? 'gRPC' : 'HTTP/2'}, and the load balancer answers others ${code(464)}${former.says.flat()}`,
      ...shownBy(agrees),
    ],
    affects: { targetGroups: [arn], targets: [] },
    // It is a 4xx, however many clients it keeps out.
    explains: [],
    fixes: [
      ...former.waysBack,
      look(text`see when requests began to go to this group`, whoCalledSinceDayBefore('ModifyListener', since ?? from)),
      mendByHand(arn, tags, does),
      look(text`count ${code(464)} in the access log, if it is on: it proves this cause`),
    ],
    facts: { targetGroup: arn, protocolVersion, refusedShare: share },
  };
}
