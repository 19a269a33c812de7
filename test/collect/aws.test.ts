import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { isAnswer } from '../../lambda/collect/always-sent.ts';
import type { CallEvent } from '../../lambda/collect/aws.ts';
import { ACTIONS } from '../../lambda/collect/index.ts';
import type { PagedOperation } from '../../lambda/collect/operation.ts';
import { openRateLimiter } from '../../lambda/collect/rate-limiter.ts';
import { describeSubnets } from '../../lambda/collect/services/ec2.ts';
import { getFunctionConcurrency } from '../../lambda/collect/services/lambda.ts';
import { getWebAclForResource } from '../../lambda/collect/services/waf.ts';
import { accessDenied, anAws } from './support.ts';

interface Page {
  readonly items?: readonly string[];
  readonly next?: string;
}

/** An operation that answers these pages by token; the first is at ''. */
function book(pages: Readonly<Record<string, Page | Error>>): PagedOperation<{ token?: string }, Page> {
  const limiter = openRateLimiter({ concurrency: 10, burst: 100, perSecond: 100 });
  return {
    action: 'ec2:DescribePages',
    limiter: () => limiter,
    async send(_place, { token = '' }, { onAttempt }) {
      onAttempt();
      const page = pages[token] ?? new Error(`no page ${token}`);
      if (page instanceof Error) throw page;
      return page;
    },
    tokenIn: (page) => page.next,
    nextInput: (input, token) => ({ ...input, token }),
  };
}

const whole = ['a', 'b', 'c'];

test.each<[name: string, pages: Record<string, Page | Error>, items: readonly string[], gap?: string]>([
  ['one page without a token', { '': { items: whole } }, whole],
  ['one page with an empty token, as EC2 ends', { '': { items: whole, next: '' } }, whole],
  ['several pages', { '': { items: ['a'], next: '2' }, 2: { items: ['b'], next: '3' }, 3: { items: ['c'] } }, whole],
  ['an empty page amid others', { '': { next: '2' }, 2: { items: whole } }, whole],
  ['nothing', { '': {} }, []],
  [
    'the same token for ever',
    { '': { items: ['a'], next: '2' }, 2: { items: ['b'], next: '2' } },
    ['a', 'b'],
    'failed',
  ],
  ['a second page refused', { '': { items: ['a'], next: '2' }, 2: accessDenied }, ['a'], 'denied'],
])('reads %s', async (_, pages, items, gap) => {
  const read = await anAws().pages(book(pages), {}, (page) => page.items);
  expect(read.items).toEqual(items);
  expect(read.gaps.map(({ why }) => why)).toEqual(gap === undefined ? [] : [gap]);
});

test('a first page that is refused is no list', async () => {
  const reading = anAws().pages(book({ '': accessDenied }), {}, (page) => page.items);
  await expect(reading).rejects.toThrow('AWS denied ec2:DescribePages (AccessDenied)');
});

test('counts pages as a chain, calls asked together as one', async () => {
  const aws = anAws();
  const three = book({ '': { next: '2' }, 2: { next: '3' }, 3: {} });
  await Promise.all([aws.pages(three, {}, () => []), aws.ask(three, {}), aws.ask(three, {})]);
  expect(aws.trace.depth()).toBe(3);
  await aws.ask(three, {});
  expect(aws.trace.depth()).toBe(4);
  expect(aws.trace.sources()).toEqual([{ action: 'ec2:DescribePages', calls: 6 }]);
  expect(aws.cost().apiCalls).toBe(6);
});

test('tells of each call, and for which evidence', async () => {
  const told: CallEvent[] = [];
  const aws = anAws({ onCall: (call) => told.push(call) }).tracing('subnets');
  const operation = book({ '': {} });
  await Promise.all([aws.ask(operation, {}), aws.ask(operation, {})]);
  expect(told.map(({ evidence, asked, answered }) => [evidence, asked, answered])).toEqual([
    ['subnets', 1, 0],
    ['subnets', 2, 0],
    ['subnets', 2, 1],
    ['subnets', 2, 2],
  ]);
});

// --- over the wire

const DATE = 'Tue, 10 Mar 2026 14:30:07 GMT';
const SUBNETS =
  '<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId></item></subnetSet></DescribeSubnetsResponse>';
const REFUSED =
  '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>';
let stop = () => {};
afterEach(() => {
  stop();
  vi.unstubAllEnvs();
});

