import type { AccountSize } from './account.ts';
import { startStub } from './stub.ts';

/** The stub in a process of its own, so that it takes no time of who is measured: `<size as JSON> <latency in ms>`. */
const [size = '{}', latency = '0'] = process.argv.slice(2);
// The cast: only the benchmark starts this.
const stub = await startStub(JSON.parse(size) as AccountSize, Number(latency));
process.stdout.write(`${stub.url}\n`);
