import type { Found } from '../../causes/cause.ts';
import type { CauseId } from '../../incident/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import type { ControlledResource } from './controlled-resources.ts';
import {
  healthPath,
  ingressRules,
  plainBackend,
  protocolVersion,
  targetPort,
  tlsBackend,
  zoneSubnets,
} from './ingress-remedies.ts';
import { podsReady, preStop, readinessGate, replicas, rollout } from './pod-remedies.ts';
import type { Remedy } from './remedy.ts';
import { backendRules, frontendGroups } from './security-group-remedies.ts';

/** What mends a cause in the cluster where no command of AWS has a twin there; the way to take first comes first. */
export function remediesFor(
  cause: CauseId,
  found: Found,
  kept: ControlledResource,
  evidence: ObservedEvidence,
): readonly Fix<Text>[] {
  return (REMEDIES[cause] ?? []).flatMap((remedy) => remedy(kept, { found, evidence }));
}

const REMEDIES: Readonly<Partial<Record<CauseId, readonly Remedy[]>>> = {
  'no-registered-targets': [podsReady],
  'health-check-code-mismatch': [healthPath],
  'wrong-target-port': [targetPort],
  'zone-not-enabled': [zoneSubnets],
  'target-group-not-routed': [ingressRules],
  'fixed-response-5xx': [ingressRules],
  'target-security-group-closed': [backendRules],
  'load-balancer-security-group-closed': [frontendGroups],
  'tls-handshake-failing': [plainBackend],
  'tls-on-http-target-group': [tlsBackend],
  'protocol-version-mismatch': [protocolVersion],
  'traffic-surge': [replicas],
  'too-few-healthy-targets': [replicas],
  'targets-not-yet-healthy': [readinessGate],
  'deployment-replacing-targets': [rollout],
  'deregistration-cuts-requests': [preStop, readinessGate],
};
