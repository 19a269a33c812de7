import { LOG_COLUMNS } from './log-columns.ts';
import type { LogFields } from './log-fields.ts';
import { addressIn, codeIn, durationIn, endpointIn, secondsAt, wholeNumberIn, wordIn } from './log-values.ts';

/** A connection of a client, without the client. */
export interface ConnectionLine {
  readonly loadBalancer: string | null;
  readonly at: number;
  readonly listenerPort: number;
  readonly protocol: string | null;
  readonly verified: string | null;
  readonly latency: number | null;
  readonly node: string | null;
}

const inConnection = (name: string): number => LOG_COLUMNS.connection.indexOf(name);
const CONNECTED_AT = inConnection('timestamp');
const LISTENER_PORT = inConnection('listener_port');
const PROTOCOL = inConnection('tls_protocol');
const HANDSHAKE = inConnection('tls_handshake_latency');
const VERIFIED = inConnection('tls_verify_status');
const CONNECTION_ELB = inConnection('elb');
const CONNECTION_NODE = inConnection('ip_address');

export function connectionLine(field: LogFields): ConnectionLine | null {
  const [at, listenerPort] = [secondsAt(field(CONNECTED_AT)), wholeNumberIn(field(LISTENER_PORT))];
  if (at === null || listenerPort === null) return null;
  return {
    loadBalancer: field(CONNECTION_ELB),
    at,
    listenerPort,
    protocol: wordIn(field(PROTOCOL)),
    verified: wordIn(field(VERIFIED)),
    latency: durationIn(field(HANDSHAKE)),
    node: addressIn(field(CONNECTION_NODE)),
  };
}

/** One check of one target by one node. */
export interface HealthCheckLine {
  readonly loadBalancer: string | null;
  readonly at: number;
  readonly type: string;
  readonly address: string;
  readonly port: number | null;
  readonly targetGroupName: string;
  readonly passed: boolean;
  readonly code: number | null;
  readonly reason: string | null;
  readonly latency: number | null;
  readonly node: string | null;
}

const inCheck = (name: string): number => LOG_COLUMNS.healthCheck.indexOf(name);
const TYPE = inCheck('type');
const TIME = inCheck('time');
const LATENCY = inCheck('latency');
const TARGET = inCheck('target_addr');
const GROUP = inCheck('target_group_id');
const STATUS = inCheck('status');
const CODE = inCheck('status_code');
const REASON = inCheck('reason_code');
const ELB = inCheck('elb');
const NODE = inCheck('ip_address');

export function healthCheckLine(field: LogFields): HealthCheckLine | null {
  const [at, type, group, status] = [secondsAt(field(TIME)), wordIn(field(TYPE)), wordIn(field(GROUP)), field(STATUS)];
  const target = targetIn(field(TARGET));
  if (at === null || type === null || group === null || target === null) return null;
  if (status !== 'PASS' && status !== 'FAIL') return null;
  return {
    loadBalancer: field(ELB),
    at,
    type,
    ...target,
    targetGroupName: group,
    passed: status === 'PASS',
    code: codeIn(field(CODE)),
    reason: wordIn(field(REASON)),
    latency: durationIn(field(LATENCY)),
    node: addressIn(field(NODE)),
  };
}

function targetIn(text: string | null): { readonly address: string; readonly port: number | null } | null {
  const endpoint = endpointIn(text);
  if (endpoint !== null) return endpoint;
  // A function has no port.
  return text !== null && /^arn:[\w:/.-]{10,300}$/.test(text) ? { address: text, port: null } : null;
}
