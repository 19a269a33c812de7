import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { settingsIn } from '../../infra/app/settings.ts';
import { TriageStack } from '../../infra/app/triage-stack.ts';
import { AlbTriage } from '../../infra/construct/alb-triage.ts';
import { ACCOUNT, aBundle, anApp, aStack, KEY, REGION, SHOP, TOPIC, WEB } from './a-stack.ts';

const bundle = aBundle();
const alarm = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:web-5xx`;

/** As the app deploys it. Whoever changes one of these sees what it does to stacks that are there. */
test.each<[string, Readonly<Record<string, unknown>>]>([
  ['a-load-balancer-and-an-address', { loadBalancer: WEB, email: 'oncall@example.com' }],
  ['alarms-and-a-topic-that-exist', { alarm, topicArn: TOPIC, topicKeyArn: KEY }],
  [
    'every-load-balancer',
    { everyLoadBalancer: true, account: ACCOUNT, region: REGION, slack: 'T0123456789/C0123456789' },
  ],
  [
    'all-there-is',
    {
      ...{ loadBalancer: [WEB, SHOP], alarm, alarmTopicArn: `${TOPIC}-alarms`, email: 'oncall@example.com' },
      ...{ sms: '+4915123456789', fallbackTopicArn: `${TOPIC}-fallback`, chatTopicArn: `${TOPIC}-chat` },
      ...{ lowTraffic: true, unhealthyHosts: true, idleTimeoutSeconds: 60, timeZone: 'Europe/Berlin' },
      ...{
        accountName: 'prod',
        owner: 'platform',
        runbook: 'https://wiki.example.com/5xx',
        notify: 'identified,failed',
        logLevel: 'ERROR',
        retentionDays: 7,
        tracing: true,
        dashboard: true,
      },
      ...{ reservedConcurrency: 5, permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary` },
    },
  ],
])('the template of %s', async (name, context) => {
  const stack = new TriageStack(anApp(), 'AlbTriage', { ...settingsIn((one) => context[one]), bundle });
  await expectTemplate(stack, name);
});

/** All that goes together in an app of one's own: a role of one's own goes without a boundary. */
test('the template of chat, network, key, role and every load balancer', async () => {
  const stack = aStack();
  const vpc: IVpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    availabilityZones: [`${REGION}a`, `${REGION}b`],
    privateSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1c2d3e4f5a60718'],
  });
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const tenant = '00000000-1111-2222-3333-444444444444';
  const filterPolicy = { status: SubscriptionFilter.stringFilter({ allowlist: ['identified', 'failed'] }) };
  const triage = new AlbTriage(stack, 'Triage', {
    bundle,
    ...{ everyLoadBalancer: true, threshold: { minimumErrors: 20, datapointsToAlarm: 3, evaluationPeriods: 5 } },
    ...{ alarms: [{ alarmArn: alarm }], alarmTopics: [Topic.fromTopicArn(stack, 'AlarmTopic', `${TOPIC}-alarms`)] },
    subscriptions: [
      new EmailSubscription('oncall@example.com', { filterPolicy }),
      new UrlSubscription('https://example.com/pager', { filterPolicy }),
      new SqsSubscription(new Queue(stack, 'Tickets', { encryption: QueueEncryption.KMS, encryptionMasterKey: key })),
    ],
    fallbackTopic: Topic.fromTopicArn(stack, 'Fallback', `${TOPIC}-fallback`),
    slack: { workspaceId: 'T0123456789', channelId: 'C0123456789' },
    teams: { tenantId: tenant, teamId: tenant, channelId: '19:0123abcd@thread.tacv2' },
    logs: [{ bucket: 'web-logs', prefix: 'alb', accountId: '111122223333', key }, { logGroup: '/aws/web' }],
    ...{ timeZone: 'Europe/Berlin', accountName: 'prod', owner: 'platform', runbook: 'https://wiki.example.com/5xx' },
    role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    ...{ vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, encryptionKey: key },
    securityGroups: [new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: true })],
    ...{ memorySize: 2048, timeout: Duration.minutes(2), reservedConcurrency: 5, tracing: true },
    ...{ logRetention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.RETAIN, tags: { team: 'edge' } },
  });
  triage.watch(
    { loadBalancerArn: WEB },
    { threshold: { minimumErrors: 1 }, lowTraffic: true, unhealthyHosts: true, idleTimeout: Duration.seconds(60) },
  );
  await expectTemplate(stack, 'chat-network-key-role-and-every-load-balancer');
});

async function expectTemplate(stack: Stack, name: string): Promise<void> {
  const template = JSON.stringify(Template.fromStack(stack).toJSON(), null, 2);
  await expect(`${template.replace(/"[0-9a-f]{64}\.zip"/g, '"<the bundle>.zip"')}\n`).toMatchFileSnapshot(
    `templates/${name}.json`,
  );
}
