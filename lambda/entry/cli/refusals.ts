/** No triage could be produced. The message is one line: what went wrong, and what to do. */
export class NotTriaged extends Error {
  override readonly name: string = 'NotTriaged';
}

/** No load balancer could be found. */
export class NothingFound extends NotTriaged {}

/** Whoever was asked left. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** The command was not understood. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
