import { consoleLinks } from '../../lambda/diagnose/console-links.ts';
import type { Diagnosis, Symptoms } from '../../lambda/incident/diagnosis.ts';
import type { Finding, Fix, TargetRef } from '../../lambda/incident/finding.ts';
import { code, resource, type Text, text, time, verbatim, words } from '../../lambda/incident/text.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
export const BLUE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web-blue/6d0ecf831eec9f09';
const STEPS = {
  service: 'seen',
  connectivity: 'partly',
  logs: 'not',
  configuration: 'seen',
  network: 'partly',
} as const;
const WINDOW = { from: '2026-03-10T14:00:00Z', to: '2026-03-10T14:30:00Z' };
const TRIGGER = {
  kind: 'alarm',
  at: '2026-03-10T14:30:00Z',
  alarmName: 'web-5xx',
  alarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx',
  alarmDescription:
    'The shop answers 5xx.\n\nRunbook: https://wiki.example.com/runbooks/shop-5xx?team=payments#first-steps.\nCall the payments team.',
  state: 'ALARM',
  reason:
    'Threshold Crossed: 1 out of the last 1 datapoints [212.0 (10/03/26 14:24:00)] was greater than the threshold (10.0).',
} as const;
const NOTHING_SEEN: Symptoms = {
  requests: null,
  elb: { '500': null, '502': null, '503': null, '504': null, other5xx: null },
  target5xx: null,
  errorShare: null,
};

export const closed: Finding<Text> = {
  cause: 'target-security-group-closed',
  category: 'network-block',
  strength: 'decisive',
  headline: text`security group ${resource('sg-0aaa1111bbbb2222c')} does not allow inbound traffic from the load balancer on port ${code(8080)}`,
  because: [
    {
      from: 'securityGroups',
      shows: text`${resource('sg-0aaa1111bbbb2222c')} allows inbound ${code('tcp 22')} and ${code('tcp 443')}; nothing in it allows ${resource('sg-0ccc3333dddd4444e')} on ${code('tcp 8080')}`,
    },
    {
      from: 'targetHealth',
      shows: text`2 of 2 targets are unhealthy with ${code('Target.Timeout')}, as when packets are dropped in silence`,
    },
    {
      from: 'loadBalancerMetrics',
      shows: text`the first ${code('504')} came 90 s after the change`,
      at: '2026-03-10T14:20:00Z',
    },
  ],
  change: { at: '2026-03-10T14:18:31Z', who: 'alice', what: 'RevokeSecurityGroupIngress on sg-0aaa1111bbbb2222c' },
  since: '2026-03-10T14:18:31Z',
  affected: {
    targetGroups: [BLUE],
    targets: [
      { id: 'i-0123456789abcdef0', port: 8080, targetGroup: BLUE, zone: 'eu-central-1a' },
      { id: 'i-0fedcba9876543210', port: 8080, targetGroup: BLUE, zone: 'eu-central-1b' },
    ],
    omitted: 0,
    of: 2,
  },
  explains: ['502', '503', '504'],
  share: 0.974,
  fixes: [
    {
      does: text`allow inbound traffic from the load balancer on port ${code(8080)}`,
      run: [
        ...['aws', 'ec2', 'authorize-security-group-ingress', '--region', 'eu-central-1'],
        ...['--group-id', 'sg-0aaa1111bbbb2222c', '--protocol', 'tcp', '--port', '8080'],
        ...['--source-group', 'sg-0ccc3333dddd4444e'],
      ],
      changes: true,
      undo: [
        ...['aws', 'ec2', 'revoke-security-group-ingress', '--region', 'eu-central-1'],
        ...['--group-id', 'sg-0aaa1111bbbb2222c', '--protocol', 'tcp', '--port', '8080'],
        ...['--source-group', 'sg-0ccc3333dddd4444e'],
      ],
      verify: ['aws', 'elbv2', 'describe-target-health', '--region', 'eu-central-1', '--target-group-arn', BLUE],
      managedBy: 'CloudFormation stack web',
    },
    {
      does: text`see who changed the group, and why`,
      run: [
        ...['aws', 'cloudtrail', 'lookup-events', '--region', 'eu-central-1', '--lookup-attributes'],
        'AttributeKey=ResourceName,AttributeValue=sg-0aaa1111bbbb2222c',
      ],
      changes: false,
      undo: null,
      verify: null,
    },
  ],
  facts: { port: 8080, securityGroups: ['sg-0aaa1111bbbb2222c'], peers: ['sg-0ccc3333dddd4444e'] },
};

