import { describe, expect, test } from 'vitest';
import { candidateOf, type Found } from '../../../lambda/causes/cause.ts';
import { CAUSES } from '../../../lambda/causes/index.ts';
import healthCheckCodeMismatch from '../../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { clusterProofsOf } from '../../../lambda/diagnose/kubernetes/cluster-proofs.ts';
import type { CauseId } from '../../../lambda/incident/cause.ts';
import type { Fix } from '../../../lambda/incident/finding.ts';
import { type Text, text, words } from '../../../lambda/incident/text.ts';
import { fixesWithCluster } from '../../../lambda/remedies/kubernetes/cluster-fixes.ts';
import { healthPath } from '../../../lambda/remedies/kubernetes/ingress-remedies.ts';
import { preStop, readinessGate } from '../../../lambda/remedies/kubernetes/pod-remedies.ts';
import { showHealth } from '../../../lambda/remedies/look.ts';
import { stackOwner } from '../../../lambda/remedies/owner.ts';
import { aws, type Options, type Remedy } from '../../../lambda/remedies/remedy.ts';
import { reportFix } from '../../../lambda/remedies/writers/report-fix.ts';
import {
  aSnapshot,
  denied,
  type Ill,
  LB,
  securityGroup,
  TG,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const ofIngress = {
  'elbv2.k8s.aws/cluster': 'prod',
  'ingress.k8s.aws/stack': 'shop/web',
  'ingress.k8s.aws/resource': 'shop/web-api:8080',
};
const kept: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [unhealthy('10.0.10.20', 'Target.ResponseCodeMismatch')],
  tags: { [TG]: ofIngress },
};

function fix(run: Remedy['run'], more: Partial<Remedy> = {}): Remedy {
  return { does: words('do it'), run, changes: true, undo: null, verify: null, ...more };
}

function found(fixes: readonly Remedy[], more: Partial<Found> = {}): Found {
  return {
    strength: 'strong',
    says: text`it is broken`,
    because: [{ from: 'targetHealth', shows: text`so it is` }],
    affects: { targetGroups: [TG], targets: [] },
    explains: ['503'],
    fixes,
    ...more,
  };
}

/** As the report has them. */
function fixesOf(id: CauseId, one: Found, ill: Ill = kept): Fix<Text>[] {
  const { mends = [], see = [] } = CAUSES.find((cause) => cause.id === id)?.inCluster ?? {};
  const fault = { ...candidateOf(one), mends: [...mends, ...(one.mendsInCluster ?? [])], see };
  return fixesWithCluster(fault, aSnapshot(ill).evidence).map((remedy) => reportFix(remedy, REGION));
}

const REGION = 'us-east-1';

/** What the reader is told to do, without the looks at the end. */
function told(cause: CauseId, one: Found, ill: Ill = kept): string[] {
  return fixesOf(cause, one, ill)
    .filter(({ changes }) => changes)
    .map(({ does, run }) => run?.join(' ') ?? plain(does));
}

const modify = (options: Options) => aws('elbv2', 'modify-target-group', { targetGroupArn: TG, ...options });

describe('a command that sets what an annotation sets', () => {
  const one = fix(modify({ healthCheckPort: 'traffic-port' }), { undo: modify({ healthCheckPort: '9000' }) });

  test('comes after its lasting twin', () => {
    const [twin, own] = fixesOf('health-check-port-mismatch', found([one]), kept);
    const annotate = 'kubectl annotate ingress web --namespace shop --overwrite alb.ingress.kubernetes.io';
    expect(twin?.run?.join(' ')).toBe(`${annotate}/healthcheck-port=traffic-port`);
    expect(twin?.undo?.join(' ')).toBe(`${annotate}/healthcheck-port=9000`);
    const managedBy = { kind: 'controller', title: 'load balancer controller of cluster prod' } as const;
    expect(own).toEqual(reportFix({ ...one, managedBy }, REGION));
  });

  test('is told in words where only a group of ingresses is known', () => {
    const tags = { [TG]: { ...ofIngress, 'ingress.k8s.aws/stack': 'public' } };
    expect(told('health-check-port-mismatch', found([one]), { ...kept, tags })[0]).toBe(
      'do it: annotate the ingress or the service behind web (namespace shop (cluster prod)) with `alb.ingress.kubernetes.io/healthcheck-port=traffic-port`',
    );
  });

  test('never as a command where one annotation holds all attributes', () => {
    const attributes = { Key: 'idle_timeout.timeout_seconds', Value: 120 };
    const raise = fix(aws('elbv2', 'modify-load-balancer-attributes', { loadBalancerArn: LB, attributes }));
    expect(told('slower-than-idle-timeout', found([raise]))).toEqual([
      'do it, permanently: add `idle_timeout.timeout_seconds=120` to annotation `alb.ingress.kubernetes.io/load-balancer-attributes` of ingress web in namespace shop (cluster prod), next to what it contains',
      `aws elbv2 modify-load-balancer-attributes --load-balancer-arn ${LB} --attributes Key=idle_timeout.timeout_seconds,Value=120 --region us-east-1`,
    ]);
  });
});

