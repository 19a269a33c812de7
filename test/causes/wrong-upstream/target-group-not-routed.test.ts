import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/target-group-not-routed/cause.ts';
import {
  aRuleTo,
  denied,
  groupArn,
  LB,
  lately,
  metrics,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const green = groupArn('green');
const forward = (...to: [string, number][]) => ({
  type: 'forward' as const,
  to: to.map(([targetGroup, weight]) => ({ targetGroup, weight })),
});
const rules = (...actions: (ReturnType<typeof forward> | { type: 'other'; name: string })[]) => [
  { arn: `${LB}/rule`, listenerArn: `${LB}/listener-80`, priority: null, actions, conditions: [] },
];
const inGreen = (id: string, ill = {}) => target(id, { targetGroup: green, ...ill });
const errors = metrics({ HTTPCode_ELB_503_Count: lately(9, 120), HTTPCode_ELB_5XX_Count: lately(9, 120) });
/** Rules send to `web`, which is empty; the targets are in `green`, with weight 0. */
const switched = {
  targetGroups: [targetGroup('web'), targetGroup('green')],
  listenerRules: rules(forward([TG, 100], [green, 0])),
  targetHealth: [inGreen('i-1'), inGreen('i-2')],
  loadBalancerMetrics: errors,
};
const unused = (description: string | null) =>
  inGreen('i-1', { state: 'unused', reason: 'Target.NotInUse', description });

const idle = (name: string, ill = {}) => ({
  group: targetGroup(name, { loadBalancerArns: [], ...ill }),
  targets: [unused(null)],
});
const emptied = {
  at: '2026-03-10T14:21:00Z',
  who: 'alice',
  by: 'person' as const,
  tool: null,
  what: 'deregistered targets',
  event: 'DeregisterTargets',
  source: 'elasticloadbalancing.amazonaws.com',
  resources: [TG],
  details: { is: 'other' as const },
};
/** `web` alone belongs to the load balancer. */
const apart = (...idleTargetGroups: ReturnType<typeof idle>[]) => ({
  ...switched,
  targetGroups: [targetGroup('web')],
  listenerRules: aRuleTo(TG),
  targetHealth: [],
  idleTargetGroups,
});

test.each([
  ['the group that gets requests is empty, the other holds the targets', switched, 'found decisive'],
  ['no 503 was seen', { ...switched, loadBalancerMetrics: metrics() }, 'found circumstantial'],
  [
    'the other group is in no rule at all',
    {
      ...switched,
      listenerRules: rules(forward([TG, 1])),
      targetHealth: [unused('Target group is not configured to receive traffic from the load balancer')],
    },
    'found decisive',
  ],
  [
    'its targets are idle because of their zone',
    {
      ...switched,
      targetHealth: [unused('Target is in an Availability Zone that is not enabled for the load balancer')],
    },
    'ruled-out',
  ],
  [
    'the targets of the other group fail',
    { ...switched, targetHealth: [unhealthy('i-1', 'Target.Timeout', { targetGroup: green })] },
    'ruled-out',
  ],
  [
    'the group that gets requests only drains',
    { ...switched, targetHealth: [target('i-1', { state: 'draining' }), inGreen('i-2')] },
    'found decisive',
  ],
  ['idle green beside serving blue', { ...switched, targetHealth: [target('i-1'), inGreen('i-2')] }, 'ruled-out'],
  [
    'idle green beside failing blue: blue has a cause of its own',
    { ...switched, targetHealth: [unhealthy('i-1', 'Target.Timeout'), inGreen('i-2')] },
    'ruled-out',
  ],
  ['both get requests, one is empty', { ...switched, listenerRules: rules(forward([TG, 1], [green, 1])) }, 'ruled-out'],
  ['no group holds targets', { ...switched, targetHealth: [] }, 'ruled-out'],
  [
    'what holds targets is of another kind',
    { ...switched, targetGroups: [targetGroup('web'), targetGroup('green', { targetType: 'lambda' })] },
    'ruled-out',
  ],
  ['a group that no load balancer uses holds targets', apart(idle('green')), 'found strong'],
  ['somebody emptied the other group', { ...apart(idle('green')), changes: [emptied] }, 'found circumstantial'],
  [
    'somebody emptied a third group',
    { ...apart(idle('green')), changes: [{ ...emptied, resources: [groupArn('api')] }] },
    'found strong',
  ],
  ['nobody knows who changed what', { ...apart(idle('green')), changes: denied() }, 'found circumstantial'],
  ['two such groups', apart(idle('green'), idle('blue')), 'found circumstantial'],
  ['such a group on another port', apart(idle('green', { port: 9090 })), 'ruled-out'],
  ['such a group in another protocol', apart(idle('green', { protocolVersion: 'GRPC' })), 'ruled-out'],
  ['such a group without targets', apart({ ...idle('green'), targets: [] }), 'ruled-out'],
  ['such groups denied', { ...apart(), idleTargetGroups: denied() }, 'undetermined'],
  [
    'such groups not all asked about',
    { ...apart(), idleTargetGroups: partly([], { why: 'not-asked', detail: 'x', ids: [green] }) },
    'undetermined',
  ],
  [
    'a rule may name it: not all rules were read',
    { ...switched, listenerRules: partly(switched.listenerRules, { why: 'denied', detail: 'x', ids: ['listener'] }) },
    'found circumstantial',
  ],
  ['rules denied', { ...switched, listenerRules: denied('elasticloadbalancing:DescribeRules') }, 'undetermined'],
  ['all is well', {}, 'ruled-out'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which group is empty, which holds the targets, and switches the weights', () => {
  expect(readable(cause, switched)).toMatchInlineSnapshot(`
    "Requests go to web, which has no target; green has targets and gets none [decisive]
      because  1 rule forwards to web (the default rule), and no rule sends anything to green   [listenerRules]
      because  web has no usable target   [targetHealth]
      because  green holds 2 targets   [targetHealth]
      because  1,080 requests answered \`503\` since 14:21   [loadBalancerMetrics]
      fix      forward the requests of the default rule to green
               aws elbv2 modify-listener --listener-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188/listener-80 --default-actions Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/73e2d6bc24d8a067,Weight=100},{TargetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067,Weight=0}]} --region us-east-1
         undo  aws elbv2 modify-listener --listener-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188/listener-80 --default-actions Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067,Weight=100},{TargetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/green/73e2d6bc24d8a067,Weight=0}]} --region us-east-1
      look     see who changed rules, and whether a deployment is in progress
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyListener --start-time 2026-03-09T14:21:00Z --region us-east-1"
  `);
});

test.each([
  [
    'a rule with a condition',
    rules(forward([TG, 1])).map((one) => ({ ...one, priority: 10, conditions: ['path is /api/*'] })),
    `modify-rule --rule-arn ${LB}/rule --actions Type=forward,TargetGroupArn=${green}`,
  ],
  [
    'the default rule',
    rules(forward([TG, 1])),
    `modify-listener --listener-arn ${LB}/listener-80 --default-actions Type=forward,TargetGroupArn=${green}`,
  ],
])('%s is sent to the group that holds the targets', (_, listenerRules, command) => {
  expect(readable(cause, { ...switched, listenerRules })).toContain(command);
});

test.each([
  [
    'there are steps before forwarding that were not read',
    { listenerRules: rules({ type: 'other', name: 'authenticate-oidc' }, forward([TG, 1])) },
  ],
  ['another group gets a share', { listenerRules: rules(forward([TG, 1], [groupArn('api'), 1])) }],
  [
    'two groups hold targets',
    {
      targetGroups: [...switched.targetGroups, targetGroup('old')],
      targetHealth: [inGreen('i-1'), target('i-2', { targetGroup: groupArn('old') })],
    },
  ],
])('no rule is changed where %s', (_, ill) => {
  expect(readable(cause, { ...switched, ...ill })).not.toMatch(/fix /);
});