const slow: Finding<Text> = {
  cause: 'slower-than-idle-timeout',
  category: 'backend-timeout',
  strength: 'circumstantial',
  headline: text`targets of ${resource('web-blue')} answer later than the idle timeout of ${code('60 s')}`,
  because: [
    {
      from: 'loadBalancerMetrics',
      shows: text`the slowest requests took ${code('59.8 s')}, and no connection failed in minutes with requests`,
      at: '2026-03-10T14:21:00Z',
    },
  ],
  affected: { targetGroups: [BLUE], targets: [], omitted: 0, of: 4 },
  explains: ['504'],
  share: 0.62,
  attribution: [{ kinds: ['504'], by: null }],
  fixes: [
    {
      does: text`read which requests are slow, then speed them up`,
      run: null,
      changes: false,
      undo: null,
      verify: null,
    },
    {
      does: text`raise the idle timeout to ${code('120 s')} while you look`,
      run: [
        ...['aws', 'elbv2', 'modify-load-balancer-attributes', '--load-balancer-arn', ARN],
        ...['--attributes', 'Key=idle_timeout.timeout_seconds,Value=120'],
      ],
      changes: true,
      undo: [
        ...['aws', 'elbv2', 'modify-load-balancer-attributes', '--load-balancer-arn', ARN],
        ...['--attributes', 'Key=idle_timeout.timeout_seconds,Value=60'],
      ],
      verify: null,
    },
  ],
  facts: {},
  capped: 'access logs are off, so no single request could be read',
};

export const identified: Diagnosis = {
  schemaVersion: '1.0',
  tool: { name: 'alb-triage', version: '0.1.0' },
  kind: 'triage',
  collectedAt: '2026-03-10T14:31:02Z',
  incidentKey: '123456789012/eu-central-1/app/web/50dc6c495c0c9188',
  incidentId: '3fa8c21b',
  fingerprint: '123456789012/eu-central-1/app/web/50dc6c495c0c9188#target-security-group-closed#web-blue',
  loadBalancer: {
    arn: ARN,
    name: 'web',
    region: 'eu-central-1',
    accountId: '123456789012',
    dnsName: 'web-1234567890.eu-central-1.elb.amazonaws.com',
    tags: [
      { key: 'owner', value: 'payments-team' },
      { key: 'runbook', value: 'https://wiki.example.com/runbooks/shop' },
      { key: 'aws:cloudformation:stack-name', value: 'web' },
    ],
  },
  trigger: TRIGGER,
  window: WINDOW,
  episode: {
    onset: '2026-03-10T14:20:00Z',
    end: null,
    trend: 'rising',
    of: 'errors',
    older: false,
    errors: 1196,
    errorShare: 0.483,
  },
  symptoms: {
    requests: 6120,
    elb: { '500': 0, '502': 0, '503': 0, '504': 1196, other5xx: 0 },
    target5xx: 0,
    errorShare: 0.195,
  },
  verdict: {
    status: 'identified',
    cause: 'target-security-group-closed',
    headline: text`security group ${resource('sg-0aaa1111bbbb2222c')} does not allow inbound traffic from the load balancer on ${code(8080)}`,
  },
  findings: [closed],
  changes: [
    {
      at: '2026-03-10T14:18:31Z',
      who: 'alice',
      what: 'RevokeSecurityGroupIngress',
      resource: 'sg-0aaa1111bbbb2222c',
      source: 'ec2.amazonaws.com',
    },
  ],
  timeline: [
    {
      at: '2026-03-10T14:18:31Z',
      kind: 'change',
      what: text`alice: RevokeSecurityGroupIngress on ${resource('sg-0aaa1111bbbb2222c')}`,
    },
    { at: '2026-03-10T14:20:00Z', kind: 'symptom', what: text`first ${code('504')}` },
    { at: '2026-03-10T14:24:00Z', kind: 'alarm', what: text`${code('web-5xx')} goes to ALARM` },
  ],
  circumstances: [
    {
      from: 'targetHealth',
      shows: text`${resource('web-blue')} fails open: neither of its 2 targets is healthy, so all of them get requests`,
    },
  ],
  ruledOut: [
    { cause: 'no-registered-targets', because: text`${resource('web-blue')} has 2 registered targets` },
    { cause: 'instance-not-running', because: words('both instances are running') },
    {
      cause: 'health-check-code-mismatch',
      because: text`no target gives ${code('Target.ResponseCodeMismatch')} as its reason`,
    },
  ],
  notApplicable: [{ cause: 'lambda-target-failing', because: words('no target is a Lambda function') }],
  undetermined: [
    {
      cause: 'network-acl-blocks',
      missing: [{ evidence: 'networkAcls', why: 'denied', action: 'ec2:DescribeNetworkAcls' }],
    },
    {
      cause: 'host-firewall',
      missing: [
        { evidence: 'networkAcls', why: 'denied', action: 'ec2:DescribeNetworkAcls' },
        {
          evidence: 'instances',
          why: 'partial',
          ids: ['i-0fedcba9876543210'],
          action: 'ec2:DescribeInstances',
          detail: 'it may have been terminated',
        },
      ],
    },
  ],
  broken: [],
  coverage: { judged: 5, of: 7, denied: ['ec2:DescribeNetworkAcls'], steps: STEPS },
  links: consoleLinks(
    {
      subject: {
        arn: ARN,
        dimension: 'app/web/50dc6c495c0c9188',
        name: 'web',
        partition: 'aws',
        region: 'eu-central-1',
        accountId: '123456789012',
      },
      at: WINDOW.to,
      window: WINDOW,
      trigger: TRIGGER,
    },
    [{ arn: BLUE, name: 'web-blue' }],
  ),
  cost: { durationMs: 1234, apiCalls: 22, criticalPath: 3 },
};

