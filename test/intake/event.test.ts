import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Intake, readEvent, UnreadableEvent } from '../../lambda/intake/index.ts';

const EVENTS = new URL('../events/', import.meta.url);
const WEB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const API = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/api/1234567890abcdef';
const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/73e2d6bc24d8a067';
const ALARM = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:';

function event(name: string) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, EVENTS), 'utf8'));
}

/** What is to be done, about what, how many minutes before which moment. */
function told(intake: Intake): string {
  if (intake.do === 'refuse') return 'refuse';
  if (intake.do === 'ignore') return `ignore: ${intake.why}`;
  if (intake.do === 'fail') return `fail: ${intake.why}`;
  const { about, at, windowSeconds } = intake.request;
  const named = about.by === 'alarm' ? about.alarms.join(' ') : Object.values(about).slice(1).join(' ');
  return `${intake.do} ${about.by} ${named} ${windowSeconds / 60} min before ${at ?? 'now'}${intake.publish ? '' : ', unpublished'}`;
}

const AT = '2026-03-10T14:26:08Z';
const TABLE: readonly (readonly [name: string, ...told: string[]])[] = [
  ['action-metric', `triage arn ${WEB} 30 min before ${AT}`],
  ['action-metric-ok', `follow-up arn ${WEB} 77 min before 2026-03-10T15:33:08Z`],
  ['action-metric-insufficient-data', 'ignore: alarm web-5xx is in INSUFFICIENT_DATA: nothing is known to be wrong'],
  ['action-metric-math', `triage arn ${WEB} 30 min before ${AT}`],
  ['action-two-load-balancers', `triage arn ${WEB} 30 min before ${AT}`, `triage arn ${API} 30 min before ${AT}`],
  ['action-other-account', `triage arn ${WEB.replace('123456789012', '210987654321')} 30 min before ${AT}`],
  ['action-target-group', `triage target-group ${GROUP} 30 min before ${AT}`],
  ['action-anomaly', `triage arn ${WEB} 30 min before ${AT}`],
  ['action-composite', `triage alarm ${ALARM}web-5xx 30 min before 2026-03-10T14:26:46Z`],
  ['action-composite-without-reason-data', `triage alarm ${ALARM}shop-broken 30 min before 2026-03-10T14:26:46Z`],
  ['action-contributor', `triage arn ${WEB} 30 min before 2026-03-10T14:26:04Z`],
  ['action-contributor-target-group', `triage target-group ${GROUP} 30 min before 2026-03-10T14:26:04Z`],
  ['action-query-of-one', `triage arn ${WEB} 30 min before 2026-03-10T14:26:04Z`],
  ['action-query-of-all', `triage alarm ${ALARM}any-5xx 30 min before 2026-03-10T14:26:04Z`],
  ['action-set-by-hand', `triage arn ${WEB} 30 min before ${AT}`],
  ['action-log-alarm', `triage alarm ${ALARM}web-log-errors 30 min before ${AT}`],
  [
    'action-network-load-balancer',
    'fail: alarm tcp-unhealthy names no Application Load Balancer: it watches a Network Load Balancer (net/tcp/2222222222222222), not an Application Load Balancer',
  ],
  [
    'action-classic-load-balancer',
    'fail: alarm old-5xx names no Application Load Balancer: it watches the Classic Load Balancer old, not an Application Load Balancer',
  ],
  [
    'action-not-a-load-balancer',
    'fail: alarm cpu names no Application Load Balancer: it watches AWS/EC2 CPUUtilization without a LoadBalancer or TargetGroup dimension',
  ],
  [
    'action-empty-dimensions',
    'fail: alarm all-5xx names no Application Load Balancer: it watches AWS/ApplicationELB HTTPCode_ELB_5XX_Count without a LoadBalancer or TargetGroup dimension',
  ],
  [
    'action-china',
    `triage arn ${WEB.replace('arn:aws:', 'arn:aws-cn:').replace('eu-central-1', 'cn-north-1')} 30 min before ${AT}`,
  ],
  ['eventbridge-metric', `triage arn ${WEB} 30 min before ${AT}`],
  ['eventbridge-muted', 'ignore: alarm web-5xx is muted by an alarm mute rule'],
  ['eventbridge-mute-over', `triage arn ${WEB} 30 min before ${AT}`],
  ['eventbridge-contributor', `triage arn ${WEB} 30 min before 2026-03-10T14:26:04Z`],
  [
    'eventbridge-configuration-change',
    'ignore: it is a "CloudWatch Alarm Configuration Change", not an alarm\'s change of state',
  ],
  ['sns-metric', `triage arn ${WEB} 70 min before ${AT}`],
  ['sns-metric-before-alarm-arns', `triage arn ${WEB} 70 min before ${AT}`],
  ['sns-metric-math', `triage arn ${WEB} 30 min before ${AT}`],
  ['sns-contributor', `triage arn ${WEB} 30 min before 2026-03-10T14:26:04Z`],
  ['sns-composite', `triage alarm ${ALARM}web-5xx 30 min before ${AT}`],
  ['sns-eventbridge', `triage arn ${WEB} 30 min before ${AT}`],
  ['sns-own-report', 'ignore: it is a report of alb-triage itself, come back by its topic'],
  [
    'sns-two-alarms-and-a-note',
    `triage arn ${WEB} 70 min before ${AT}`,
    'refuse',
    'ignore: alarm web-5xx is in INSUFFICIENT_DATA: nothing is known to be wrong',
    `triage arn ${API} 70 min before ${AT}`,
  ],
  ['manual-name', 'triage name web 30 min before now, unpublished'],
  ['manual-full', 'triage dns web-123.eu-central-1.elb.amazonaws.com 120 min before 2026-03-10T14:24:00Z'],
  ['manual-alarm', 'triage alarm web-5xx 30 min before now, unpublished'],
];

