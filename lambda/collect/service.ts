import { type Lane, openLane, type Pace } from './rate-limiter.ts';

/** Where calls go: what the caller said, and the SDK's default chain for the rest. */
export interface Place {
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** One AWS service: a client and a queue for each place, kept from one Lambda invocation to the next. */
export interface Service<Client> {
  /** As in IAM actions. */
  readonly name: string;
  at(place: Place): { readonly client: Client; readonly lane: Lane };
}

export function service<Client>(
  name: string,
  open: (config: ReturnType<typeof configOf>) => Client,
  pace: Pace,
): Service<Client> {
  const opened = new Map<string, { client: Client; lane: Lane }>();
  return {
    name,
    at(place) {
      const key = JSON.stringify([place.region, place.profile]);
      const known = opened.get(key) ?? { client: open(configOf(place)), lane: openLane(pace) };
      opened.set(key, known);
      return known;
    },
  };
}

/**
 * A hung connection is given up after 6 s and asked again, so that it does not eat the whole budget. Without
 * `throwOnRequestTimeout` the SDK only logs a warning.
 */
function configOf({ region, profile }: Place) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    retryMode: 'standard' as const,
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 6_000,
      socketTimeout: 6_000,
      throwOnRequestTimeout: true,
    },
    logger: SILENT,
  };
}

interface Logger {
  debug(): void;
  info(): void;
  warn(): void;
  error(): void;
}

/**
 * Nothing of the SDK's reaches stderr. The cast hides that `info` is missing: the SDK calls it optionally, and builds a
 * filtered copy of every answer for it when it is there.
 */
const SILENT = { debug() {}, warn() {}, error() {} } as unknown as Logger;
