import { beforeEach, describe, expect, test } from 'vitest';
import type { Aws } from '../../lambda/collect/aws.ts';
import { CallFailed } from '../../lambda/collect/errors.ts';
import { notLocated } from '../../lambda/entry/failed-diagnosis.ts';
import { withWhereElse } from '../../lambda/entry/where-else.ts';
import { parseReference } from '../../lambda/intake/index.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { accessDenied, refusal } from '../collect/support.ts';

/** What there is, as `Region name`. */
let loadBalancers: readonly string[];
let alarms: readonly string[];
let refusing: readonly string[];
let asked: string[];

beforeEach(() => {
  [loadBalancers, alarms, refusing, asked] = [[], [], [], []];
});

const lb = (region: string, name: string, account = '123456789012') =>
  `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/50dc6c495c0c9188`;
const alarm = (region: string, name: string) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${name}`;

type Filter = Readonly<Record<string, readonly string[] | undefined>>;

/** What AWS would answer in that Region. */
function answerOf(action: string, { Names, AlarmNames }: Filter, region: string) {
  asked.push(action);
  if (refusing.includes(region)) throw new CallFailed(action, accessDenied);
  const named = (all: readonly string[], only?: readonly string[]) =>
    all
      .flatMap((one) => (one.startsWith(`${region} `) ? [one.slice(region.length + 1)] : []))
      .filter((name) => only?.includes(name) ?? true);
  const found = named(loadBalancers, Names);
  if (Names !== undefined && found.length === 0) throw new CallFailed(action, refusal('LoadBalancerNotFoundException'));
  return {
    LoadBalancers: found.map((name) => ({ LoadBalancerName: name, LoadBalancerArn: lb(region, name) })),
    MetricAlarms: named(alarms, AlarmNames).map((name) => ({ AlarmName: name, AlarmArn: alarm(region, name) })),
  };
}

/** A session as far as hints need one. */
function aSession(region: string): Aws {
  const session: Partial<Aws> = {
    within: () => aSession(region),
    in: aSession,
    ask: async ({ action }, input) => answerOf(action, input as Filter, region) as never,
    pages: async ({ action }, input, items) => {
      const answer = answerOf(action, input as Filter, region);
      return { items: items(answer as never) ?? [], gaps: [] };
    },
  };
  return session as Aws;
}

const HERE = 'us-east-1';

/** What is said of a load balancer that is not in us-east-1, on the command line. */
async function said(named: string, kind: 'cli' | 'manual' = 'cli'): Promise<string> {
  const about = parseReference(named);
  const name = about.by === 'arn' ? about.arn.split('/')[2] : named;
  const what = about.by === 'arn' ? `app/${name}/50dc6c495c0c9188` : `named ${named}`;
  const missing = about.by === 'alarm' ? { missing: 'alarm' as const } : {};
  const failure = {
    reason: 'not-found' as const,
    message: `there is no load balancer ${what} in ${HERE}: check the name, the Region and the account`,
    about: { region: HERE, ...(name === undefined ? {} : { name }) },
    ...missing,
  };
  return (await withWhereElse(failure, { about, trigger: { kind, at: null } }, aSession(HERE))).message;
}

const NOT_HERE = (name: string) => `there is no load balancer named ${name} in us-east-1`;

describe('a load balancer that is not there', () => {
  test.each<[what: string, there: readonly string[], name: string, says: string]>([
    [
      'mistyped',
      ['us-east-1 web', 'us-east-1 shop'],
      'wbe',
      ': did you mean web (us-east-1)? None is named wbe in 13 other Regions.',
    ],
    [
      'mistyped, and in another Region',
      ['us-east-1 shop', 'eu-west-1 web', 'sa-east-1 web'],
      'wbe',
      ': did you mean web (eu-west-1 and sa-east-1)? None is named wbe in 13 other Regions.',
    ],
    [
      'mistyped, here before elsewhere',
      ['us-east-1 wet', 'eu-west-1 web'],
      'wep',
      ': did you mean wet (us-east-1)? None is named wep in 13 other Regions.',
    ],
    [
      'half typed',
      ['us-east-1 app-web', 'us-east-1 app-api', 'us-east-1 shop'],
      'app-',
      ': did you mean app-api (us-east-1) or app-web (us-east-1)? None is named app- in 13 other Regions.',
    ],
    [
      'half typed, and in another Region',
      ['eu-west-1 app2-web'],
      'app2-',
      ': did you mean app2-web (eu-west-1)? None is named app2- in 13 other Regions.',
    ],
    ['of another Region', ['eu-west-1 web'], 'web', '; one of that name is in eu-west-1: add --region eu-west-1'],
    [
      'of another Region, or mistyped',
      ['us-east-1 web2', 'eu-west-1 web'],
      'web',
      '; one of that name is in eu-west-1: add --region eu-west-1, or did you mean web2 (us-east-1)?',
    ],
    [
      'of no name that is near',
      ['us-east-1 shop'],
      'nobody',
      ', nor in 13 other Regions: check the name, the Region and the account',
    ],
    ['of one letter', ['us-east-1 web'], 'w', ', nor in 13 other Regions: check the name, the Region and the account'],
  ])('%s', async (_, there, name, says) => {
    loadBalancers = there;
    expect(await said(name)).toBe(`${NOT_HERE(name)}${says}`);
  });

  test('what could not be read is counted', async () => {
    refusing = ['eu-west-1', 'sa-east-1'];
    expect(await said('web')).toBe(
      `${NOT_HERE('web')}, nor in 11 other Regions (2 more could not be read): check the name, the Region and the account`,
    );
  });

  test('an event has no options: it is asked for by its ARN', async () => {
    loadBalancers = ['eu-west-1 web'];
    expect(await said('web', 'manual')).toContain(`ask for ${lb('eu-west-1', 'web')}`);
  });

  test('an ARN of another account is told as that', async () => {
    loadBalancers = ['us-east-1 web'];
    const arn = lb('us-east-1', 'web', '999999999999');
    const of = `${arn} is of the account 999999999999, and the credentials are of 123456789012`;
    expect(await said(arn)).toBe(`${of}: choose a profile of that account (--profile)`);
    expect(await said(arn, 'manual')).toBe(`${of}: ask in that account`);
    expect(await said(lb('us-east-1', 'web'))).toMatch(/; one named web is there now: ask for arn:/);
    loadBalancers = [];
    expect(await said(arn)).toMatch(/, nor in 13 other Regions: check/);
  });
});

describe('an alarm that is not there', () => {
  test.each<[there: readonly string[], says: RegExp]>([
    [['us-east-1 web-5xx', 'us-east-1 other'], /: did you mean web-5xx \(us-east-1\)\? None is named web-5x in 13/],
    [
      ['eu-west-1 web-5x'],
      /; one of that name is in eu-west-1: ask for arn:aws:cloudwatch:eu-west-1:\d+:alarm:web-5x$/,
    ],
    [[], /, nor in 13 other Regions: check the name/],
  ])('is looked for as load balancers are: %j', async (there, says) => {
    alarms = there;
    expect(await said(alarm('us-east-1', 'web-5x'))).toMatch(says);
    expect(new Set(asked)).toEqual(new Set(['cloudwatch:DescribeAlarms']));
  });

  test('did not go off, and the next step lists those that there are', () => {
    const request = {
      about: { by: 'alarm', alarms: ['nope'] },
      at: null,
      windowSeconds: 1800,
      trigger: { kind: 'manual', at: null, alarmName: 'nope' },
    } as const;
    const message = 'there is no alarm named nope in us-east-1: check the name, the Region and the account';
    const mail = renderEmail(
      notLocated(request, { reason: 'not-found', message, about: { region: HERE }, missing: 'alarm' }),
    );
    expect(mail).toContain('there is no alarm named nope in us-east-1');
    expect(mail).not.toMatch(/went off|nothing is known|--alarm-names/i);
    expect(mail).toContain(
      "aws cloudwatch describe-alarms --alarm-types MetricAlarm CompositeAlarm --query '[MetricAlarms,CompositeAlarms][].AlarmName' --region us-east-1",
    );
  });
});
