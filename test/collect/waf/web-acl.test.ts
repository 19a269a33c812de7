import { GetWebACLForResourceCommand, WAFV2Client, type WebACL } from '@aws-sdk/client-wafv2';
import { beforeEach, expect, test } from 'vitest';
import { webAcl } from '../../../lambda/collect/waf/web-acl.ts';
import { denied, LB, lately, metrics, partly } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { read, refusal } from '../support.ts';

const waf = mockClient(WAFV2Client);
beforeEach(() => waf.reset());

const ARN = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/1234';
const metric = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'edge' };
const edge: WebACL = { Name: 'edge', Id: '1234', ARN, DefaultAction: { Allow: {} }, VisibilityConfig: metric };
const rule = (Name: string, ResponseCode?: number) => ({
  Name,
  Priority: 1,
  Statement: {},
  Action: { Block: ResponseCode === undefined ? {} : { CustomResponse: { ResponseCode } } },
  VisibilityConfig: metric,
});
const errors = { loadBalancerMetrics: metrics({ HTTPCode_ELB_500_Count: lately(3, 1) }) };

test('is that of the load balancer', async () => {
  waf.on(GetWebACLForResourceCommand, { ResourceArn: LB }).resolves({ WebACL: edge });
  expect(await read(webAcl, errors)).toMatchObject({ value: { arn: ARN, name: 'edge', blocksWith5xx: [] }, gaps: [] });
});

test('is null where none is associated', async () => {
  waf.on(GetWebACLForResourceCommand).resolves({});
  expect(await read(webAcl, errors)).toMatchObject({ seen: true, value: null });
});

test('tells what blocks with 5xx on purpose: rules, and the default action', async () => {
  const DefaultAction = { Block: { CustomResponse: { ResponseCode: 503 } } };
  const Rules = [rule('maintenance', 500), rule('bots'), rule('teapot', 418)];
  waf.on(GetWebACLForResourceCommand).resolves({ WebACL: { ...edge, DefaultAction, Rules } });
  expect(await read(webAcl, errors)).toMatchObject({
    value: {
      blocksWith5xx: [
        { rule: 'maintenance', statusCode: '500' },
        { rule: 'default action', statusCode: '503' },
      ],
    },
  });
});

test('is not asked for where the load balancer itself answered no 500', async () => {
  for (const ill of [{}, { loadBalancerMetrics: metrics({ HTTPCode_ELB_500_Count: lately(3, 0) }) }]) {
    expect(await read(webAcl, ill)).toMatchObject({ seen: false, why: 'not-asked' });
  }
  expect(waf.calls()).toHaveLength(0);
});

test('is asked for where the 500s could not be read, and left where no metric could', async () => {
  waf.on(GetWebACLForResourceCommand).resolves({ WebACL: edge });
  const gap = { why: 'failed', detail: 'answered InternalError', ids: ['HTTPCode_ELB_500_Count'] } as const;
  expect(await read(webAcl, { loadBalancerMetrics: partly(metrics(), gap) })).toMatchObject({ seen: true });
  const unread = await read(webAcl, { loadBalancerMetrics: denied('cloudwatch:GetMetricData') });
  expect(unread).toMatchObject({ why: 'denied', action: 'cloudwatch:GetMetricData' });
});

test.each([
  ['wafv2:GetWebACLForResource', `on resource: ${LB}`],
  ['wafv2:GetWebACL', `on resource: ${ARN}`],
])('names the permission that is missing: %s', async (action, on) => {
  const message = `User: role/triage is not authorized to perform: ${action} ${on}`;
  waf.on(GetWebACLForResourceCommand).rejects(refusal('AccessDeniedException', message, 403));
  const answer = read(webAcl, errors).catch((error: unknown) => error);
  expect(await answer).toMatchObject({ why: 'denied', action });
});

test('throttled, it stays unseen', async () => {
  waf.on(GetWebACLForResourceCommand).rejects(refusal('ThrottlingException', 'Rate exceeded'));
  await expect(read(webAcl, errors)).rejects.toMatchObject({ why: 'throttled' });
});
