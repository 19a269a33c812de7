import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answers } from './account.ts';

type Item = Record<string, { readonly S?: string; readonly N?: string }>;

/** As AWS has it for an account in a Region: capacity, and what comes again each second. */
const BUCKETS: Readonly<Record<string, readonly [capacity: number, perSecond: number]>> = {
  elasticloadbalancing: [40, 10],
  cloudtrail: [2, 2],
};

/** What of an account many handlers share: its buckets, a table, a queue, and who was told how often. */
export async function openAccount() {
  const buckets = new Map(Object.keys(BUCKETS).map((name) => [name, newBucket(BUCKETS[name] ?? [0, 0])]));
  const items = new Map<string, Item>();
  const queue: { readonly due: number; readonly body: Deferred }[] = [];
  const messages = new Map<string, number>();

  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    const input = JSON.parse(await bodyOf(request));
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (target === 'SendMessage') {
      const body = JSON.parse(input.MessageBody);
      if (body['alb-triage'] === 'turn') queue.push({ due: Date.now() + input.DelaySeconds * 1000, body });
      response.end(JSON.stringify({ MessageId: 'm' }));
      return;
    }
    const { status, answer } = tableAnswer(items, target, input);
    response.statusCode = status;
    response.end(JSON.stringify(answer));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    // The cast: it listens on a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: (action: string) => buckets.get(action.split(':')[0] ?? '')?.take() ?? true,
    lowest: (service: string) => buckets.get(service)?.lowest() ?? Number.NaN,
    throttled: (service: string) => buckets.get(service)?.throttled() ?? 0,
    nextMessage(): Deferred | undefined {
      const index = queue.findIndex(({ due }) => due <= Date.now());
      return index < 0 ? undefined : queue.splice(index, 1)[0]?.body;
    },
    messages: () => messages,
    /** Of the load balancer that is asked about, whatever else the account has. */
    answers: (one: Answers): Answers => ({
      ...Object.fromEntries(
        Object.entries(one).map(([action, answer]): [string, Answers[string]] => [
          action,
          (asked) => {
            const name = /app\/(web-\d+)\//.exec(
              `${asked.query} ${JSON.stringify(asked.input)}`.replaceAll('%2F', '/'),
            )?.[1];
            const body = answer(asked);
            return name === undefined
              ? body
              : body.replaceAll('app/web/', `app/${name}/`).replaceAll('>web<', `>${name}<`);
          },
        ]),
      ),
      'sns:Publish': ({ query }) => {
        const name = JSON.parse(JSON.parse(query.get('Message') ?? '{}').default ?? '{}').loadBalancer?.name;
        messages.set(name, (messages.get(name) ?? 0) + 1);
        return '<MessageId>m</MessageId>';
      },
    }),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Deferred {
  readonly intake: { readonly request: { readonly trigger: { readonly alarmName: string } } };
}

function newBucket([capacity, perSecond]: readonly [number, number]) {
  let [tokens, at, lowest, throttled] = [capacity, performance.now(), capacity, 0];
  return {
    take(): boolean {
      const now = performance.now();
      tokens = Math.min(capacity, tokens + ((now - at) / 1000) * perSecond);
      at = now;
      const isThere = tokens >= 1;
      if (isThere) tokens -= 1;
      else throttled += 1;
      lowest = Math.min(lowest, tokens);
      return isThere;
    },
    lowest: () => lowest,
    throttled: () => throttled,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

interface TableInput {
  readonly Key: { readonly pk: { readonly S: string } };
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
}

/** As much of DynamoDB as the function asks for: one item at a time, written as a whole or not at all. */
function tableAnswer(items: Map<string, Item>, target: string | undefined, input: TableInput) {
  const key = input.Key.pk.S;
  const item = items.get(key);
  if (target === 'GetItem') return { status: 200, answer: item === undefined ? {} : { Item: item } };
  const values = input.ExpressionAttributeValues ?? {};
  const names = input.ExpressionAttributeNames ?? {};
  const number = (word: string): number | string => {
    const value = word.startsWith(':') ? values[word] : item?.[word];
    return value?.N === undefined ? (value?.S ?? Number.NaN) : Number(value.N);
  };
  const holds = (input.ConditionExpression ?? '').split(' OR ').some((part) => {
    const absent = /^attribute_not_exists\((\w+)\)$/.exec(part)?.[1];
    if (part === '' || absent !== undefined) return part === '' || item?.[absent ?? ''] === undefined;
    const [left = '', sign, right = ''] = part.split(' ');
    return sign === '<' ? number(left) < number(right) : number(left) === number(right);
  });
  const error = {
    __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
    message: 'it does not hold',
  };
  if (!holds) return { status: 400, answer: { ...error, ...(item === undefined ? {} : { Item: item }) } };
  const [sets = '', removes = ''] = (input.UpdateExpression ?? '').replace('SET ', '').split(' REMOVE ');
  const next: Item = { ...item, pk: { S: key } };
  for (const set of sets.split(', ')) {
    const [name = '', value = ''] = set.split(' = ');
    const [first = '', other] = value.split(' + ');
    next[names[name] ?? name] =
      other === undefined ? (values[first] ?? {}) : { N: String(Number(number(first)) + Number(number(other))) };
  }
  for (const name of removes.split(', ')) delete next[name];
  items.set(key, next);
  return { status: 200, answer: { Attributes: next } };
}
