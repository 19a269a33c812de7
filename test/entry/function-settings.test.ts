import { expect, test } from 'vitest';
import { functionSettings, NOTICE_KINDS } from '../../lambda/entry/function-settings.ts';
import { zoneAt } from '../../lambda/entry/zone.ts';

test('without settings everything is sent, in UTC, to nowhere', () => {
  expect(functionSettings({})).toEqual({
    topicArn: undefined,
    chatTopicArn: undefined,
    timeZone: undefined,
    accountName: undefined,
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
      TRIAGE_CHAT_TOPIC_ARN: ' chat ',
      TRIAGE_TIME_ZONE: 'Europe/Berlin',
      TRIAGE_ACCOUNT_NAME: ' prod ',
      TRIAGE_NOTIFY: 'failed, Identified',
      TRIAGE_LOGS: 's3://web-logs/alb, /aws/web',
    }),
  ).toEqual({
    topicArn: 'arn',
    chatTopicArn: 'chat',
    timeZone: 'Europe/Berlin',
    accountName: 'prod',
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
  [
    { TRIAGE_LOGS: 'true' },
    'TRIAGE_LOGS: expected s3://bucket/prefix or the name of a log group, found "true": aws elbv2 describe-load-balancer-attributes --load-balancer-arn <arn> shows a bucket: no logs are read',
  ],
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
