import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LAMBDA } from '../../build.ts';
import * as aws from '../../lambda/collect/aws.ts';
import type { Reason } from '../../lambda/collect/errors.ts';
import * as cloudtrail from '../../lambda/collect/services/cloudtrail.ts';
import * as cloudwatch from '../../lambda/collect/services/cloudwatch.ts';
import * as ec2 from '../../lambda/collect/services/ec2.ts';
import * as ecs from '../../lambda/collect/services/ecs.ts';
import * as elb from '../../lambda/collect/services/elastic-load-balancing.ts';
import * as lambda from '../../lambda/collect/services/lambda.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What is asked here, from the source with the whole SDK and from a bundle with what is left of it. */
const WHOLE = { aws, cloudtrail, cloudwatch, ec2, ecs, elb, lambda };
type Collecting = typeof WHOLE;
const FILES: Readonly<Record<keyof Collecting, string>> = {
  aws: 'aws',
  cloudtrail: 'services/cloudtrail',
  cloudwatch: 'services/cloudwatch',
  ec2: 'services/ec2',
  ecs: 'services/ecs',
  elb: 'services/elastic-load-balancing',
  lambda: 'services/lambda',
};

const ASK = {
  query: ({ elb: { describeLoadBalancers } }, session) => session.ask(describeLoadBalancers, {}),
  'query of EC2': ({ ec2: { describeSubnets } }, session) => session.ask(describeSubnets, {}),
  'JSON, once query': ({ cloudwatch: { describeAlarms } }, session) => session.ask(describeAlarms, {}),
  JSON: ({ cloudtrail: { lookupEvents } }, session) => session.ask(lookupEvents, {}),
  'JSON, loaded late': ({ ecs: { describeServices } }, session) => session.ask(describeServices, { services: ['web'] }),
  'REST, loaded late': ({ lambda: { getPolicy } }, session) => session.ask(getPolicy, { FunctionName: 'api' }),
} satisfies Record<string, (collecting: Collecting, session: aws.Aws) => Promise<unknown>>;
type Protocol = keyof typeof ASK;

const CASES: readonly [protocol: Protocol, code: string, status: number, reason: Reason, told?: string][] = [
  ['query', 'AccessDenied', 403, 'denied'],
  ['query', 'Throttling', 400, 'throttled'],
  ['query', 'LoadBalancerNotFound', 400, 'not-found'],
  ['query', 'ExpiredToken', 403, 'expired-credentials'],
  ['query', 'InvalidClientTokenId', 403, 'invalid-credentials'],
  ['query', 'ValidationError', 400, 'failed'],
  ['query of EC2', 'UnauthorizedOperation', 403, 'denied'],
  ['query of EC2', 'RequestLimitExceeded', 503, 'throttled'],
  ['query of EC2', 'InvalidSubnetID.NotFound', 400, 'not-found'],
  ['query of EC2', 'AuthFailure', 401, 'invalid-credentials'],
  ['query of EC2', 'UnsupportedOperation', 400, 'failed'],
  ['JSON, once query', 'AccessDeniedException', 400, 'denied'],
  ['JSON, once query', 'ThrottlingException', 400, 'throttled'],
  ['JSON, once query', 'ResourceNotFoundException', 404, 'not-found', 'ResourceNotFound'],
  ['JSON, once query', 'InvalidNextToken', 400, 'failed'],
  ['JSON', 'AccessDeniedException', 400, 'denied'],
  ['JSON', 'ThrottlingException', 400, 'throttled'],
  ['JSON', 'UnrecognizedClientException', 400, 'invalid-credentials'],
  ['JSON', 'InvalidTimeRangeException', 400, 'failed'],
  ['JSON, loaded late', 'AccessDeniedException', 400, 'denied'],
  ['JSON, loaded late', 'ThrottlingException', 400, 'throttled'],
  ['JSON, loaded late', 'ClusterNotFoundException', 400, 'not-found', 'ClusterNotFound'],
  ['REST, loaded late', 'AccessDeniedException', 403, 'denied'],
  ['REST, loaded late', 'TooManyRequestsException', 429, 'throttled'],
  ['REST, loaded late', 'ResourceNotFoundException', 404, 'not-found', 'ResourceNotFound'],
];

const SAID = 'What AWS says of it';

function refusal(protocol: Protocol, code: string): { headers: Record<string, string>; body: string } {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${SAID}</Message></Error>`;
  const json = JSON.stringify({ __type: `com.amazonaws.service#${code}`, message: SAID });
  switch (protocol) {
    case 'query':
      return { headers: {}, body: `<ErrorResponse>${error}<RequestId>r-1</RequestId></ErrorResponse>` };
    case 'query of EC2':
      return { headers: {}, body: `<Response><Errors>${error}</Errors><RequestID>r-1</RequestID></Response>` };
    case 'JSON, once query':
      return { headers: { 'x-amzn-query-error': `${code};Sender` }, body: json };
    case 'REST, loaded late': {
      const headers = { 'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/com.amazonaws.service/` };
      return { headers, body: JSON.stringify({ Type: 'User', Message: SAID }) };
    }
    default:
      return { headers: {}, body: json };
  }
}

/** Which case it is stands in the Region, which is part of the signature. */
const server = createServer((request, response) => {
  const [, index] = /Credential=[^/]+\/\d+\/[a-z]+-(\d+)\//.exec(request.headers.authorization ?? '') ?? [];
  const [protocol, code, status] = CASES[Number(index)] ?? ['JSON', 'Unasked', 400];
  const { headers, body } = refusal(protocol, code);
  request.resume();
  response.writeHead(status, headers).end(body);
});

let trimmed: Collecting;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast: it listens on a port.
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  trimmed = await bundled();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});

/** As what is deployed is bundled, with another entry. */
async function bundled(): Promise<Collecting> {
  const dir = temporaryFolder();
  const collect = new URL('../../lambda/collect', import.meta.url).pathname;
  const lines = Object.entries(FILES).map(([name, file]) => `export * as ${name} from '${collect}/${file}.ts';\n`);
  writeFileSync(`${dir}/collecting.ts`, lines.join(''));
  const options = { ...LAMBDA, input: { collecting: `${dir}/collecting.ts` } };
  await build({ ...options, output: { ...LAMBDA.output, dir: `${dir}/bundle` } });
  return createRequire(import.meta.url)(`${dir}/bundle/collecting.cjs`);
}

describe.concurrent('an error is read from the wire alone as the whole SDK reads it', () => {
  test.each(CASES.map(([protocol, code, , reason, told = code], index) => ({ protocol, code, reason, told, index })))(
    '$protocol: $code',
    async ({ protocol, reason, told, index }) => {
      const failed = { reason, said: SAID };
      const asked = (collecting: Collecting, region: string) =>
        ASK[protocol](collecting, collecting.aws.openAws({ region, budgetMs: 20_000 }));
      await Promise.all([
        expect(asked(trimmed, `trimmed-${index}`)).rejects.toMatchObject({ ...failed, code: told }),
        expect(asked(WHOLE, `whole-${index}`)).rejects.toMatchObject(failed),
      ]);
    },
  );
});

test('a build that finds nothing to leave out fails: the SDK has changed its form', async () => {
  const dir = temporaryFolder();
  writeFileSync(`${dir}/nothing.ts`, 'export const nothing = 1;\n');
  const built = build({ ...LAMBDA, input: `${dir}/nothing.ts`, write: false });
  await expect(built).rejects.toThrow('found no errors to leave out of the SDK');
});
