import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccountSize, type AwsRequest, anAccount } from './account.ts';

interface Stub {
  readonly url: string;
  /** The actions of all calls since they were last asked for, in the order in which they came. */
  calls(): readonly string[];
  /** Another account at the same address: clients keep theirs. */
  become(size: AccountSize): void;
  stop(): void;
}

/** An AWS of one account that answers each call after a latency, in milliseconds. `/_calls` tells `calls()` over HTTP. */
export async function startStub(size: AccountSize, latencyMs: number): Promise<Stub> {
  let answers = anAccount(size);
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
    const body = answers[asked.action]?.(asked);
    if (body === undefined) return refuse(response, 501, 'NotImplemented', `no answer to ${asked.action}`);
    if (body === 'denied') return refuse(response, 400, 'AccessDeniedException', `not allowed: ${asked.action}`);
    response.setHeader('content-type', asked.isXml ? 'text/xml' : 'application/x-amz-json-1.1');
    response.end(asked.isXml ? enveloped(asked.action, body) : body);
  }

  const server = createServer(answer);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // The cast: it listens on a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    become: (other) => {
      answers = anAccount(other);
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

async function read(request: IncomingMessage): Promise<AwsRequest & { readonly isXml: boolean }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    // Older SDKs write `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents`.
    const [service = '', operation = ''] = target.split('.').slice(-2);
    const action = `${JSON_SERVICES[service]}:${operation}`;
    return { action, query: new URLSearchParams(), input: JSON.parse(body), isXml: false };
  }
  const query = new URLSearchParams(body);
  const action = `${QUERY_VERSIONS[query.get('Version') ?? '']}:${query.get('Action')}`;
  return { action, query, input: {}, isXml: true };
}
