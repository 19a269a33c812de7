import { LOG_COLUMNS } from './log-columns.ts';
import type { LogFields } from './log-fields.ts';
import {
  addressIn,
  arnWritten,
  bytesIn,
  codeIn,
  durationIn,
  endpointIn,
  secondsAt,
  wholeNumberIn,
  wordIn,
} from './log-values.ts';
import { pathShape } from './path-shape.ts';

/** A request, as far as it is counted: nothing of the client is read. Times in seconds; `null` where there is none. */
export interface AccessLine {
  /** As the line names it; `null` where it does not. */
  readonly loadBalancer: string | null;
  readonly type: string | null;
  /** When it arrived, in seconds since 1970; when it was answered where nobody wrote that, or of a WebSocket. */
  readonly at: number;
  /** From arrival to answer; `null` of a WebSocket, which was open for so long. */
  readonly lasted: number | null;
  readonly code: number;
  readonly targetCode: number | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly requestTime: number | null;
  readonly targetTime: number | null;
  readonly responseTime: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly method: string | null;
  readonly path: string | null;
  readonly targetGroup: string | null;
  /** From here on, read only of what was not answered well by a target. */
  readonly priority: number | null;
  readonly actions: string | null;
  readonly reason: string | null;
  readonly classification: string | null;
  readonly classificationReason: string | null;
  readonly node: string | null;
  readonly streamError: string | null;
}

const at = (name: string): number => LOG_COLUMNS.access.indexOf(name);
const TYPE = at('type');
const TIME = at('time');
const ELB = at('elb');
const TARGET = at('target_port');
const REQUEST_TIME = at('request_processing_time');
const TARGET_TIME = at('target_processing_time');
const RESPONSE_TIME = at('response_processing_time');
const CODE = at('elb_status_code');
const TARGET_CODE = at('target_status_code');
const RECEIVED = at('received_bytes');
const SENT = at('sent_bytes');
const REQUEST = at('request_line');
const GROUP = at('target_group_arn');
const PRIORITY = at('matched_rule_priority');
const CREATED = at('request_creation_time');
const ACTIONS = at('actions_executed');
const REASON = at('error_reason');
const CLASSIFICATION = at('classification');
const CLASSIFICATION_REASON = at('classification_reason');
const NODE = at('ip_address');
const STREAM_ERROR = at('target_error_code');

/** `null` where the line lacks what every line has, or holds there what the load balancer never writes. */
export function accessLine(field: LogFields): AccessLine | null {
  const [time, code, target] = [secondsAt(field(TIME)), codeIn(field(CODE)), field(TARGET)];
  if (time === null || code === null) return null;
  const [targetText, endpoint] = [field(TARGET_CODE), endpointIn(target)];
  const targetCode = codeIn(targetText);
  if ((target !== null && endpoint === null) || (targetText !== null && targetCode === null)) return null;
  const type = wordIn(field(TYPE));
  const isSocket = type === 'ws' || type === 'wss';
  const created = secondsAt(field(CREATED));
  const arrived = isSocket ? null : created;
  const request = field(REQUEST);
  return {
    loadBalancer: field(ELB),
    type,
    at: arrived ?? time,
    lasted: arrived === null ? null : Math.max(0, time - arrived),
    code,
    targetCode,
    address: endpoint?.address ?? null,
    port: endpoint?.port ?? null,
    requestTime: durationIn(field(REQUEST_TIME)),
    targetTime: durationIn(field(TARGET_TIME)),
    responseTime: durationIn(field(RESPONSE_TIME)),
    receivedBytes: bytesIn(field(RECEIVED)),
    sentBytes: bytesIn(field(SENT)),
    method: request === null ? null : methodIn(request),
    path: request === null ? null : pathIn(request),
    targetGroup: arnWritten(field(GROUP)),
    ...(code < 400 && code === targetCode ? NOTHING_MORE : circumstances(field)),
  };
}

type Circumstances = Pick<
  AccessLine,
  'priority' | 'actions' | 'reason' | 'classification' | 'classificationReason' | 'node' | 'streamError'
>;

const NOTHING_MORE: Circumstances = {
  ...{ priority: null, actions: null, reason: null, classification: null, classificationReason: null },
  ...{ node: null, streamError: null },
};

function circumstances(field: LogFields): Circumstances {
  return {
    priority: wholeNumberIn(field(PRIORITY)),
    actions: field(ACTIONS),
    reason: wordIn(field(REASON)),
    classification: wordIn(field(CLASSIFICATION)),
    classificationReason: wordIn(field(CLASSIFICATION_REASON)),
    node: addressIn(field(NODE)),
    streamError: wordIn(field(STREAM_ERROR)),
  };
}

const METHOD = /^[A-Z]{3,16}$/;

/** What stands before the first space. A client may send any word there: one that is no method is nobody's. */
function methodIn(request: string): string | null {
  const method = request.slice(0, Math.max(0, request.indexOf(' ')));
  return METHOD.test(method) ? method : null;
}

/** `GET https://host:443/path?query HTTP/1.1`, and spaces may stand in the path: the last one is before the version. */
function pathIn(request: string): string | null {
  const scheme = request.indexOf('://');
  const last = request.lastIndexOf(' ');
  if (scheme < 0 || last < scheme) return null;
  const slash = request.indexOf('/', scheme + 3);
  const query = request.indexOf('?', scheme + 3);
  if (slash < 0 || slash > last || (query >= 0 && query < slash)) return request[0] === '-' ? null : '/';
  return pathShape(request.slice(slash, last));
}
