import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';

/** Stands between the bundle and AWS, and keeps what was asked. */
export interface Recorder {
  readonly url: string;
  /** The query-protocol requests of one action, oldest first, as their form fields. */
  asked(action: string): readonly URLSearchParams[];
  /** From now on, one action is answered with this error instead. */
  refuse(action: string, status: number, code: string): void;
  forget(): void;
  stop(): void;
}

export async function startRecorder(to: string): Promise<Recorder> {
  const forms: URLSearchParams[] = [];
  const refused = new Map<string, { readonly status: number; readonly body: string }>();
  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming);
    const form = new URLSearchParams(body.toString());
    if (form.has('Action')) forms.push(form);
    const refusal = refused.get(form.get('Action') ?? '');
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
    refuse: (action, status, code) => {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>refused by the test</Message></Error>`;
      refused.set(action, { status, body: `<ErrorResponse>${error}<RequestId>r-1</RequestId></ErrorResponse>` });
    },
    forget: () => {
      forms.length = 0;
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
