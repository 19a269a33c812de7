/**
 * The catalogue: every cause this product names. The ids are public API (JSON report, SNS attributes, pages, people's
 * dashboards) and are never reused.
 */
export const CATALOGUE = {
  'backend-down': [
    'no-registered-targets',
    'instance-not-running',
    'instance-check-failed',
    'stale-targets',
    'nothing-listening',
    'no-running-tasks',
  ],
  'wrong-upstream': [
    'health-check-code-mismatch',
    'health-check-port-mismatch',
    'wrong-target-port',
    'zone-not-enabled',
    'zone-without-targets',
    'target-group-not-routed',
  ],
  'backend-timeout': [
    'slower-than-idle-timeout',
    'keepalive-shorter-than-idle-timeout',
    'unresponsive-backend',
    'health-check-timeout-too-short',
  ],
  'network-block': [
    'target-security-group-closed',
    'load-balancer-security-group-closed',
    'network-acl-blocks',
    'route-missing',
    'host-firewall',
    'no-way-in',
  ],
  'tls-mismatch': ['tls-handshake-failing', 'tls-on-http-target-group', 'protocol-version-mismatch'],
  'crash-or-oom': ['out-of-memory', 'crashing-backend', 'disk-full'],
  overload: [
    'cpu-saturated',
    'cpu-credits-exhausted',
    'traffic-surge',
    'too-few-healthy-targets',
    'load-balancer-saturated',
  ],
  deployment: [
    'targets-not-yet-healthy',
    'deployment-replacing-targets',
    'deregistration-cuts-requests',
    'deployment-failing',
  ],
  application: ['target-returns-5xx', 'malformed-response', 'lambda-target-failing', 'lambda-target-not-invokable'],
  'load-balancer': [
    'fixed-response-5xx',
    'authentication-failing',
    'waf-failing',
    'load-balancer-not-active',
    'target-optimizer-rejecting',
  ],
} as const;

export type Category = keyof typeof CATALOGUE;
export type CauseId = (typeof CATALOGUE)[Category][number];

export function categoryOf(id: CauseId): Category {
  return CATEGORIES[id];
}

const CATEGORIES = Object.fromEntries(
  Object.entries(CATALOGUE).flatMap(([category, ids]) => ids.map((id) => [id, category])),
) as Readonly<Record<CauseId, Category>>;

/** The kinds of error a cause can produce. `other5xx`: what `HTTPCode_ELB_5XX_Count` holds beyond 500, 502, 503, 504. */
export const ERROR_KINDS = ['500', '502', '503', '504', 'other5xx', 'target5xx'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Best first. decisive: the state AWS reports proves it; strong: independent signals agree; circumstantial: it fits. */
export const STRENGTHS = ['decisive', 'strong', 'circumstantial'] as const;
export type Strength = (typeof STRENGTHS)[number];
