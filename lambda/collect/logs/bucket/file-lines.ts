import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { openLines } from '../../../reading/lines.ts';

const GZIP = [0x1f, 0x8b];

/**
 * Hands over the lines of a file as they come, unpacked where it is packed. Its bytes are read as Latin 1, of which every byte
 * is a letter: what is cut between two pieces is none the worse, and of what others wrote only ASCII is told. Rejects where it
 * breaks off; what was handed over by then was in it.
 */
export async function readLines(body: Readable, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  const lines = openLines(onLine);
  const take = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of pieces) lines.push(piece.toString('latin1'));
    lines.end();
  };
  const [first, whole] = await firstPiece(body);
  if (first === undefined) return;
  const isPacked = GZIP.every((byte, at) => first[at] === byte);
  await (isPacked ? pipeline(whole, createGunzip(), take, { signal }) : pipeline(whole, take, { signal }));
}

async function firstPiece(body: Readable): Promise<[Buffer | undefined, AsyncIterable<Buffer>]> {
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const { value, done } = await pieces.next();
  const first = done ? undefined : (value as Buffer);
  async function* all(): AsyncGenerator<Buffer> {
    if (first !== undefined) yield first;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  return [first, all()];
}
