import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { settingsIn } from '../../infra/app/settings.ts';
import { TriageStack } from '../../infra/app/triage-stack.ts';
import { ACCOUNT, aBundle, anApp, KEY, REGION, SHOP, TOPIC, WEB } from './a-stack.ts';

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
      },
      ...{ reservedConcurrency: 5, permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary` },
    },
  ],
])('the template of %s', async (name, context) => {
  const stack = new TriageStack(anApp(), 'AlbTriage', { ...settingsIn((one) => context[one]), bundle });
  const template = JSON.stringify(Template.fromStack(stack).toJSON(), null, 2);
  await expect(`${template.replace(/"[0-9a-f]{64}\.zip"/g, '"<the bundle>.zip"')}\n`).toMatchFileSnapshot(
    `templates/${name}.json`,
  );
});