test.each<[string, CauseId, Partial<Found>, RegExp]>([
  [
    'a path that moved',
    'health-check-code-mismatch',
    { mendsInCluster: [healthPath] },
    /healthcheck-path.*now `\/health`/,
  ],
  ['no ready pod', 'no-registered-targets', {}, /bring the pods of service api .* back to ready/],
  ['a port of another', 'wrong-target-port', {}, /correct `targetPort` of service api/],
  ['a zone without the load balancer', 'zone-not-enabled', {}, /ingress.kubernetes.io\/subnets/],
  ['too much for few pods', 'traffic-surge', {}, /run more pods of api/],
  ['rules of the ingress', 'target-group-not-routed', {}, /change the rules of ingress web/],
  ['plain HTTP to TLS', 'tls-on-http-target-group', {}, /^kubectl annotate .*backend-protocol=HTTPS$/],
  ['TLS to plain HTTP', 'tls-handshake-failing', {}, /backend-protocol.* to `HTTP`/],
  ['HTTP/2 to HTTP/1.1', 'protocol-version-mismatch', {}, /^kubectl annotate .*backend-protocol-version=HTTP1$/],
  [
    'pods replaced too early',
    'deployment-replacing-targets',
    { mendsInCluster: [readinessGate, preStop] },
    /^kubectl label namespace shop --overwrite elbv2.k8s.aws\/pod-readiness-gate-inject=enabled$/,
  ],
  [
    'pods replaced, of which there were enough',
    'deployment-replacing-targets',
    { mendsInCluster: [preStop, readinessGate] },
    /preStop/,
  ],
  ['requests cut', 'deregistration-cuts-requests', {}, /preStop.*above the deregistration delay of 300 s/],
])('%s has a remedy in the cluster, in front of all others', (_, cause, more, remedy) => {
  expect(told(cause, found([fix(null)], more))[0]).toMatch(remedy);
});

test.each([
  ['404', true],
  ['503', false],
])('a health endpoint that answers %s is mended by another path: %s', (status, moved) => {
  const description = `Health checks failed with these codes: [${status}]`;
  const failing = unhealthy('10.0.10.20', 'Target.ResponseCodeMismatch', { description });
  const [finding] = diagnose(aSnapshot({ ...kept, targetHealth: [failing] }), [healthCheckCodeMismatch]).findings;
  const said = (finding?.fixes ?? []).map(({ does }) => plain(does));
  expect(said.some((each) => each.includes('healthcheck-path'))).toBe(moved);
});

test('a path that moved is mended together with the liveness probe, and in the place of what AWS alone would hold', () => {
  const byHand = { verify: showHealth(TG) };
  const moved = found([fix(null, byHand)], { mendsInCluster: [healthPath] });
  expect(told('health-check-code-mismatch', moved)).toEqual([
    expect.stringMatching(/healthcheck-path/),
    expect.stringMatching(/liveness probe .* also requests `\/health`/),
  ]);
  expect(told('health-check-code-mismatch', found([fix(null)], { mendsInCluster: [healthPath] }))).toContain('do it');
});

test('where a fix says to look already, no other says it', () => {
  const runs = fixesOf('targets-not-yet-healthy', found([]), kept).map(({ run }) => run?.join(' '));
  expect(runs.filter((run) => run?.startsWith('kubectl get pods'))).toEqual([]);
});

test('nodes have no readiness gates', () => {
  const nodes = { ...kept, targetGroups: [targetGroup('web')] };
  expect(told('targets-not-yet-healthy', found([]), nodes)).toEqual([]);
});

test('EKS Auto Mode has a label of its own for readiness gates', () => {
  const tags = {
    [TG]: {
      'eks:eks-cluster-name': 'auto',
      'ingress.eks.amazonaws.com/stack': 'shop/web',
      'ingress.eks.amazonaws.com/resource': 'shop/web-api:8080',
    },
  };
  expect(told('targets-not-yet-healthy', found([]), { ...kept, tags })).toEqual([
    'kubectl label namespace shop --overwrite eks.amazonaws.com/pod-readiness-gate-inject=enabled',
  ]);
});