test.each(TABLE)('%s asks for the right thing', (name, ...expected) => {
  expect(readEvent(event(name)).map(told)).toEqual(expected);
});

test('every event that is kept is in a table', () => {
  const kept = readdirSync(EVENTS).map((file) => file.replace('.json', ''));
  expect([...TABLE.map(([name]) => name), 'sns-plain-text'].sort()).toEqual(kept.sort());
});

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /Found nothing/],
  ['null', null, /Found nothing/],
  ['a text', 'web', /Found the text "web"/],
  ['a number', 5, /Found the number "5"/],
  ['an array', [{}], /Found an array of 1/],
  ['an empty object', {}, /Found an empty object/],
  ['something else', { Foo: 1, bar: { x: 'secret' } }, /Found an object with "Foo", "bar"\./],
  ['very many keys', Object.fromEntries([...'abcdefghijk'].map((key) => [key, 1])), /"h" and 3 more\./],
  ['a long text', 'x'.repeat(5000), /^.{0,600}$/],
  ['no record', { Records: [] }, /no record in Records/],
  [
    'a record of another service',
    { Records: [{ s3: {} }] },
    /a record that is not from SNS or SQS, an object with "s3"/,
  ],
  ['a text sent to the topic', event('sns-plain-text'), /not an alarm's, the text "Your quota was raised\."/],
  ['another service by EventBridge', { source: 'aws.ec2', detail: {} }, /an object with "source", "detail"/],
  ['an alarm without any name', { alarmData: {} }, /an alarm without a name/],
])('refuses %s and says what it expected and found', (_, unreadable, message) => {
  expect(() => readEvent(unreadable)).toThrow(UnreadableEvent);
  expect(() => readEvent(unreadable)).toThrow(message);
});

test('a refusal names every accepted form', () => {
  expect(() => readEvent({})).toThrowErrorMatchingInlineSnapshot(
    `[UnreadableEvent: Cannot read this event. Expected a CloudWatch alarm action (alarmData), an alarm's SNS message (Records[].Sns.Message), an EventBridge "CloudWatch Alarm State Change" (detail), or by hand {"loadBalancer": "<name, ARN or DNS name>"} or {"alarmName": "<name or ARN>"}. Found an empty object.]`,
  );
});

