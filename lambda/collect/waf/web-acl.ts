import type { BlockAction, WebACL } from '@aws-sdk/client-wafv2';
import type { LoadBalancerMetric, WebAcl } from '../../incident/evidence.ts';
import { missingIds, seen, unseen } from '../../incident/observed.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { getWebAclForResource } from '../services/waf.ts';

/** AWS wants it as well where there is a web ACL, for the answer holds all of that. */
const GET_WEB_ACL = 'wafv2:GetWebACL';
const WEB_ACLS = 'arn:*:wafv2:*:*:*/webacl/*';
const COUNT = 'HTTPCode_ELB_500_Count' satisfies LoadBalancerMetric;

export const webAcl = defineCollector({
  key: 'webAcl',
  after: ['loadBalancerMetrics'],
  actions: [getWebAclForResource.action, GET_WEB_ACL],
  resources: {
    [getWebAclForResource.action]: ['arn:*:elasticloadbalancing:*:*:loadbalancer/app/*', WEB_ACLS],
    [GET_WEB_ACL]: WEB_ACLS,
  },
  async collect({ subject }, { loadBalancerMetrics }, aws) {
    if (!loadBalancerMetrics.seen) return unseenLike(loadBalancerMetrics, 'the 500s of the load balancer');
    const some = loadBalancerMetrics.value.values[COUNT]?.some((value) => value !== null && value > 0) ?? false;
    if (!some && !missingIds(loadBalancerMetrics).has(COUNT)) {
      return unseen('not-asked', 'the load balancer itself answered no 500');
    }
    try {
      const answer = await aws.ask(getWebAclForResource, { ResourceArn: subject.arn });
      return seen(answer.WebACL === undefined ? null : webAclOf(answer.WebACL));
    } catch (error) {
      // The call is named by what was asked; what is missing may be the other permission.
      if (error instanceof CallFailed && error.reason === 'denied' && /wafv2:GetWebACL\b/.test(error.said)) {
        return unseen('denied', `AWS denied ${GET_WEB_ACL} (${error.code})`, GET_WEB_ACL);
      }
      throw error;
    }
  },
});

function webAclOf({ ARN = '', Name = '', DefaultAction, Rules = [] }: WebACL): WebAcl {
  const blocking = [
    ...Rules.map(({ Name: rule = '', Action }) => ({ rule, block: Action?.Block })),
    { rule: 'default action', block: DefaultAction?.Block },
  ];
  return { arn: ARN, name: Name, blocksWith5xx: blocking.flatMap(({ rule, block }) => with5xx(rule, block)) };
}

function with5xx(rule: string, block: BlockAction | undefined): WebAcl['blocksWith5xx'] {
  const statusCode = String(block?.CustomResponse?.ResponseCode ?? '');
  return statusCode.startsWith('5') ? [{ rule, statusCode }] : [];
}
