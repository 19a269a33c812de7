/** A process the kernel killed for want of memory, as it wrote on the console. */
export interface OomKill {
  readonly process: string;
  /** A limit of a container or pod was reached, and not the memory of the host. */
  readonly ofContainer: boolean;
  /** `null` where the line names no time, or the instance was started again among these lines. */
  readonly secondsSinceBoot: number | null;
}

const KILL = /(Memory cgroup out of memory|Out of memory): Kill(?:ed)? process (\d+) \(([^)]+)\)/i;
const STAMP = /\[\s*(\d+\.\d+)\]/;

export const isKillLine = (line: string): boolean => KILL.test(line);

/** Kernels stamp their lines with seconds since boot. */
export function oomLinesIn(lines: readonly string[]): readonly OomKill[] {
  const stamps = lines.map(stampOf);
  const known = stamps.filter((stamp) => stamp !== null);
  const rebooted = known.some((stamp, index) => stamp < (known[index - 1] ?? 0) - 1);
  return lines.flatMap((line, index): OomKill[] => {
    const [, limit = '', , process] = KILL.exec(line) ?? [];
    if (process === undefined) return [];
    const secondsSinceBoot = rebooted ? null : (stamps[index] ?? null);
    return [{ process: withoutArguments(process), ofContainer: /cgroup/i.test(limit), secondsSinceBoot }];
  });
}

/** The line as it may be kept. */
export function killLineWithoutArguments(line: string): string {
  return line.replace(
    KILL,
    (said, _limit, _id, process: string) =>
      `${said.slice(0, said.lastIndexOf(`(${process})`))}(${withoutArguments(process)})`,
  );
}

/** A process may write its arguments over its name, and a secret among them. */
function withoutArguments(process: string): string {
  const [program = '', ...more] = process.trim().split(/[\s=]+/);
  return more.length === 0 ? program : `${program} …`;
}

function stampOf(line: string): number | null {
  const [, seconds] = STAMP.exec(line) ?? [];
  return seconds === undefined ? null : Number(seconds);
}