/** A server that answers the nth request so. */
async function serving(answer: (n: number, response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.setHeader('Date', DATE);
    answer(requests, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  return { requests: () => requests };
}

test('takes the time from the Date header, of a refusal too', async () => {
  await serving((_n, response) => response.writeHead(403).end(REFUSED));
  const aws = anAws();
  expect(aws.readAt()).toBeNull();
  await expect(aws.ask(describeSubnets, {})).rejects.toMatchObject({ reason: 'denied' });
  expect(aws.readAt()).toBe('2026-03-10T14:30:07Z');
});

test('asks again after a fault of AWS, and counts each time', async () => {
  await serving((n, response) => (n < 3 ? response.writeHead(503).end() : response.end(SUBNETS)));
  const aws = anAws();
  const { items } = await aws.pages(describeSubnets, {}, (answer) => answer.Subnets);
  expect(items.map((subnet) => subnet.SubnetId)).toEqual(['subnet-1']);
  expect(aws.trace.sources()).toEqual([{ action: 'ec2:DescribeSubnets', calls: 3 }]);
  expect(aws.trace.depth()).toBe(1);
});

test('gives up after four attempts', async () => {
  const { requests } = await serving((_n, response) => response.socket?.destroy());
  await expect(anAws().tracing('subnets').ask(describeSubnets, {})).rejects.toMatchObject({ reason: 'unreachable' });
  expect(requests()).toBe(4);
});

test('asks on for a third of the time where much waits for it', async () => {
  const fails = 6;
  await serving((n, response) => (n <= fails ? response.writeHead(500).end() : response.end(SUBNETS)));
  const { Subnets } = await anAws({ budgetMs: 40_000 }).tracing('loadBalancer', true).ask(describeSubnets, {});
  expect(Subnets).toHaveLength(1);
});

test('does not ask on after that', async () => {
  const { requests } = await serving((_n, response) => response.writeHead(500).end());
  const begun = performance.now();
  await expect(anAws({ budgetMs: 8_000 }).tracing('loadBalancer', true).ask(describeSubnets, {})).rejects.toThrow();
  expect(performance.now() - begun).toBeLessThan(2_500);
  expect(requests()).toBeGreaterThan(3);
});

test('who is throttled gives way sooner', async () => {
  const throttled = '<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>';
  const { requests } = await serving((_n, response) => response.writeHead(503).end(throttled));
  await expect(anAws().tracing('subnets').ask(describeSubnets, {})).rejects.toMatchObject({ reason: 'throttled' });
  expect(requests()).toBe(3);
});

test.each([
  ['nothing', ''],
  ['an answer without its list', '<DescribeSubnetsResponse><requestId>1</requestId></DescribeSubnetsResponse>'],
  ['a page', '<html><head><title>Sign in</title></head><body>Sign in</body></html>'],
  ['a page that is no XML', '<!DOCTYPE html><html><br><p>Sign in</html>'],
  ['a part of an answer', SUBNETS.slice(0, 60)],
])('takes %s for a call that failed, and asks again', async (_, body) => {
  const { requests } = await serving((n, response) => response.end(n === 1 ? body : SUBNETS));
  const { Subnets } = await anAws().tracing('subnets').ask(describeSubnets, {});
  expect(Subnets).toHaveLength(1);
  expect(requests()).toBe(2);
});

test('an answer that is none is told in a sentence', async () => {
  await serving((_n, response) => response.end());
  await expect(anAws().tracing('subnets').ask(describeSubnets, {})).rejects.toMatchObject({
    why: 'failed',
    message: 'ec2:DescribeSubnets failed (UnreadableAnswer): what came back is no answer of AWS',
  });
});

test('an empty list is an answer', async () => {
  await serving((_n, response) => response.end(SUBNETS.replace(/<subnetSet>.*<\/subnetSet>/, '<subnetSet/>')));
  expect(await anAws().pages(describeSubnets, {}, (answer) => answer.Subnets)).toEqual({ items: [], gaps: [] });
});

test.each([
  ['of a function without a limit', () => getFunctionConcurrency, { FunctionName: 'api' }],
  ['of a load balancer without a web ACL', () => getWebAclForResource, { ResourceArn: `arn:${'a'.repeat(20)}` }],
])('an empty object is an answer %s, and no body is none', async (_, operation, input) => {
  await serving((n, response) => response.end(n === 1 ? '{}' : ''));
  const ask = () =>
    anAws()
      .tracing('subnets')
      .ask(operation() as PagedOperation<object, object>, input);
  await expect(ask()).resolves.toMatchObject({});
  await expect(ask()).rejects.toThrow('UnreadableAnswer');
});

test('what every call always answers is known', () => {
  const unknown = ACTIONS.filter((action) => !isAnswer(action, {}, '0') && isAnswer(action, {}, '2'));
  expect(unknown).toEqual(['lambda:GetFunctionConcurrency', 'wafv2:GetWebACL', 'wafv2:GetWebACLForResource']);
});

test('gives up at the deadline, with a part of the budget left', async () => {
  await serving(() => {});
  const begun = performance.now();
  await expect(anAws({ budgetMs: 400 }).ask(describeSubnets, {})).rejects.toMatchObject({ reason: 'timed-out' });
  expect(performance.now() - begun).toBeLessThan(390);
});

test('keeps what came before the deadline', async () => {
  const [first, rest] = [SUBNETS.replace('</Desc', '<nextToken>2</nextToken></Desc'), undefined];
  await serving((n, response) => (n === 1 ? response.end(first) : rest));
  const read = await anAws({ budgetMs: 400 }).pages(describeSubnets, {}, (answer) => answer.Subnets);
  expect(read.items).toHaveLength(1);
  expect(read.gaps).toMatchObject([{ why: 'timed-out', action: 'ec2:DescribeSubnets' }]);
});