describe('a closed security group', () => {
  const authorize = fix(aws('ec2', 'authorize-security-group-ingress', { groupId: 'sg-app' }), {
    managedBy: stackOwner('nodes'),
  });
  const groups = (tags: Record<string, string>): Ill => ({
    ...kept,
    securityGroups: [{ ...securityGroup('sg-alb', []), tags }, securityGroup('sg-app', [])],
  });
  const rules = (ill: Ill) => fixesOf('target-security-group-closed', found([authorize]), ill);

  test('that the ingress names itself is opened by the controller when told', () => {
    const [first, own] = rules(groups({}));
    expect(first?.run?.join(' ')).toMatch(/manage-backend-security-group-rules=true$/);
    expect(first?.undo?.join(' ')).toMatch(/manage-backend-security-group-rules-$/);
    expect(own?.managedBy).toBe('load balancer controller of cluster prod and CloudFormation stack nodes');
  });

  test("of the controller's own keeping is the controller's to explain", () => {
    const [, then] = rules(groups({ 'elbv2.k8s.aws/resource': 'backend-sg' }));
    expect(then).toMatchObject({ changes: false });
    expect(then?.run?.join(' ')).toContain('app.kubernetes.io/name=aws-load-balancer-controller');
  });

  test('that the controller took away it may take away again', () => {
    const change = { at: '2026-03-10T14:13:00Z', who: 'role/aws-load-balancer-controller (1)', what: 'revoked a rule' };
    const ill = groups({ 'elbv2.k8s.aws/resource': 'backend-sg' });
    const own = fix(authorize.run, {
      managedBy: {
        kind: 'controller',
        title: 'load balancer controller',
        ranBy: 'role/aws-load-balancer-controller (1)',
      },
    });
    const [first, then] = fixesOf('target-security-group-closed', found([own], { change }), ill);
    expect(plain(then?.does ?? [])).toContain('removed its rule: it may also remove a rule added by hand');
    expect(first?.managedBy).toBe(
      'load balancer controller of cluster prod, run by role/aws-load-balancer-controller (1)',
    );
  });

  test('says nothing of the annotation where the groups of the load balancer were not seen', () => {
    expect(rules({ ...kept, securityGroups: denied('ec2:DescribeSecurityGroups') })[0]?.run).toEqual(
      reportFix(authorize, REGION).run,
    );
  });
});

test.each<[string, Ill]>([
  ['no controller keeps the group', { ...kept, tags: { [TG]: {} } }],
  ['the tags were not seen', { ...kept, tags: denied('elasticloadbalancing:DescribeTags') }],
])('says nothing of Kubernetes where %s', (_, ill) => {
  const one = found([fix(modify({ healthCheckPort: 'traffic-port' }))]);
  expect(fixesOf('health-check-port-mismatch', one, ill)).toEqual(
    one.fixes.map((each) => reportFix(each as Remedy, REGION)),
  );
});

test('a finding ends its proof with what the group stands for', () => {
  const [finding] = diagnose(aSnapshot(kept), [healthCheckCodeMismatch]).findings;
  expect(plain(finding?.because.at(-1)?.shows ?? [])).toBe(
    'web is what ingress web of namespace shop (cluster prod) sends to service api port `8080`',
  );
});

describe('a finding about the load balancer itself', () => {
  const ofLoadBalancer: Ill = {
    tags: { [LB]: { ...ofIngress, 'ingress.k8s.aws/resource': 'LoadBalancer' }, [TG]: {} },
  };
  const one = found([fix(null)], { affects: { targetGroups: [], targets: [] } });

  test('is mended in the ingress that the load balancer is kept for', () => {
    const [rules, , look] = fixesOf('fixed-response-5xx', one, ofLoadBalancer);
    expect(plain(rules?.does ?? [])).toMatch(/^change the rules of ingress web in namespace shop/);
    expect(rules?.verify).toBeNull();
    expect(look?.run?.join(' ')).toBe('kubectl describe ingress web --namespace shop');
  });

  test('says whose the load balancer is', () => {
    const [shows] = clusterProofsOf(candidateOf(one), aSnapshot(ofLoadBalancer).evidence);
    expect(plain(shows?.shows ?? [])).toBe('web is kept for ingress web of namespace shop (cluster prod)');
  });

  test('says nothing where a group of ingresses shares it', () => {
    const tags = { [LB]: { 'elbv2.k8s.aws/cluster': 'prod', 'ingress.k8s.aws/stack': 'public' } };
    expect(fixesOf('fixed-response-5xx', one, { tags })).toEqual(
      one.fixes.map((each) => reportFix(each as Remedy, REGION)),
    );
  });
});
