import { lambdaTargetFailing } from './application/lambda-target-failing/cause.ts';
import { lambdaTargetNotInvokable } from './application/lambda-target-not-invokable/cause.ts';
import { malformedResponse } from './application/malformed-response/cause.ts';
import { targetReturns5xx } from './application/target-returns-5xx/cause.ts';
import { instanceCheckFailed } from './backend-down/instance-check-failed/cause.ts';
import { instanceNotRunning } from './backend-down/instance-not-running/cause.ts';
import { noRegisteredTargets } from './backend-down/no-registered-targets/cause.ts';
import { noRunningTasks } from './backend-down/no-running-tasks/cause.ts';
import { nothingListening } from './backend-down/nothing-listening/cause.ts';
import { healthCheckTimeoutTooShort } from './backend-timeout/health-check-timeout-too-short/cause.ts';
import { keepaliveShorterThanIdleTimeout } from './backend-timeout/keepalive-shorter-than-idle-timeout/cause.ts';
import { slowerThanIdleTimeout } from './backend-timeout/slower-than-idle-timeout/cause.ts';
import { unresponsiveBackend } from './backend-timeout/unresponsive-backend/cause.ts';
import type { Cause } from './cause.ts';
import { crashingBackend } from './crash-or-oom/crashing-backend/cause.ts';
import { outOfMemory } from './crash-or-oom/out-of-memory/cause.ts';
import { deploymentFailing } from './deployment/deployment-failing/cause.ts';
import { deploymentReplacingTargets } from './deployment/deployment-replacing-targets/cause.ts';
import { deregistrationCutsRequests } from './deployment/deregistration-cuts-requests/cause.ts';
import { targetsNotYetHealthy } from './deployment/targets-not-yet-healthy/cause.ts';
import { authenticationFailing } from './load-balancer/authentication-failing/cause.ts';
import { fixedResponse5xx } from './load-balancer/fixed-response-5xx/cause.ts';
import { loadBalancerNotActive } from './load-balancer/load-balancer-not-active/cause.ts';
import { targetOptimizerRejecting } from './load-balancer/target-optimizer-rejecting/cause.ts';
import { wafFailing } from './load-balancer/waf-failing/cause.ts';
import { hostFirewall } from './network-block/host-firewall/cause.ts';
import { loadBalancerSecurityGroupClosed } from './network-block/load-balancer-security-group-closed/cause.ts';
import { networkAclBlocks } from './network-block/network-acl-blocks/cause.ts';
import { routeMissing } from './network-block/route-missing/cause.ts';
import { targetSecurityGroupClosed } from './network-block/target-security-group-closed/cause.ts';
import { cpuCreditsExhausted } from './overload/cpu-credits-exhausted/cause.ts';
import { cpuSaturated } from './overload/cpu-saturated/cause.ts';
import { loadBalancerSaturated } from './overload/load-balancer-saturated/cause.ts';
import { tooFewHealthyTargets } from './overload/too-few-healthy-targets/cause.ts';
import { trafficSurge } from './overload/traffic-surge/cause.ts';
import { protocolVersionMismatch } from './tls-mismatch/protocol-version-mismatch/cause.ts';
import { tlsHandshakeFailing } from './tls-mismatch/tls-handshake-failing/cause.ts';
import { tlsOnHttpTargetGroup } from './tls-mismatch/tls-on-http-target-group/cause.ts';
import { healthCheckCodeMismatch } from './wrong-upstream/health-check-code-mismatch/cause.ts';
import { healthCheckPortMismatch } from './wrong-upstream/health-check-port-mismatch/cause.ts';
import { targetGroupNotRouted } from './wrong-upstream/target-group-not-routed/cause.ts';
import { wrongTargetPort } from './wrong-upstream/wrong-target-port/cause.ts';
import { zoneNotEnabled } from './wrong-upstream/zone-not-enabled/cause.ts';
import { zoneWithoutTargets } from './wrong-upstream/zone-without-targets/cause.ts';

/** Every cause. The order decides between findings that are equal in all else, so it is the catalogue's. */
export const CAUSES: readonly Cause[] = [
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
