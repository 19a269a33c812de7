/** A command of the SDK, and what it is asked and answered with. */
interface Command<Input extends object, Output extends object> {
  readonly input: Input;
  // Only the types are of interest: as the SDK's own commands have them.
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (...args: never) => Promise<{ output: Output }>;
}
type CommandClass<Input extends object, Output extends object> = new (input: Input) => Command<Input, Output>;
type AnyCommand = Command<object, object>;
type AnyCommandClass = abstract new (...args: never) => object;

interface Call<C> {
  readonly client: AnyClient;
  readonly args: readonly [C];
}
interface AnyClient {
  readonly config: { region(): Promise<string> };
}

/** What a matching command is answered with: the next of those that answer once, else what answers always. */
interface Answers {
  readonly fits: (command: AnyCommand) => boolean;
  readonly once: Answer[];
  always?: Answer;
}
type Answer = (input: never) => unknown;

/** Says what is answered; the last that was said of a command holds. */
class Behaviour<Input extends object, Output extends object> {
  readonly #client: MockedClient;
  readonly #answers: Answers;

  constructor(client: MockedClient, answers: Answers) {
    this.#client = client;
    this.#answers = answers;
  }

  resolves(output: Partial<Output>): this {
    return this.callsFake(() => output);
  }

  resolvesOnce(output: Partial<Output>): this {
    this.#answers.once.push(() => output);
    return this;
  }

  /** With an error: one that is given, or one that has these fields. */
  rejects(error: Error | string | object = new Error('refused')): this {
    const thrown =
      error instanceof Error ? error : typeof error === 'string' ? new Error(error) : Object.assign(new Error(), error);
    return this.callsFake(() => {
      throw thrown;
    });
  }

  /** A test may say of the input what it knows: that a member is there. */
  callsFake(answer: (input: Input) => unknown): this;
  callsFake(answer: Answer): this;
  callsFake(answer: Answer): this {
    this.#answers.always = answer;
    return this;
  }

  on<I extends object, O extends object>(command: CommandClass<I, O>, input?: Partial<I>): Behaviour<I, O> {
    return this.#client.on(command, input);
  }
}

/**
 * Answers for every client of a class, in the place of AWS, until the process ends: what was not said is answered with
 * `undefined`. It stands in the class itself, so that clients made elsewhere are met; hence a file that uses it shares its
 * modules with none that wants the true one (vitest.config.ts).
 */
export class MockedClient {
  #all: Answers[] = [];
  #calls: Call<AnyCommand>[] = [];

  constructor(prototype: object) {
    const send = async (client: AnyClient, command: AnyCommand): Promise<unknown> => {
      this.#calls.push({ client, args: [command] });
      const answers = this.#all.findLast(({ fits }) => fits(command));
      return (answers?.once.shift() ?? answers?.always)?.(command.input as never);
    };
    Object.defineProperty(prototype, 'send', {
      value(this: AnyClient, command: AnyCommand) {
        return send(this, command);
      },
      configurable: true,
      writable: true,
    });
  }

  /** Where an input is given: of commands whose input holds all of it. */
  on<Input extends object, Output extends object>(
    command: CommandClass<Input, Output>,
    input?: Partial<Input>,
  ): Behaviour<Input, Output> {
    return this.#behave((one) => one instanceof command && (input === undefined || holds(one.input, input)));
  }

  onAnyCommand(): Behaviour<object, object> {
    return this.#behave(() => true);
  }

  calls(): readonly Call<AnyCommand>[] {
    return this.#calls;
  }

  commandCalls<Input extends object, Output extends object>(
    command: CommandClass<Input, Output>,
  ): readonly Call<Command<Input, Output>>[] {
    return this.#calls.filter((call): call is Call<Command<Input, Output>> => call.args[0] instanceof command);
  }

  /** Forgets what was said, and what was asked. */
  reset(): void {
    this.#all = [];
    this.resetHistory();
  }

  resetHistory(): void {
    this.#calls = [];
  }

  #behave<Input extends object, Output extends object>(fits: Answers['fits']): Behaviour<Input, Output> {
    const answers: Answers = { fits, once: [] };
    this.#all.push(answers);
    return new Behaviour(this, answers);
  }
}

export function mockClient(client: AnyCommandClass): MockedClient {
  return new MockedClient(client.prototype);
}

/** All of the wanted is there, to any depth; arrays as a whole. */
function holds(there: unknown, wanted: unknown): boolean {
  if (Object.is(there, wanted)) return true;
  if (!(there instanceof Object) || !(wanted instanceof Object)) return false;
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(there) && there.length === wanted.length && wanted.every((item, index) => holds(there[index], item))
    );
  }
  return Object.entries(wanted).every(([name, value]) => holds(Reflect.get(there, name), value));
}
