import { CATALOGUE, type CauseId } from '../incident/cause.ts';
import lambdaTargetFailing from './application/lambda-target-failing/cause.ts';
import lambdaTargetNotInvokable from './application/lambda-target-not-invokable/cause.ts';
import malformedResponse from './application/malformed-response/cause.ts';
import targetReturns5xx from './application/target-returns-5xx/cause.ts';
import instanceCheckFailed from './backend-down/instance-check-failed/cause.ts';
import instanceNotRunning from './backend-down/instance-not-running/cause.ts';
import noRegisteredTargets from './backend-down/no-registered-targets/cause.ts';
import noRunningTasks from './backend-down/no-running-tasks/cause.ts';
import nothingListening from './backend-down/nothing-listening/cause.ts';
import staleTargets from './backend-down/stale-targets/cause.ts';
import healthCheckTimeoutTooShort from './backend-timeout/health-check-timeout-too-short/cause.ts';
import keepaliveShorterThanIdleTimeout from './backend-timeout/keepalive-shorter-than-idle-timeout/cause.ts';
import slowerThanIdleTimeout from './backend-timeout/slower-than-idle-timeout/cause.ts';
import unresponsiveBackend from './backend-timeout/unresponsive-backend/cause.ts';
import type { Cause } from './cause.ts';
import crashingBackend from './crash-or-oom/crashing-backend/cause.ts';
import diskFull from './crash-or-oom/disk-full/cause.ts';
import outOfMemory from './crash-or-oom/out-of-memory/cause.ts';
import deploymentFailing from './deployment/deployment-failing/cause.ts';
import deploymentReplacingTargets from './deployment/deployment-replacing-targets/cause.ts';
import deregistrationCutsRequests from './deployment/deregistration-cuts-requests/cause.ts';
import targetsNotYetHealthy from './deployment/targets-not-yet-healthy/cause.ts';
import authenticationFailing from './load-balancer/authentication-failing/cause.ts';
import fixedResponse5xx from './load-balancer/fixed-response-5xx/cause.ts';
import loadBalancerNotActive from './load-balancer/load-balancer-not-active/cause.ts';
import targetOptimizerRejecting from './load-balancer/target-optimizer-rejecting/cause.ts';
import wafFailing from './load-balancer/waf-failing/cause.ts';
import hostFirewall from './network-block/host-firewall/cause.ts';
import loadBalancerSecurityGroupClosed from './network-block/load-balancer-security-group-closed/cause.ts';
import networkAclBlocks from './network-block/network-acl-blocks/cause.ts';
import noWayIn from './network-block/no-way-in/cause.ts';
import routeMissing from './network-block/route-missing/cause.ts';
import targetSecurityGroupClosed from './network-block/target-security-group-closed/cause.ts';
import cpuCreditsExhausted from './overload/cpu-credits-exhausted/cause.ts';
import cpuSaturated from './overload/cpu-saturated/cause.ts';
import loadBalancerSaturated from './overload/load-balancer-saturated/cause.ts';
import tooFewHealthyTargets from './overload/too-few-healthy-targets/cause.ts';
import trafficSurge from './overload/traffic-surge/cause.ts';
import protocolVersionMismatch from './tls-mismatch/protocol-version-mismatch/cause.ts';
import tlsHandshakeFailing from './tls-mismatch/tls-handshake-failing/cause.ts';
import tlsOnHttpTargetGroup from './tls-mismatch/tls-on-http-target-group/cause.ts';
import healthCheckCodeMismatch from './wrong-upstream/health-check-code-mismatch/cause.ts';
import healthCheckPortMismatch from './wrong-upstream/health-check-port-mismatch/cause.ts';
import targetGroupNotRouted from './wrong-upstream/target-group-not-routed/cause.ts';
import wrongTargetPort from './wrong-upstream/wrong-target-port/cause.ts';
import zoneNotEnabled from './wrong-upstream/zone-not-enabled/cause.ts';
import zoneWithoutTargets from './wrong-upstream/zone-without-targets/cause.ts';

/** What judges each cause of the catalogue: one that nothing judges does not compile. */
const BY_ID: Readonly<Record<CauseId, Cause>> = {
  'no-registered-targets': noRegisteredTargets,
  'instance-not-running': instanceNotRunning,
  'instance-check-failed': instanceCheckFailed,
  'stale-targets': staleTargets,
  'nothing-listening': nothingListening,
  'no-running-tasks': noRunningTasks,
  'health-check-code-mismatch': healthCheckCodeMismatch,
  'health-check-port-mismatch': healthCheckPortMismatch,
  'wrong-target-port': wrongTargetPort,
  'zone-not-enabled': zoneNotEnabled,
  'zone-without-targets': zoneWithoutTargets,
  'target-group-not-routed': targetGroupNotRouted,
  'slower-than-idle-timeout': slowerThanIdleTimeout,
  'keepalive-shorter-than-idle-timeout': keepaliveShorterThanIdleTimeout,
  'unresponsive-backend': unresponsiveBackend,
  'health-check-timeout-too-short': healthCheckTimeoutTooShort,
  'target-security-group-closed': targetSecurityGroupClosed,
  'load-balancer-security-group-closed': loadBalancerSecurityGroupClosed,
  'network-acl-blocks': networkAclBlocks,
  'route-missing': routeMissing,
  'host-firewall': hostFirewall,
  'no-way-in': noWayIn,
  'tls-handshake-failing': tlsHandshakeFailing,
  'tls-on-http-target-group': tlsOnHttpTargetGroup,
  'protocol-version-mismatch': protocolVersionMismatch,
  'out-of-memory': outOfMemory,
  'crashing-backend': crashingBackend,
  'disk-full': diskFull,
  'cpu-saturated': cpuSaturated,
  'cpu-credits-exhausted': cpuCreditsExhausted,
  'traffic-surge': trafficSurge,
  'too-few-healthy-targets': tooFewHealthyTargets,
  'load-balancer-saturated': loadBalancerSaturated,
  'targets-not-yet-healthy': targetsNotYetHealthy,
  'deployment-replacing-targets': deploymentReplacingTargets,
  'deregistration-cuts-requests': deregistrationCutsRequests,
  'deployment-failing': deploymentFailing,
  'target-returns-5xx': targetReturns5xx,
  'malformed-response': malformedResponse,
  'lambda-target-failing': lambdaTargetFailing,
  'lambda-target-not-invokable': lambdaTargetNotInvokable,
  'fixed-response-5xx': fixedResponse5xx,
  'authentication-failing': authenticationFailing,
  'waf-failing': wafFailing,
  'load-balancer-not-active': loadBalancerNotActive,
  'target-optimizer-rejecting': targetOptimizerRejecting,
};

/** Every cause. The order decides between findings that are equal in all else, so it is the catalogue's. */
export const CAUSES: readonly Cause[] = Object.values(CATALOGUE)
  .flat()
  .map((id) => BY_ID[id]);
