import { lambdaTargetFailing } from './application/lambda-target-failing.ts';
import { lambdaTargetNotInvokable } from './application/lambda-target-not-invokable.ts';
import { malformedResponse } from './application/malformed-response.ts';
import { targetReturns5xx } from './application/target-returns-5xx.ts';
import { instanceCheckFailed } from './backend-down/instance-check-failed.ts';
import { instanceNotRunning } from './backend-down/instance-not-running.ts';
import { noRegisteredTargets } from './backend-down/no-registered-targets.ts';
import { noRunningTasks } from './backend-down/no-running-tasks.ts';
import { nothingListening } from './backend-down/nothing-listening.ts';
import { healthCheckTimeoutTooShort } from './backend-timeout/health-check-timeout-too-short.ts';
import { keepaliveShorterThanIdleTimeout } from './backend-timeout/keepalive-shorter-than-idle-timeout.ts';
import { slowerThanIdleTimeout } from './backend-timeout/slower-than-idle-timeout.ts';
import { unresponsiveBackend } from './backend-timeout/unresponsive-backend.ts';
import { crashingBackend } from './crash-or-oom/crashing-backend.ts';
import { outOfMemory } from './crash-or-oom/out-of-memory.ts';
import { deploymentFailing } from './deployment/deployment-failing.ts';
import { deploymentReplacingTargets } from './deployment/deployment-replacing-targets.ts';
import { deregistrationCutsRequests } from './deployment/deregistration-cuts-requests.ts';
import { targetsNotYetHealthy } from './deployment/targets-not-yet-healthy.ts';
import { authenticationFailing } from './load-balancer/authentication-failing.ts';
import { fixedResponse5xx } from './load-balancer/fixed-response-5xx.ts';
import { loadBalancerNotActive } from './load-balancer/load-balancer-not-active.ts';
import { targetOptimizerRejecting } from './load-balancer/target-optimizer-rejecting.ts';
import { wafFailing } from './load-balancer/waf-failing.ts';
import { hostFirewall } from './network-block/host-firewall.ts';
import { loadBalancerSecurityGroupClosed } from './network-block/load-balancer-security-group-closed.ts';
import { networkAclBlocks } from './network-block/network-acl-blocks.ts';
import { routeMissing } from './network-block/route-missing.ts';
import { targetSecurityGroupClosed } from './network-block/target-security-group-closed.ts';
import { cpuCreditsExhausted } from './overload/cpu-credits-exhausted.ts';
import { cpuSaturated } from './overload/cpu-saturated.ts';
import { loadBalancerSaturated } from './overload/load-balancer-saturated.ts';
import { tooFewHealthyTargets } from './overload/too-few-healthy-targets.ts';
import { trafficSurge } from './overload/traffic-surge.ts';
import type { Rule } from './rule.ts';
import { protocolVersionMismatch } from './tls-mismatch/protocol-version-mismatch.ts';
import { tlsHandshakeFailing } from './tls-mismatch/tls-handshake-failing.ts';
import { tlsOnHttpTargetGroup } from './tls-mismatch/tls-on-http-target-group.ts';
import { healthCheckCodeMismatch } from './wrong-upstream/health-check-code-mismatch.ts';
import { healthCheckPortMismatch } from './wrong-upstream/health-check-port-mismatch.ts';
import { targetGroupNotRouted } from './wrong-upstream/target-group-not-routed.ts';
import { wrongTargetPort } from './wrong-upstream/wrong-target-port.ts';
import { zoneNotEnabled } from './wrong-upstream/zone-not-enabled.ts';
import { zoneWithoutTargets } from './wrong-upstream/zone-without-targets.ts';

/** Every rule. The order decides between findings that are equal in all else, so it is the catalogue's. */
export const RULES: readonly Rule[] = [
  noRegisteredTargets,
  instanceNotRunning,
  instanceCheckFailed,
  nothingListening,
  noRunningTasks,
  healthCheckCodeMismatch,
  healthCheckPortMismatch,
  wrongTargetPort,
  zoneNotEnabled,
  zoneWithoutTargets,
  targetGroupNotRouted,
  slowerThanIdleTimeout,
  keepaliveShorterThanIdleTimeout,
  unresponsiveBackend,
  healthCheckTimeoutTooShort,
  targetSecurityGroupClosed,
  loadBalancerSecurityGroupClosed,
  networkAclBlocks,
  routeMissing,
  hostFirewall,
  tlsHandshakeFailing,
  tlsOnHttpTargetGroup,
  protocolVersionMismatch,
  outOfMemory,
  crashingBackend,
  cpuSaturated,
  cpuCreditsExhausted,
  trafficSurge,
  tooFewHealthyTargets,
  loadBalancerSaturated,
  targetsNotYetHealthy,
  deploymentReplacingTargets,
  deregistrationCutsRequests,
  deploymentFailing,
  targetReturns5xx,
  malformedResponse,
  lambdaTargetFailing,
  lambdaTargetNotInvokable,
  fixedResponse5xx,
  authenticationFailing,
  wafFailing,
  loadBalancerNotActive,
  targetOptimizerRejecting,
];
