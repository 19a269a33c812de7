import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A running moto server: AWS, as far as it goes. */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

const STARTED_AFTER_MS = 30_000;

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const moto = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  moto.stderr.on('data', (chunk) => said.push(String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopped(moto);
  for (const start = Date.now(); Date.now() - start < STARTED_AFTER_MS && moto.exitCode === null; ) {
    const answered = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return { url, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`moto server did not start (pip install 'moto[server]'): ${said.join('').slice(-500)}`);
}

async function stopped(moto: ChildProcess): Promise<void> {
  if (moto.exitCode !== null || moto.signalCode !== null) return;
  moto.kill();
  await once(moto, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
