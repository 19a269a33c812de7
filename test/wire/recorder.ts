import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';

/** Stands between the bundle and AWS, and keeps what was asked. */
export interface Recorder {
  readonly url: string;
  /** The query-protocol requests of one action, oldest first, as their form fields. */
  asked(action: string): readonly URLSearchParams[];
  /** The same of the JSON protocol, as they are. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into
  sent(action: string): readonly any[];
  /** From now on, one action is answered by nothing at all. */
  hang(action: string): void;
  /** From now on, one action is answered with this error instead. */
  refuse(action: string, status: number, code: string): void;
  forget(): void;
  stop(): void;
}

export async function startRecorder(to: string): Promise<Recorder> {
  const forms: URLSearchParams[] = [];
  const jsons: { readonly action: string; readonly body: unknown }[] = [];
  const refused = new Map<string, { readonly status: number; readonly body: string; readonly json: string }>();
  const hung = new Set<string>();
  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming);
    const form = new URLSearchParams(body.toString());
    if (form.has('Action')) forms.push(form);
    const action = /\.(\w+)$/.exec(String(incoming.headers['x-amz-target'] ?? ''))?.[1];
    if (action !== undefined) jsons.push({ action, body: JSON.parse(body.toString()) });
    if (hung.has(action ?? '')) return;
    const refusal = refused.get(action ?? form.get('Action') ?? '');
    if (refusal !== undefined && action !== undefined) {
      outgoing.writeHead(refusal.status, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal.json);
      return;
    }
    if (refusal !== undefined) {
      outgoing.writeHead(refusal.status, { 'content-type': 'text/xml' }).end(refusal.body);
      return;
    }
    const { method, url, headers } = incoming;
    const onward = request(new URL(url ?? '/', to), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the recorder has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: (action) => forms.filter((form) => form.get('Action') === action),
    sent: (action) => jsons.filter((one) => one.action === action).map(({ body }) => body),
    hang: (action) => void hung.add(action),
    refuse: (action, status, code) => {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>refused by the test</Message></Error>`;
      const json = JSON.stringify({ __type: code, message: 'refused by the test' });
      refused.set(action, { status, json, body: `<ErrorResponse>${error}<RequestId>r-1</RequestId></ErrorResponse>` });
    },
    forget: () => {
      forms.length = 0;
      jsons.length = 0;
      hung.clear();
      refused.clear();
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