test.each<[string, object, string]>([
  ['an empty name', { loadBalancer: ' ' }, 'Cannot read loadBalancer: expected a name, found the text " ".'],
  ['a number as name', { loadBalancer: 5 }, 'Cannot read loadBalancer: expected a name, found the number "5".'],
  [
    'no load balancer but its console page',
    { loadBalancer: 'https://eu-central-1.console.aws.amazon.com/ec2/home#LoadBalancers' },
    "Cannot read loadBalancer: expected a load balancer's name, ARN or DNS name (<name>-<number>.<region>.elb.amazonaws.com), found the text",
  ],
  ['a bare day', { loadBalancer: 'web', at: '2026-03-10' }, 'Cannot read at: expected an ISO 8601 time with its zone'],
  ['too long a window', { loadBalancer: 'web', since: '7d1s' }, 'Cannot read since: expected a length from 1m to 7d'],
  ['a number as since', { alarmName: 'web-5xx', since: 30 }, 'Cannot read since: expected a length'],
  ['its only key misspelt', { loadBalancr: 'web' }, 'there is no key "loadBalancr", did you mean loadBalancer?'],
  ['a misspelt key', { loadBalancer: 'web', sinse: '2h' }, 'there is no key "sinse", did you mean since?'],
  ['two swapped letters', { alarmName: 'web-5xx', ta: '2026-03-10T14:24:00Z' }, 'did you mean at?'],
  ['a key in other letters', { loadBalancer: 'web', Publish: true }, 'did you mean publish?'],
  [
    'a key of something else',
    { loadBalancer: 'web', timeout: 9 },
    'there is no key "timeout", expected loadBalancer, alarmName, at, since or publish',
  ],
  ['both names', { loadBalancer: 'web', alarmName: 'web-5xx' }, 'expected loadBalancer or alarmName, found both'],
  [
    'the 30th of February',
    { loadBalancer: 'web', at: '2026-02-30T10:00:00Z' },
    'Cannot read at: expected an ISO 8601 time',
  ],
  ['the 29th of February of 2026', { loadBalancer: 'web', at: '2026-02-29T10:00:00+02:00' }, 'Cannot read at'],
  ['publish in words', { loadBalancer: 'web', publish: 'yes' }, 'Cannot read publish: expected true or false'],
])('refuses %s in a request by hand', (_, request, message) => {
  expect(() => readEvent(request)).toThrow(message);
});

test('keeps what the alarm measured and when its states changed', () => {
  const [intake] = readEvent(event('action-metric'));
  expect(intake).toMatchObject({ do: 'triage', publish: true });
  expect(intake && 'request' in intake && intake.request.trigger).toMatchInlineSnapshot(`
    {
      "alarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:web-5xx",
      "alarmDescription": "Fires when the shop answers 5xx. Runbook: https://wiki.example.com/shop-5xx",
      "alarmName": "web-5xx",
      "at": "2026-03-10T14:26:08Z",
      "datapoints": [
        {
          "at": "2026-03-10T14:24:00Z",
          "value": 9,
        },
      ],
      "kind": "alarm",
      "metrics": [
        "HTTPCode_ELB_5XX_Count",
      ],
      "previousState": "OK",
      "previousStateAt": "2026-03-10T12:21:31Z",
      "reason": "Threshold Crossed: 1 out of the last 1 datapoints [9.0 (10/03/26 14:24:00)] was greater than or equal to the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
      "state": "ALARM",
    }
  `);
});

test("keeps the names of load balancers' metrics before others", () => {
  const [intake] = readEvent(event('action-metric-math'));
  expect(intake && 'request' in intake && intake.request.trigger.metrics).toEqual([
    'HTTPCode_ELB_5XX_Count',
    'HTTPCode_Target_5XX_Count',
    'RequestCount',
    'ConsumedLCUs',
  ]);
});

test('an alarm event may ask not to be published', () => {
  expect(readEvent({ ...event('action-metric'), publish: false })).toMatchObject([{ publish: false }]);
});

test('an alarm of no readable state is triaged rather than lost', () => {
  const { alarmData, ...envelope } = event('action-metric');
  const { state, ...stateless } = alarmData;
  expect(readEvent({ ...envelope, alarmData: { ...stateless, state: 'ALARM?' } }).map(told)).toEqual([
    `triage arn ${WEB} 30 min before ${AT}`,
  ]);
  expect(state.value).toBe('ALARM');
});

