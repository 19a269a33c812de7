import type { CauseId } from '../../incident/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { code, resource, type Text, text } from '../../incident/text.ts';
import type { Found } from '../../rules/rule.ts';
import { showHealth } from '../../semantics/commands.ts';
import { byController, isSharedBackend } from '../../semantics/kubernetes/controller.ts';
import { controllerOf } from '../../semantics/kubernetes/names.ts';
import { groupName } from '../../semantics/targets.ts';
import { annotating } from './annotated.ts';
import { type KeptGroup, placeOf } from './kept.ts';

/** What mends a cause in the cluster where no command of AWS has a twin there; the way to take first comes first. */
export function remediesFor(
  cause: CauseId,
  found: Found,
  kept: KeptGroup,
  evidence: ObservedEvidence,
): readonly Fix<Text>[] {
  return (REMEDIES[cause] ?? []).flatMap((remedy) => remedy(kept, { found, evidence }));
}

interface About {
  readonly found: Found;
  readonly evidence: ObservedEvidence;
}

type Remedy = (kept: KeptGroup, about: About) => readonly Fix<Text>[];

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

function byHand(does: Text, arn: string): Fix<Text> {
  return { does, run: null, changes: true, undo: null, verify: showHealth(arn) };
}

function podsReady({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  const whose = names.service === null ? text`behind it` : text`of service ${resource(names.service)}`;
  return [
    byHand(
      text`bring the pods ${whose} in ${placeOf(names)} back to ready: the controller registers those that are, and takes away what is registered by hand`,
      arn,
    ),
  ];
}

function healthPath({ arn, names, group }: KeptGroup, { found }: About): readonly Fix<Text>[] {
  const { codes } = found.facts ?? {};
  const moved = Array.isArray(codes) && codes.some((status) => Number(status) < 500);
  if (!moved || group === undefined) return [];
  const { path, matcher } = group.healthCheck;
  return [
    byHand(
      text`set ${code('alb.ingress.kubernetes.io/healthcheck-path')} (now ${code(path ?? '/')}) of ${holderOf(names)} in ${placeOf(names)} to the path that answers ${code(matcher ?? '200')}: the controller puts back what is changed in AWS alone`,
      arn,
    ),
  ];
}

function targetPort({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  const service = names.service === null ? text`the service behind it` : text`service ${resource(names.service)}`;
  return [
    byHand(
      text`correct ${code('targetPort')} of ${service} in ${placeOf(names)}: the controller registers the port that it names`,
      arn,
    ),
  ];
}

function zoneSubnets({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  return [
    byHand(
      text`name a subnet of that zone in ${code('alb.ingress.kubernetes.io/subnets')} of ${holderOf(names)} in ${placeOf(names)}, or tag one for the controller to find`,
      arn,
    ),
  ];
}

function replicas({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  const whose = names.service === null ? text`behind ${resource(groupName(arn))}` : text`of ${resource(names.service)}`;
  return [
    byHand(
      text`let more pods ${whose} run in ${placeOf(names)}: more replicas, or a higher limit of what scales them`,
      arn,
    ),
  ];
}

function ingressRules({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  return [
    byHand(
      text`change the rules of ${holderOf(names)} in ${placeOf(names)}: the controller writes the listener rules after them`,
      arn,
    ),
  ];
}

/**
 * The controller opens the security groups of nodes and pods to its own backend group. Where an ingress names the load
 * balancer's groups itself, it does so only when told.
 */
function backendRules(kept: KeptGroup, { found, evidence }: About): readonly Fix<Text>[] {
  const own = ifSeen(evidence.loadBalancer)?.securityGroupIds ?? [];
  const groups = (ifSeen(evidence.securityGroups) ?? []).filter(({ id }) => own.includes(id));
  if (groups.length < own.length || own.length === 0) return [];
  const controller = controllerOf(kept.names.cluster);
  if (!groups.some(isSharedBackend)) {
    return [
      annotating(kept, [{ name: 'manage-backend-security-group-rules', value: 'true' }], {
        does: text`let the ${controller} open the groups of pods and nodes`,
        undo: 'remove',
        verify: showHealth(kept.arn),
      }),
    ];
  }
  const took = found.change !== undefined && byController({ who: found.change.who, tool: null });
  return [
    {
      does: took
        ? text`see why the ${controller} took its rule away: what is opened by hand it takes away again`
        : text`see why the ${controller} does not keep its rule: what is opened by hand it may take away`,
      run: [
        ...['kubectl', 'logs', '--namespace', 'kube-system', '--since', '1h'],
        ...['--selector', 'app.kubernetes.io/name=aws-load-balancer-controller'],
      ],
      changes: false,
      undo: null,
      verify: null,
    },
  ];
}

function frontendGroups({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  return [
    byHand(
      text`if ${holderOf(names)} names the load balancer's groups (${code('alb.ingress.kubernetes.io/security-groups')}), open them where they are written down: otherwise they are the controller's own`,
      arn,
    ),
  ];
}

function plainBackend({ arn, names }: KeptGroup): readonly Fix<Text>[] {
  return [
    byHand(
      text`if the pods speak plain HTTP, set ${code('alb.ingress.kubernetes.io/backend-protocol')} of ${holderOf(names)} in ${placeOf(names)} to ${code('HTTP')}: the controller makes a new target group`,
      arn,
    ),
  ];
}

function tlsBackend(kept: KeptGroup): readonly Fix<Text>[] {
  return [
    annotating(kept, [{ name: 'backend-protocol', value: 'HTTPS' }], {
      does: text`speak TLS to the pods, in a new target group that the controller makes`,
      undo: [{ name: 'backend-protocol', value: 'HTTP' }],
      verify: showHealth(kept.arn),
    }),
  ];
}

function protocolVersion(kept: KeptGroup): readonly Fix<Text>[] {
  const version = kept.group?.protocolVersion;
  return [
    annotating(kept, [{ name: 'backend-protocol-version', value: 'HTTP1' }], {
      does: text`speak HTTP/1.1 to the pods, in a new target group that the controller makes`,
      undo: typeof version === 'string' ? [{ name: 'backend-protocol-version', value: version }] : null,
      verify: showHealth(kept.arn),
    }),
  ];
}

/** Only where targets are pods: of a node nobody can say which pod it stands for. */
function readinessGate({ names, group }: KeptGroup): readonly Fix<Text>[] {
  if (group?.targetType !== 'ip') return [];
  const { namespace, autoMode } = names;
  const label = `${autoMode ? 'eks.amazonaws.com' : 'elbv2.k8s.aws'}/pod-readiness-gate-inject`;
  return [
    {
      does: text`let a rollout wait until the load balancer calls a new pod healthy (readiness gates, for pods made from now on)`,
      run: ['kubectl', 'label', 'namespace', namespace, '--overwrite', `${label}=enabled`],
      changes: true,
      undo: ['kubectl', 'label', 'namespace', namespace, `${label}-`],
      verify: ['kubectl', 'get', 'pods', '--namespace', namespace, '--output', 'wide'],
    },
  ];
}

/** Where there were pods enough all the time, what was lost is what they were doing as they left. */
function rollout(kept: KeptGroup, { found }: About): readonly Fix<Text>[] {
  const { short } = found.facts ?? {};
  const [gate, stop] = [readinessGate(kept), preStop(kept)];
  return short === false ? [...stop, ...gate] : [...gate, ...stop];
}

const DEFAULT_DELAY = '300';

function preStop({ arn, attributes, names }: KeptGroup): readonly Fix<Text>[] {
  const delay = attributes['deregistration_delay.timeout_seconds'] ?? DEFAULT_DELAY;
  const whose = names.service === null ? text`behind ${resource(groupName(arn))}` : text`of ${resource(names.service)}`;
  return [
    {
      ...byHand(
        text`give the pods ${whose} in ${placeOf(names)} a ${code('preStop')} hook that sleeps for 15 s or more, and a ${code('terminationGracePeriodSeconds')} above the deregistration delay of ${delay} s: a pod gets its signal to stop while requests still come`,
        arn,
      ),
      verify: null,
    },
  ];
}

function holderOf({ ingress }: KeptGroup['names']): Text {
  return ingress === null ? text`the ingress` : text`ingress ${resource(ingress)}`;
}
