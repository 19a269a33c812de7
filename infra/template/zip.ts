import { crc32 } from 'node:zlib';

/** Of a file in the archive: its name and what is in it. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
}

/** 1980-01-01, the first day that the format knows: when a file was written is of no matter to what it is. */
const DAY = 0x21;
/** Written on Unix, an ordinary file that everybody may read. Lambda runs as nobody in particular. */
const UNIX = 0x0314;
const READABLE = 0o100644 * 0x10000;

/**
 * The same bytes for the same files, everywhere: in the order of their names, and not compressed, which each version of
 * zlib does in its own way.
 */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const ordered = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of ordered) {
    const common = commonHeader(name, content);
    const file = Buffer.concat([uint32(0x04034b50), common, Buffer.from(name), content]);
    directory.push(
      uint32(0x02014b50),
      uint16(UNIX),
      common,
      uint16(0, 0, 0),
      uint32(READABLE, offset),
      Buffer.from(name),
    );
    files.push(file);
    offset += file.length;
  }
  const listed = Buffer.concat(directory);
  const { length } = ordered;
  const end = [uint32(0x06054b50), uint16(0, 0, length, length), uint32(listed.length, offset), uint16(0)];
  return Buffer.concat([...files, listed, ...end]);
}

/** Version needed, flags, method, time, day, checksum, both sizes, lengths of the name and of extras. */
function commonHeader(name: string, content: Buffer): Buffer {
  const { length } = content;
  return Buffer.concat([
    uint16(20, 0, 0, 0, DAY),
    uint32(crc32(content), length, length),
    uint16(Buffer.byteLength(name), 0),
  ]);
}

function uint16(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt16LE(value, 2 * index);
  return buffer;
}

function uint32(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, 4 * index);
  return buffer;
}
