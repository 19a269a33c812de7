import type { Gap, Why } from '../incident/observed.ts';
import { KNOWN_REGIONS } from '../semantics/regions.ts';

export type Reason =
  | 'denied'
  | 'throttled'
  | 'timed-out'
  | 'no-credentials'
  | 'expired-credentials'
  | 'invalid-credentials'
  | 'no-region'
  | 'unreachable'
  | 'not-found'
  | 'failed';

/** A call that was refused or not answered, in words for a person. */
export class CallFailed extends Error {
  readonly action: string;
  readonly reason: Reason;
  /** AWS's error code, or Node's. */
  readonly code: string;
  readonly said: string;

  constructor(action: string, error: unknown) {
    const { reason, code, said } = classOf(error);
    super(sentence(action, reason, code, said));
    this.action = action;
    this.reason = reason;
    this.code = code;
    this.said = said;
  }

  get why(): Exclude<Why, 'partial' | 'not-asked'> {
    switch (this.reason) {
      case 'denied':
      case 'throttled':
      case 'timed-out':
        return this.reason;
      default:
        return 'failed';
    }
  }
}

/** An answer that is none: empty, cut off, or somebody else's page. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
  readonly $metadata: { readonly httpStatusCode: number | undefined };

  constructor(httpStatusCode?: number) {
    super('what came back is no answer of AWS');
    this.$metadata = { httpStatusCode };
  }
}

/** What is over after a while, by how it shows; `undefined` where asking again leads to the same. */
export function passingFault(error: unknown): 'throttled' | 'timed-out' | 'unreachable' | 'failed' | undefined {
  const { name, code = name, message, status = 0 } = partsOf(error);
  const reason = reasonOf(code, name, message, status);
  if (reason === 'throttled' || reason === 'timed-out') return reason;
  if (/^(ECONNRESET|EPIPE)$/.test(code)) return 'failed';
  if (reason === 'unreachable') return /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET)/.test(code) ? reason : undefined;
  const broken = status >= 500 || (name === 'UnreadableAnswer' && status < 400);
  return broken || isClockCorrected(error) ? 'failed' : undefined;
}

/** The SDK takes AWS's time from the refusal, and signs the next attempt with it. */
function isClockCorrected(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const { $metadata: metadata } = error;
  return typeof metadata === 'object' && metadata !== null && 'clockSkewCorrected' in metadata;
}

/** What the failure leaves unseen, as part of an answer. */
export function gapOf(failed: CallFailed, ids?: readonly string[]): Gap {
  return { why: failed.why, detail: failed.message, action: failed.action, ...(ids === undefined ? {} : { ids }) };
}

const NAMELESS = /^Unknown(Error)?$/;

function classOf(error: unknown): { reason: Reason; code: string; said: string } {
  const { name, code: nodeCode, message, status } = partsOf(error);
  // An answer without a body, or with somebody else's: the SDK has no words for it.
  if (NAMELESS.test(name) && status !== undefined)
    return { reason: reasonOf('', name, '', status), code: `HTTP ${status}`, said: '' };
  // The SDK calls some failed connections TimeoutError: Node's code tells.
  const code = nodeCode ?? name.replace(/NotFoundException$/, 'NotFound');
  return { reason: reasonOf(code, name, message, status), code, said: message };
}

const UNREACHABLE = /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENET|EPIPE|EPROTO|ERR_TLS|ERR_SSL|CERT_|.*_CERT|UNABLE_TO_)/;
const INVALID =
  /^(InvalidClientTokenId|UnrecognizedClient|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|MissingAuthenticationToken)/;

function reasonOf(code: string, name: string, message: string, status: number | undefined): Reason {
  if (/^(ExpiredToken|RequestExpired|TokenRefreshRequired)/.test(code)) return 'expired-credentials';
  if (/CredentialsProviderError|TokenProviderError/.test(name)) {
    return /expired/i.test(message) ? 'expired-credentials' : 'no-credentials';
  }
  if (INVALID.test(code)) return 'invalid-credentials';
  if (/^Region (is missing|not accepted)/.test(message)) return 'no-region';
  if (/^(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized)/.test(code)) return 'denied';
  if (/^(Throttl|RequestLimitExceeded|RequestThrottled|TooManyRequests|SlowDown|LimitExceeded)/.test(code)) {
    return 'throttled';
  }
  if (/NotFound$/.test(code)) return 'not-found';
  if (code !== 'ETIMEDOUT' && UNREACHABLE.test(code)) return 'unreachable';
  if (code === 'ETIMEDOUT' || /^(TimeoutError|AbortError|RequestTimeout)/.test(name)) return 'timed-out';
  if (status === 403 && !NAMELESS.test(name) && name !== 'UnreadableAnswer') return 'denied';
  if (status === 429) return 'throttled';
  return 'failed';
}

function sentence(action: string, reason: Reason, code: string, said: string): string {
  switch (reason) {
    case 'denied':
      return `AWS denied ${action} (${code})`;
    case 'throttled':
      return `AWS throttled ${action} (${code}), retries included`;
    case 'timed-out':
      return `${action} was not answered in time`;
    case 'no-credentials':
      return `no AWS credentials were found (${code}): run \`aws configure\` or \`aws sso login\`, or choose a profile`;
    case 'expired-credentials':
      return `the AWS credentials have expired (${code}): renew them, for example with \`aws sso login\``;
    case 'invalid-credentials':
      return `AWS does not accept the credentials (${code}): ${oneLine(said)}`;
    case 'no-region':
      return regionRefused(said) ?? 'no AWS Region is configured: set AWS_REGION';
    case 'unreachable':
      if (unknownRegionIn(said) !== undefined)
        return `${unknownRegionIn(said)} is no AWS Region: it has no ${action.split(':')[0]} (${oneLine(said)})`;
      return `AWS cannot be reached for ${action} (${oneLine(said)}): check the network, the Region and AWS_ENDPOINT_URL`;
    default:
      return `${action} failed (${code})${said === '' ? '' : `: ${oneLine(said)}`}`;
  }
}

/** What the SDK refuses to make the name of a host of. */
function regionRefused(said: string): string | undefined {
  const [, region] = /^Region not accepted: region="(.{0,100})/.exec(said) ?? [];
  return region === undefined ? undefined : `${JSON.stringify(region.split('"', 1)[0])} is no AWS Region`;
}

/** Nobody knows its name, and nobody knew its Region. */
function unknownRegionIn(said: string): string | undefined {
  const [, region] = /\bENOTFOUND [a-z0-9.-]*?[.]([a-z0-9-]+)[.](?:amazonaws|api)[.]/.exec(said) ?? [];
  return region === undefined || KNOWN_REGIONS.includes(region) ? undefined : region;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

interface Parts {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
}

function partsOf(error: unknown): Parts {
  if (!(error instanceof Error)) return { name: 'Error', code: undefined, message: String(error), status: undefined };
  return {
    name: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    // Node tries IPv6 and IPv4 at once, and leaves the message of the two failures empty.
    message: error.message === '' && error instanceof AggregateError ? messageOf(error.errors[0]) : error.message,
    status: statusOf(error),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
