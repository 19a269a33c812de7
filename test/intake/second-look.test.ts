import { describe, expect, test } from 'vitest';
import { readEvent } from '../../lambda/intake/index.ts';

const LB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const message = {
  'alb-triage': 'second-look',
  due: '2026-03-10T14:38:00Z',
  from: '2026-03-10T14:30:00Z',
  windowSeconds: 1800,
  loadBalancer: LB,
  trigger: { kind: 'alarm', at: '2026-03-10T14:29:00Z', alarmName: 'web-5xx', state: 'ALARM' },
  talk: { faults: [], past: [] },
};
const queued = (...bodies: unknown[]) => ({
  Records: bodies.map((body) => ({ eventSource: 'aws:sqs', body: JSON.stringify(body) })),
});

test('a second look asks about the same load balancer, now, back to where the first one looked', () => {
  const { request, publish, look } = readEvent(queued(message))[0] as never as Record<string, object>;
  expect({ request, publish, look }).toEqual({
    request: {
      about: { by: 'arn', arn: LB },
      at: null,
      windowSeconds: 1800 + 480,
      trigger: { ...message.trigger, kind: 'second-look' },
    },
    publish: true,
    look: { due: message.due, talk: message.talk, message },
  });
});

test.each([
  ['a time that is none', { due: 'soon' }],
  ['no load balancer', { loadBalancer: 7 }],
  ['no trigger', { trigger: undefined }],
])('a second look with %s is refused', (_, spoilt) => {
  expect(() => readEvent(queued({ ...message, ...spoilt }))).toThrow('not an alarm');
});

describe('an alarm in a queue', () => {
  const alarm = {
    AlarmName: 'web-5xx',
    AlarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx',
    NewStateValue: 'ALARM',
    StateChangeTime: '2026-03-10T14:29:00.000+0000',
    Trigger: {
      MetricName: 'HTTPCode_ELB_5XX_Count',
      Namespace: 'AWS/ApplicationELB',
      Dimensions: [{ name: 'LoadBalancer', value: 'app/web/50dc6c495c0c9188' }],
    },
  };
  const envelope = { Type: 'Notification', TopicArn: 'arn:aws:sns:eu-central-1:1:t', Message: JSON.stringify(alarm) };

  test.each([
    ['in the envelope of SNS', envelope],
    ['delivered raw', alarm],
  ])('%s is triaged', (_, body) => {
    expect(readEvent(queued(body))).toMatchObject([{ do: 'triage', request: { about: { by: 'arn', arn: LB } } }]);
  });

  test('both ways at once, it is one', () => {
    expect(readEvent(queued(alarm, alarm))).toHaveLength(1);
  });

  test('a report of our own is ignored', () => {
    expect(readEvent(queued({ tool: { name: 'alb-triage' } }))).toMatchObject([{ do: 'ignore' }]);
  });
});
