import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readLines } from '../../lambda/collect/logs/bucket/file-lines.ts';
import { COUNTERS } from '../../lambda/collect/logs/line-counter.ts';

/**
 * A fresh process that counts so many lines of an access log, as they come out of a bucket: `node counting.ts <lines>`. Answers
 * with how long it took, and how much memory all of it, in JSON.
 */
const FILE = 5_000;
const DIMENSION = 'app/web/50dc6c495c0c9188';

/** Of a busy load balancer: six targets, forty areas with as many orders as lines, one line in fifty an error. */
function line(n: number): string {
  const at = Date.parse('2026-03-10T14:00:00Z') + (n * 1_800_000) / FILE;
  const time = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '123Z');
  const end = n % 50 === 0 ? '-1 -1 -1 502 -' : `0.001 0.0${10 + (n % 90)} 0.000 200 200`;
  return `https ${time(at + 40 + (n % 90))} ${DIMENSION} 203.0.113.${n % 250}:${40000 + (n % 20000)} 10.0.10.${11 + (n % 6)}:8080 ${end} 534 1840 "GET https://shop.example.com:443/api/v1/area${n % 40}/orders/${n}?page=${n % 7} HTTP/1.1" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36" TLS_AES_128_GCM_SHA256 TLSv1.3 arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=1-67d0${n}-36d228ad5d99923122bbe354" "shop.example.com" "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 ${time(at)} "forward" "-" "-" "10.0.10.11:8080" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 10.0.0.10`;
}

const file = gzipSync(`${Array.from({ length: FILE }, (_, n) => line(n)).join('\n')}\n`);
const PIECE = 65_536;
const pieces = (): Buffer[] =>
  Array.from({ length: Math.ceil(file.length / PIECE) }, (_, n) => file.subarray(n * PIECE, (n + 1) * PIECE));

async function count(lines: number): Promise<void> {
  const counter = COUNTERS.access({ grid: { from: '2026-03-10T13:30:00Z', minutes: 60 }, dimension: DIMENSION });
  const before = process.cpuUsage();
  for (let read = 0; read < lines; read += FILE) {
    await readLines(Readable.from(pieces()), counter.reader({ format: 'text' }), new AbortController().signal);
  }
  const { user, system } = process.cpuUsage(before);
  const { reading } = counter.log({ places: [], from: '', to: '', intervals: [], share: 1 });
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ lines: reading.lines, ms: (user + system) / 1000, megabytes }));
}

await count(Number(process.argv[2] ?? 1_000_000));
