import type { Choice } from '../../collect/index.ts';
import type { Look } from '../../render/listing.ts';
import type * as Aws from './aws.ts';

export { Cancelled, NothingFound, NotTriaged, WrongUsage } from './refusals.ts';

/** What surrounds the command line: all it reads and writes besides files. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Whether the terminal that shows standard output makes links (OSC 8), as far as its name tells. */
  readonly hyperlinks?: boolean;
  /** All of standard input. */
  readonly stdin: () => Promise<Uint8Array>;
  /** Loaded on demand: the SDK takes longer to load than a recorded incident takes to judge. */
  readonly aws: () => Promise<typeof Aws>;
  /** Lets somebody at a terminal choose; absent where nobody sits there. */
  readonly pick?: (choices: readonly Choice[]) => Promise<Choice | undefined>;
  /** The folder of the recorded incidents that ship with the package. */
  readonly incidents: URL;
  /** The folder of the causes, with the page of each. */
  readonly causes: URL;
}

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Errors of the system as people know them, without the path, which the sentence around has already. */
export function describeError(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
    ENOSPC: 'no space is left on the device',
    EROFS: 'the file system is read-only',
  };
  return known[code ?? ''] ?? String(message ?? error).split('\n', 1)[0] ?? '';
}

/** Colour only where somebody looks: https://no-color.org, https://force-color.org */
export function colourful(stream: Stream, env: Shell['env']): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}

/** Links are marked up by what moves no cursor, but they are no plain text: nobody gets them who wants that. */
export function hyperlinked({ hyperlinks = false, stdout, env }: Shell): boolean {
  if (env.NO_COLOR || env.TERM === 'dumb') return false;
  return hyperlinks && Boolean(stdout.isTTY || env.FORCE_HYPERLINK);
}

/** Laid out for a terminal, or whole lines where it goes elsewhere. */
export function lookOf(shell: Shell): Look {
  const { stdout, env } = shell;
  const { isTTY, columns } = stdout;
  return {
    colour: colourful(stdout, env),
    hyperlinks: hyperlinked(shell),
    ...(isTTY && columns ? { width: columns } : {}),
  };
}