export const suspected: Diagnosis = {
  ...identified,
  fingerprint: '123456789012/eu-central-1/app/web/50dc6c495c0c9188#slower-than-idle-timeout#web-blue',
  episode: {
    onset: '2026-03-10T11:31:00Z',
    end: null,
    trend: 'steady',
    of: 'errors',
    older: true,
    errors: 42,
    errorShare: 0.0213,
  },
  symptoms: {
    requests: 1971,
    elb: { '500': 0, '502': 4, '503': 0, '504': 26, other5xx: 0 },
    target5xx: 12,
    errorShare: 0.0213,
  },
  verdict: { status: 'suspected', cause: slow.cause, headline: slow.headline },
  findings: [slow],
  timeline: [],
  changes: [],
};

export const inconclusive: Diagnosis = {
  ...identified,
  fingerprint: '123456789012/eu-central-1/app/web/50dc6c495c0c9188#none#',
  episode: null,
  symptoms: NOTHING_SEEN,
  verdict: {
    status: 'inconclusive',
    cause: null,
    headline: words('No cause found, and the error metrics could not be seen'),
  },
  findings: [],
  timeline: [],
  changes: [],
  undetermined: [
    ...identified.undetermined,
    {
      cause: 'traffic-surge',
      missing: [{ evidence: 'loadBalancerMetrics', why: 'denied', action: 'cloudwatch:GetMetricData' }],
    },
    {
      cause: 'out-of-memory',
      missing: [{ evidence: 'serviceMetrics', why: 'timed-out', detail: 'The budget of 25 s was used up.' }],
    },
  ],
  broken: [{ cause: 'waf-failing', error: 'TypeError: matcher is not iterable' }],
  coverage: { judged: 4, of: 9, denied: ['cloudwatch:GetMetricData', 'ec2:DescribeNetworkAcls'], steps: STEPS },
};

export const quiet: Diagnosis = {
  ...identified,
  fingerprint: '123456789012/eu-central-1/app/web/50dc6c495c0c9188#none#',
  episode: null,
  symptoms: {
    requests: 6120,
    elb: { '500': 0, '502': 1, '503': 0, '504': 0, other5xx: 0 },
    target5xx: 0,
    errorShare: 0.000163,
  },
  verdict: {
    status: 'quiet',
    cause: null,
    headline: words('One request was answered 5xx in the last 30 min: no outage'),
  },
  findings: [{ ...closed, strength: 'circumstantial', share: null, capped: 'the load balancer is quiet' }],
};