describe('how long a window is', () => {
  const minutes = (request: object): readonly (number | string)[] =>
    readEvent(request).map((intake) =>
      'request' in intake
        ? `${intake.request.windowSeconds / 60}${intake.request.widens ? ', or as long as the alarm' : ''}`
        : intake.do,
    );
  const alarm = (reason: string, period: number) => ({
    alarmData: {
      alarmName: 'slow-burn',
      state: { value: 'ALARM', reason, timestamp: '2026-03-10T14:26:08.000+0000' },
      configuration: {
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: {
                namespace: 'AWS/ApplicationELB',
                name: 'HTTPCode_ELB_5XX_Count',
                dimensions: { LoadBalancer: 'app/web/50dc6c495c0c9188' },
              },
              period,
              stat: 'Sum',
            },
          },
        ],
      },
    },
    accountId: '123456789012',
    region: 'eu-central-1',
  });

  test.each([
    ['20 periods of a minute', 'Threshold Crossed: 20 out of the last 20 datapoints [', 60, 30],
    ['21 of them', 'Threshold Crossed: 21 out of the last 21 datapoints [', 60, 31],
    ['12 periods of an hour', 'Threshold Crossed: 3 out of the last 12 datapoints [', 3600, 730],
    ['7 days', 'Threshold Crossed: 1 out of the last 168 datapoints [', 3600, 10_090],
    ['periods that nothing tells the number of: no less than by hand', 'Set by hand', 60, 30],
    ['such periods of an hour: one of them, and what led to it', 'Set by hand', 3600, 70],
    ['more than AWS admits', 'Threshold Crossed: 1 out of the last 169 datapoints [', 3600, 10_090],
  ])('of an alarm over %s', (_, reason, period, expected) => {
    expect(minutes(alarm(reason, period))).toEqual([`${expected}, or as long as the alarm`]);
  });

  test.each([
    ['that somebody says', { alarmName: 'web-5xx', since: '30m' }, '30'],
    ['of seven days', { loadBalancer: 'web', since: '7d' }, '10080'],
    ['beside a name of null', { loadBalancer: 'web', alarmName: null, since: '1h' }, '60'],
    ['to the 29th of a leap year', { loadBalancer: 'web', at: '2028-02-29T10:00:00Z', since: '1h' }, '60'],
    ['that nobody says', { alarmName: 'web-5xx' }, '30, or as long as the alarm'],
    ['of null', { alarmName: 'web-5xx', since: null }, '30, or as long as the alarm'],
  ])('%s, by hand', (_, request, expected) => {
    expect(minutes(request)).toEqual([expected]);
  });
});

describe('by way of a queue', () => {
  const queued = (...bodies: unknown[]) => ({
    Records: bodies.map((body) => ({ eventSource: 'aws:sqs', messageId: '1', body: JSON.stringify(body) })),
  });
  const [record] = event('sns-metric').Records;
  const alarm = readEvent(event('sns-metric'));

  test.each<[string, unknown, readonly Intake[]]>([
    ['that is subscribed to a topic', queued(record.Sns), alarm],
    ['with raw delivery', queued(JSON.parse(record.Sns.Message)), alarm],
    ['of dead letters, of a topic', queued(event('sns-metric')), alarm],
    ['of dead letters, of an alarm', queued(event('action-metric')), readEvent(event('action-metric'))],
    [
      'that a rule of EventBridge sends to',
      queued(event('eventbridge-metric')),
      readEvent(event('eventbridge-metric')),
    ],
    ['twice the same', queued(record.Sns, record.Sns), alarm],
    [
      'one of another kind, beside an alarm',
      queued('hello', record.Sns),
      [expect.objectContaining({ do: 'refuse' }), ...alarm],
    ],
  ])('%s', (_, given, expected) => {
    expect(readEvent(given)).toEqual(expected);
  });

  test('what is no alarm is refused', () => {
    for (const body of [null, 'hello', {}, [], { Records: [{ Sns: 1 }] }, { Records: queued(record.Sns).Records }])
      expect(() => readEvent(queued(body))).toThrow(UnreadableEvent);
  });
});

test('copies of one record in one event are one request', () => {
  const [record] = event('sns-metric').Records;
  const other = event('sns-composite').Records[0];
  const read = readEvent({ Records: [record, other, record, record] });
  expect(read).toEqual([...readEvent({ Records: [record] }), ...readEvent({ Records: [other] })]);
});
