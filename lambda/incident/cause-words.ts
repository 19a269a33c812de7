import { type CauseId, ERROR_KINDS, type ErrorKind } from './cause.ts';

interface CauseRow {
  /** In the few words of a subject line, ASCII and 24 characters at most: where the sentence of a finding has no room. */
  readonly words: string;
  /** The kinds of error it can make: what a reader may suspect it of. */
  readonly makes: readonly ErrorKind[];
}

/** Of targets that are gone, or that no packet reaches. */
const GONE = ['502', '503', '504'] as const;

/** What people call each cause. An id without a row does not compile. */
export const CAUSE_WORDS: Readonly<Record<CauseId, CauseRow>> = {
  'no-registered-targets': { words: 'no registered targets', makes: ['503'] },
  'instance-not-running': { words: 'instance not running', makes: GONE },
  'instance-check-failed': { words: 'instance check failed', makes: ['502', '504'] },
  'stale-targets': { words: 'stale targets', makes: GONE },
  'nothing-listening': { words: 'nothing listening', makes: ['502'] },
  'no-running-tasks': { words: 'no running tasks', makes: ['503'] },
  'health-check-code-mismatch': { words: 'health check mismatch', makes: ['502', '503', 'target5xx'] },
  'health-check-port-mismatch': { words: 'wrong health check port', makes: ['502', '503', '504'] },
  'wrong-target-port': { words: 'wrong target port', makes: ['502', '504'] },
  'zone-not-enabled': { words: 'zone not enabled', makes: ['503'] },
  'zone-without-targets': { words: 'zone without targets', makes: ['503'] },
  'target-group-not-routed': { words: 'target group not routed', makes: ['503'] },
  'slower-than-idle-timeout': { words: 'slower than idle timeout', makes: ['504'] },
  'keepalive-shorter-than-idle-timeout': { words: 'keep-alive too short', makes: ['502'] },
  'unresponsive-backend': { words: 'targets unresponsive', makes: ['502', '504'] },
  'health-check-timeout-too-short': { words: 'check timeout too short', makes: ['502', '503'] },
  'target-security-group-closed': { words: 'security group closed', makes: GONE },
  'load-balancer-security-group-closed': { words: 'LB security group closed', makes: GONE },
  'network-acl-blocks': { words: 'network ACL denies', makes: GONE },
  'route-missing': { words: 'route missing', makes: GONE },
  'host-firewall': { words: 'host firewall', makes: ['504'] },
  'no-way-in': { words: 'no way in', makes: [] },
  'tls-handshake-failing': { words: 'TLS handshake failing', makes: ['502', '504'] },
  'tls-on-http-target-group': { words: 'TLS on HTTP target group', makes: ['502'] },
  'protocol-version-mismatch': { words: 'wrong protocol version', makes: ['502'] },
  'out-of-memory': { words: 'out of memory', makes: GONE },
  'crashing-backend': { words: 'targets crash', makes: GONE },
  'disk-full': { words: 'disk full', makes: ERROR_KINDS },
  'cpu-saturated': { words: 'CPU saturated', makes: ERROR_KINDS },
  'cpu-credits-exhausted': { words: 'CPU credits exhausted', makes: ERROR_KINDS },
  'traffic-surge': { words: 'traffic surge', makes: ERROR_KINDS },
  'too-few-healthy-targets': { words: 'too few healthy targets', makes: ERROR_KINDS },
  'load-balancer-saturated': { words: 'load balancer saturated', makes: ['500', '502', '503', '504', 'other5xx'] },
  'targets-not-yet-healthy': { words: 'targets not yet healthy', makes: ['502', '503', '504', 'target5xx'] },
  'deployment-replacing-targets': { words: 'targets being replaced', makes: ['502', '503', '504', 'target5xx'] },
  'deregistration-cuts-requests': { words: 'deregistration too fast', makes: ['502', '503', '504', 'target5xx'] },
  'deployment-failing': { words: 'deployment failing', makes: GONE },
  'target-returns-5xx': { words: 'targets return 5xx', makes: ['target5xx'] },
  'malformed-response': { words: 'malformed responses', makes: ['502'] },
  'lambda-target-failing': { words: 'Lambda target failing', makes: ['502', '504'] },
  'lambda-target-not-invokable': { words: 'Lambda not invokable', makes: ['502'] },
  'fixed-response-5xx': { words: 'fixed response 5xx', makes: ['500', '502', '503', '504', 'other5xx'] },
  'authentication-failing': { words: 'authentication failing', makes: ['500', '504', 'other5xx'] },
  'waf-failing': { words: 'WAF failing', makes: ['500'] },
  'load-balancer-not-active': { words: 'load balancer not active', makes: ERROR_KINDS },
  'target-optimizer-rejecting': { words: 'target optimizer rejects', makes: ['502', '503', '504'] },
};
