import { expect, test } from 'vitest';
import { functionSettings, NOTICE_KINDS } from '../../lambda/entry/function-settings.ts';
import { zoneAt } from '../../lambda/entry/zone.ts';
import { clip } from '../../lambda/render/printable.ts';

test('without settings everything is sent, in UTC, to nowhere', () => {
  expect(functionSettings({})).toEqual({
    topicArn: undefined,
    chatTopicArn: undefined,
    timeZone: undefined,
    accountName: undefined,
    owner: undefined,
    runbook: undefined,
    notify: new Set(NOTICE_KINDS),
    mistakes: [],
  });
  expect(functionSettings({ TRIAGE_TOPIC_ARN: ' ', TRIAGE_TIME_ZONE: '', TRIAGE_NOTIFY: ' , ' })).toEqual(
    functionSettings({}),
  );
});

test('reads what is set', () => {
  expect(
    functionSettings({
      TRIAGE_TOPIC_ARN: 'arn',
      TRIAGE_CHAT_TOPIC_ARN: ' arn:aws:sns:eu-central-1:123456789012:chat ',
      LOG_LEVEL: ' error',
      TRIAGE_TIME_ZONE: 'Europe/Berlin',
      TRIAGE_ACCOUNT_NAME: ' prod ',
      TRIAGE_OWNER: ' #shop-oncall ',
      TRIAGE_RUNBOOK: ' https://wiki.example.com/5xx?page=2#first ',
      TRIAGE_NOTIFY: 'failed, Identified',
      TRIAGE_LOGS: 's3://web-logs/alb, /aws/web',
    }),
  ).toEqual({
    topicArn: 'arn',
    chatTopicArn: 'arn:aws:sns:eu-central-1:123456789012:chat',
    timeZone: 'Europe/Berlin',
    accountName: 'prod',
    owner: '#shop-oncall',
    runbook: 'https://wiki.example.com/5xx?page=2#first',
    notify: new Set(['failed', 'identified']),
    beyond: { logs: { places: ['s3://web-logs/alb', '/aws/web'] } },
    mistakes: [],
  });
});

test.each<[Record<string, string>, string]>([
  [
    { TRIAGE_TIME_ZONE: 'Berlin' },
    'TRIAGE_TIME_ZONE: expected a time zone such as Europe/Berlin, found "Berlin": times are told in UTC alone',
  ],
  [
    { TRIAGE_NOTIFY: 'identified,all' },
    'TRIAGE_NOTIFY: expected a list of identified, suspected, inconclusive, quiet, recovered, failed, found "all": all of them are sent',
  ],
  ...[
    'http://wiki.example.com',
    'wiki',
    'https://',
    'https://a b',
    'https://a/<b>',
    `https://a/${'x'.repeat(191)}`,
  ].map((runbook): [Record<string, string>, string] => [
    { TRIAGE_RUNBOOK: runbook },
    `TRIAGE_RUNBOOK: expected an https address of at most 200 characters, such as https://wiki.example.com/alb-5xx, found ${JSON.stringify(clip(runbook, 60))}: only a runbook that a tag names is told`,
  ]),
  [
    { TRIAGE_LOGS: 'true' },
    'TRIAGE_LOGS: expected s3://bucket/prefix or the name of a log group, found "true": aws elbv2 describe-load-balancer-attributes --load-balancer-arn <arn> shows a bucket: no logs are read',
  ],
  [
    { TRIAGE_CHAT_TOPIC_ARN: '#general' },
    'TRIAGE_CHAT_TOPIC_ARN: expected the ARN of an SNS topic, found "#general": chat gets no card of its own',
  ],
  [
    { TRIAGE_FALLBACK_TOPIC_ARN: 'arn:aws:sqs:eu-central-1:123456789012:queue' },
    'TRIAGE_FALLBACK_TOPIC_ARN: expected the ARN of an SNS topic, found "arn:aws:sqs:eu-central-1:123456789012:queue": what the topic does not take reaches nobody',
  ],
  [{ LOG_LEVEL: 'VERBOSE' }, 'LOG_LEVEL: expected INFO or ERROR, found "VERBOSE": INFO holds'],
])('%j is as if it were not set, and said', (env, mistake) => {
  expect(functionSettings(env)).toEqual({ ...functionSettings({}), mistakes: [mistake] });
});

test.each([
  ['Europe/Berlin', '2026-03-10T14:24:00Z', 60],
  ['Europe/Berlin', '2026-03-29T00:59:59Z', 60],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 120],
  ['America/St_Johns', '2026-01-10T14:24:00Z', -210],
  ['Asia/Kathmandu', '2026-01-10T14:24:00Z', 345],
  ['UTC', '2026-01-10T14:24:00Z', 0],
])('%s is, at %s, %i min ahead of UTC', (name, at, offsetMinutes) => {
  expect(zoneAt(name, at)).toEqual({ name, offsetMinutes });
});
