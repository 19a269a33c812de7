import type { $Command, DescribeTagsCommandOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { withAttempts } from './attempts.ts';
import type { Operation, PagedOperation, Place } from './operation.ts';
import { openRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts';

type Metadata = Pick<DescribeTagsCommandOutput, '$metadata'>;

/** What all clients of the SDK have in common. */
interface SdkClient<In extends object, Out extends Metadata, Config> {
  readonly config: { region(): Promise<string> };
  send<I extends In, O extends Out>(
    command: $Command<I, O, Config, In, Out>,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<O>;
}

type CommandClass<I extends In, O extends Out, Config, In extends object, Out extends Metadata> = new (
  input: I,
) => $Command<I, O, Config, In, Out>;

/** What every incident needs is there from the start; of a service that few need, the SDK is loaded when it is asked. */
type Load<T> = () => T | Promise<T>;

/** Where the token of the next page stands: in an answer, and in the input that asks for it. */
interface Paging<From extends string, Into extends string> {
  readonly from: From;
  readonly into: Into;
}

/** One AWS service: a client and a rate limiter for each place, kept from one Lambda invocation to the next. */
interface Service<In extends object, Out extends Metadata, Config, From extends string, Into extends string> {
  /** The Region that is asked where the place names none. */
  regionAt(place: Place): Promise<string>;
  /** An operation by the name that it has in the SDK and in IAM. */
  operation<I extends In, O extends Out>(
    name: string,
    command: Load<CommandClass<I, O, Config, In, Out>>,
  ): Operation<I, O>;
  paged<
    I extends In & { readonly [K in Into]?: string | undefined },
    O extends Out & { readonly [K in From]?: string | undefined },
  >(name: string, command: Load<CommandClass<I, O, Config, In, Out>>): PagedOperation<I, O>;
}

interface ServiceDefinition<In extends object, Out extends Metadata, Config, From extends string, Into extends string> {
  /** As in IAM actions. */
  readonly name: string;
  readonly client: (
    config: ReturnType<typeof configOf>,
  ) => SdkClient<In, Out, Config> | Promise<SdkClient<In, Out, Config>>;
  readonly limit: RateLimit;
  readonly paging: Paging<From, Into>;
}

export function openService<
  In extends object,
  Out extends Metadata,
  Config,
  const From extends string,
  const Into extends string,
>({
  name,
  client,
  limit,
  paging,
}: ServiceDefinition<In, Out, Config, From, Into>): Service<In, Out, Config, From, Into> {
  const clients = new Map<string, Promise<SdkClient<In, Out, Config>>>();
  const limiters = new Map<string, RateLimiter>();

  function clientAt(place: Place): Promise<SdkClient<In, Out, Config>> {
    const key = keyOf(place);
    const known = clients.get(key);
    if (known !== undefined) return known;
    const made = (async () => client(configOf(place)))();
    clients.set(key, made);
    // What could not be loaded now may be later.
    made.catch(() => clients.delete(key));
    return made;
  }

  function limiterAt(place: Place): RateLimiter {
    const key = keyOf(place);
    const known = limiters.get(key) ?? openRateLimiter(limit);
    limiters.set(key, known);
    return known;
  }

  function operation<I extends In, O extends Out>(
    operationName: string,
    command: Load<CommandClass<I, O, Config, In, Out>>,
  ): Operation<I, O> {
    return {
      action: `${name}:${operationName}`,
      limiter: limiterAt,
      async send(place, input, options) {
        const [sender, Command] = await Promise.all([clientAt(place), command()]);
        return sender.send(withAttempts(new Command(input), options), options);
      },
    };
  }

  return {
    regionAt: async (place) => (await clientAt(place)).config.region(),
    operation,
    paged: (operationName, command) => ({
      ...operation(operationName, command),
      tokenIn: (output) => output[paging.from],
      nextInput: (input, token) => ({ ...input, [paging.into]: token }),
    }),
  };
}

function keyOf({ region, profile }: Place): string {
  return JSON.stringify([region, profile]);
}

/**
 * A hung connection is given up before it eats the budget. Without `throwOnRequestTimeout` the SDK only logs a warning. What
 * fails is asked again by `withAttempts`, with more patience than the SDK has.
 */
function configOf({ region, profile }: Place) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: HUNG_MS,
      socketTimeout: HUNG_MS,
      throwOnRequestTimeout: true,
    },
    logger: SILENT,
  };
}

/** A helper's whole time is a little less: it need not be told apart from the deadline. */
const HUNG_MS = 5_500;

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