export const recovered: Diagnosis = {
  ...identified,
  kind: 'recovered',
  supersedes: identified.fingerprint,
  durationSeconds: 2520,
  trigger: { ...TRIGGER, state: 'OK', at: '2026-03-10T15:06:00Z' },
  collectedAt: '2026-03-10T15:06:40Z',
  episode: {
    onset: '2026-03-10T14:20:00Z',
    end: '2026-03-10T15:02:00Z',
    trend: 'over',
    of: 'errors',
    older: false,
    errors: 1530,
    errorShare: 0.31,
  },
  verdict: {
    ...identified.verdict,
    headline: text`${closed.headline}; the errors stopped at ${time('2026-03-10T15:02:00Z')}`,
  },
};

const ERROR =
  'elasticloadbalancing:DescribeLoadBalancers was denied: allow it for the role of the triage, then ask again.';

export const failed: Diagnosis = {
  ...inconclusive,
  kind: 'failed',
  error: ERROR,
  verdict: {
    status: 'inconclusive',
    cause: null,
    headline: text`Could not triage ${resource('web')}: ${verbatim(ERROR.replace(/\.$/, ''))}`,
  },
  loadBalancer: { arn: null, name: 'web', region: null, accountId: null, tags: [] },
  circumstances: [],
  ruledOut: [],
  notApplicable: [],
  undetermined: [],
  broken: [],
  coverage: { judged: 0, of: 46, denied: ['elasticloadbalancing:DescribeLoadBalancers'], steps: STEPS },
  links: [],
};

const manyTargets: readonly TargetRef[] = Array.from({ length: 50 }, (_, index) => ({
  id: `10.0.${Math.floor(index / 250)}.${index % 250}`,
  port: 8080,
  targetGroup: BLUE,
  zone: 'eu-central-1a',
}));

const manyAffected: Diagnosis = {
  ...identified,
  findings: [{ ...closed, affected: { targetGroups: [BLUE], targets: manyTargets, omitted: 250, of: 300 } }],
};

export const twoFindings: Diagnosis = { ...identified, findings: [closed, slow] };

const HOSTILE = 'we\u001b[31mb\u0000\r\n"`$(rm -rf ~)`" **bold** <script>\u202e\ud800 [a](http://x.test)';
const hostileFix: Fix<Text> = {
  does: text`restart ${resource(HOSTILE)}`,
  run: ['aws', 'x', HOSTILE, "it's", ''],
  changes: true,
  undo: null,
  verify: null,
  managedBy: HOSTILE,
};

/** Everything that other people may name, named by somebody unkind. */
export const hostile: Diagnosis = {
  ...identified,
  loadBalancer: { ...identified.loadBalancer, name: HOSTILE, tags: [{ key: HOSTILE, value: HOSTILE }] },
  trigger: { ...TRIGGER, alarmName: HOSTILE, alarmDescription: `${HOSTILE}\n${'long '.repeat(2000)}`, reason: HOSTILE },
  verdict: { ...identified.verdict, headline: text`${resource(HOSTILE)} is ${code(HOSTILE)}` },
  findings: [
    {
      ...closed,
      headline: words(HOSTILE),
      fixes: [hostileFix],
      change: { at: 'yesterday', who: HOSTILE, what: HOSTILE },
    },
  ],
  timeline: [{ at: 'never', kind: 'change', what: text`${HOSTILE} at ${time('no time')}` }],
  links: [{ title: HOSTILE, url: `https://example.com/${HOSTILE}` }],
};

/** An error that goes on, of which only failing targets were seen. */
export const failingTargetsOnly: Diagnosis = {
  ...identified,
  episode: {
    onset: '2026-03-10T14:20:00Z',
    end: null,
    trend: 'steady',
    of: 'failing-targets',
    older: false,
    errors: 0,
    errorShare: null,
  },
  symptoms: NOTHING_SEEN,
  verdict: { ...identified.verdict, status: 'suspected' },
  findings: [{ ...closed, share: null }],
};

export const ALL: readonly (readonly [string, Diagnosis])[] = [
  ['identified', identified],
  ['suspected', suspected],
  ['inconclusive', inconclusive],
  ['quiet', quiet],
  ['recovered', recovered],
  ['failed', failed],
  ['300 targets', manyAffected],
  ['two findings', twoFindings],
  ['hostile names', hostile],
  ['failing targets only', failingTargetsOnly],
];
