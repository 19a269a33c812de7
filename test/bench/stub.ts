import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccountSize, type Answers, type AwsRequest, anAccount, REGION } from './account.ts';

/** How a call goes wrong, as it shows on the wire. `page`: right, and names a next page. `afterMs`: right, and late. */
export type Failing =
  | 'denied'
  | 'throttled'
  | 'error'
  | 'reset'
  | 'hang'
  | 'malformed'
  | 'empty'
  | 'html'
  | { readonly page: string }
  | { readonly afterMs: number };

interface StubOptions {
  /** By Region, instead of those of an account of that size. */
  readonly answers?: (region: string) => Answers;
  /** Asked of each call; `undefined` is none. Whoever asks is told apart by the Region. */
  readonly fault?: (call: Pick<Asked, 'action' | 'region' | 'page' | 'query'>) => Failing | undefined;
}

interface Stub {
  readonly url: string;
  /** The actions of all calls since they were last asked for, in the order in which they came. */
  calls(): readonly string[];
  /** Another account at the same address: clients keep theirs. */
  become(size: AccountSize): void;
  stop(): void;
}

/** An AWS of one account that answers each call after a latency, in milliseconds. `/_calls` tells `calls()` over HTTP. */
export async function startStub(
  size: AccountSize,
  latencyMs: number,
  { answers: others, fault }: StubOptions = {},
): Promise<Stub> {
  let account = anAccount(size);
  let actions: string[] = [];

  function calls(): readonly string[] {
    const all = actions;
    actions = [];
    return all;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/_calls') {
      response.end(JSON.stringify(calls()));
      return;
    }
    const asked = await read(request);
    actions.push(asked.action);
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const failing = fault?.(asked);
    if (failing !== undefined && typeof failing !== 'object') return fail(response, failing, asked);
    const answers = others?.(asked.region) ?? account;
    const body = answers[asked.action]?.(asked);
    if (body === undefined) return refuse(response, 501, 'NotImplemented', `no answer to ${asked.action}`);
    if (body === 'denied') return refuse(response, 400, 'AccessDeniedException', `not allowed: ${asked.action}`);
    if (body === 'absent') return refuse(response, 404, 'ResourceNotFoundException', 'there is none');
    response.setHeader('content-type', asked.isXml ? 'text/xml' : 'application/x-amz-json-1.1');
    if (failing !== undefined && 'afterMs' in failing)
      await new Promise((resolve) => setTimeout(resolve, failing.afterMs));
    const whole = failing !== undefined && 'page' in failing ? withNextPage(body, failing.page, asked) : body;
    response.end((asked.isXml ? enveloped(asked.action, whole) : whole).replaceAll(REGION, asked.region));
  }

  const server = createServer(answer);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // The cast: it listens on a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    become: (other) => {
      account = anAccount(other);
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.end(JSON.stringify({ __type: code, message }));
}

/** An error in XML is named within; the other protocols say it in a header or in JSON. */
function failWith(response: ServerResponse, status: number, code: string, { isXml }: Asked): void {
  response.statusCode = status;
  response.setHeader('x-amzn-errortype', code);
  const error = `<Error><Code>${code}</Code><Message>told to</Message></Error>`;
  response.setHeader('content-type', isXml ? 'text/xml' : 'application/x-amz-json-1.1');
  // EC2 has its own way, and the others do not mind.
  response.end(isXml ? `<ErrorResponse><Errors>${error}</Errors>${error}</ErrorResponse>` : `{"__type":"${code}"}`);
}

const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in</p></body></html>';

function fail(response: ServerResponse, failing: Exclude<Failing, object>, asked: Asked): void {
  const isEc2 = asked.action.startsWith('ec2:');
  if (failing === 'denied') failWith(response, 403, isEc2 ? 'UnauthorizedOperation' : 'AccessDeniedException', asked);
  if (failing === 'throttled') failWith(response, 400, isEc2 ? 'RequestLimitExceeded' : 'ThrottlingException', asked);
  if (failing === 'error') failWith(response, 500, 'InternalFailure', asked);
  if (failing === 'reset') response.socket?.destroy();
  if (failing === 'malformed') response.end(asked.isXml ? '<Response><Trunc' : '{"trunc');
  if (failing === 'empty') response.end();
  if (failing === 'html') response.setHeader('content-type', 'text/html').end(PAGE);
  // What hangs is not answered.
}

function withNextPage(body: string, token: string, { isXml, action }: Asked): string {
  if (!isXml)
    return JSON.stringify({ ...JSON.parse(body), [action.startsWith('ecs:') ? 'nextToken' : 'NextToken']: token });
  const tag = action.startsWith('ec2:') ? 'nextToken' : action.startsWith('autoscaling:') ? 'NextToken' : 'NextMarker';
  return `${body}<${tag}>${token}</${tag}>`;
}

/** EC2 puts no `…Result` around. */
function enveloped(action: string, body: string): string {
  const [service, operation = ''] = action.split(':');
  const result = service === 'ec2' ? body : `<${operation}Result>${body}</${operation}Result>`;
  return `<${operation}Response>${result}</${operation}Response>`;
}

const JSON_SERVICES: Readonly<Record<string, string>> = {
  GraniteServiceVersion20100801: 'cloudwatch',
  CloudTrail_20131101: 'cloudtrail',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AWSWAF_20190729: 'wafv2',
};
const QUERY_VERSIONS: Readonly<Record<string, string>> = {
  '2015-12-01': 'elasticloadbalancing',
  '2016-11-15': 'ec2',
  '2011-01-01': 'autoscaling',
  '2010-03-31': 'sns',
};

interface Asked extends AwsRequest {
  readonly isXml: boolean;
  readonly region: string;
  /** The token of the page that is asked for; empty for the first. */
  readonly page: string;
}

/** By path: `/2015-03-31/functions/api/policy`. */
const FUNCTION_CALLS: Readonly<Record<string, string>> = {
  configuration: 'GetFunctionConfiguration',
  policy: 'GetPolicy',
  concurrency: 'GetFunctionConcurrency',
};

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const region = request.headers.authorization?.split('/')[2] ?? REGION;
  // An account of every Region that is asked.
  const body = Buffer.concat(chunks).toString().replaceAll(region, REGION);
  const target = request.headers['x-amz-target'];
  const ofFunction = /\/functions\/[^/]+\/(\w+)/.exec(request.url ?? '')?.[1];
  if (ofFunction !== undefined) {
    return {
      action: `lambda:${FUNCTION_CALLS[ofFunction]}`,
      query: new URLSearchParams(),
      input: {},
      isXml: false,
      region,
      page: '',
    };
  }
  if (typeof target === 'string') {
    // Older SDKs write `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents`.
    const [service = '', operation = ''] = target.split('.').slice(-2);
    const action = `${JSON_SERVICES[service]}:${operation}`;
    const input = JSON.parse(body);
    const page = input.NextToken ?? input.nextToken ?? '';
    return { action, query: new URLSearchParams(), input, isXml: false, region, page };
  }
  const query = new URLSearchParams(body);
  const action = `${QUERY_VERSIONS[query.get('Version') ?? '']}:${query.get('Action')}`;
  const page = query.get('NextToken') ?? query.get('Marker') ?? '';
  return { action, query, input: {}, isXml: true, region, page };
}
