import { describe, expect, test } from 'vitest';
import { ERROR_KINDS } from '../../lambda/incident/cause.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Finding, FixTraits } from '../../lambda/incident/finding.ts';
import { type Text, words } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { wrap } from '../../lambda/render/plain.ts';
import {
  ALL,
  BLUE,
  closed,
  failed,
  failingTargetsOnly,
  identified,
  inconclusive,
  quiet,
  recovered,
  suspected,
  twoFindings,
} from './diagnoses.ts';

/** No cause found, with one change at a time; the errors began at 14:20. */
const beforeErrors = (at: string) => ({
  ...inconclusive,
  episode: identified.episode,
  changes: identified.changes.map((change) => ({ ...change, at })),
});

const COMMAND = /^(aws|alb-triage) /;
const ALONE = /^(- {1}|\s+)?\S+$/;

test.each(ALL)('the mail reads well: %s', async (name, diagnosis) => {
  await expect(renderEmail(diagnosis)).toMatchFileSnapshot(`mails/${name.replaceAll(' ', '-')}.txt`);
});

test('the mail reads well in the time of the reader', async () => {
  const zone = { name: 'Europe/Berlin', offsetMinutes: 60 };
  await expect(renderEmail(identified, { zone })).toMatchFileSnapshot('mails/identified-in-berlin.txt');
});

describe.each(ALL)('the mail: %s', (_, diagnosis) => {
  const mail = renderEmail(diagnosis);

  test('breaks no line that a phone breaks better, and has none over 200 characters but commands and single names', () => {
    const long = mail.split('\n').filter((line) => [...line].length > 200);
    expect(long.filter((line) => !COMMAND.test(line) && !ALONE.test(line))).toEqual([]);
  });

  test('has each web address alone on its line, whole', () => {
    const lines = mail.split('\n').filter((line) => !COMMAND.test(line) && line.includes('https://'));
    expect(lines.filter((line) => !/^\s*https:\/\/\S+$/.test(line))).toEqual([]);
  });

  test('prints no value that is not one, and nothing that cannot be seen', () => {
    expect(mail).not.toMatch(/undefined|null|NaN|\[object/);
    expect(mail).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });

  test('ends with what reading took', () => {
    const [last = ''] = mail.trimEnd().split('\n').slice(-1);
    expect(last).toMatch(/^Read at \d{4}-\d\d-\d\d \d\d:\d\d.* UTC.* in [\d.]+ s with \d+ calls? by alb-triage /);
  });
});

describe('the first five lines', () => {
  const top = (mail: string) => mail.split('\n').slice(0, 5).join('\n');

  test('say what is wrong, how bad, how sure, and what to run', () => {
    expect(top(renderEmail(identified))).toMatchInlineSnapshot(`
      "web: 48 % of requests fail (504) since 14:20 UTC (2026-03-10), rising.
      Cause: security group sg-0aaa1111bbbb2222c does not allow inbound traffic from the load balancer on 8080.
      Identified, decisive: the state AWS reports proves it.
      Account 123456789012, eu-central-1, incident 3fa8c21b.
      "
    `);
  });

  test.each([
    ['suspected says so at once', suspected, /\nSuspected: /],
    ['suspected does not call it proven', suspected, /It fits what was seen, but other causes may/],
    [
      'a decisive fault whose errors were not seen is only suspected',
      failingTargetsOnly,
      /The fault is proven; whether it/,
    ],
    [
      'inconclusive has the coverage beside it',
      inconclusive,
      /no cause found: 3 causes ruled out, 5 could not be judged/,
    ],
    [
      'inconclusive points at what was changed just before',
      beforeErrors('2026-03-10T14:19:30Z'),
      /Look first at the last change before the errors, at 14:19:30 UTC: alice: RevokeSecurityGroupIngress\. Whether it matters is not known\./,
    ],
    ['quiet counts the bad requests', quiet, /^web: 1 of 6,120 requests failed \(502\) from /],
    [
      'recovered says how long, and since when it is over',
      recovered,
      /^Recovered after 42 min in alarm; over since 15:02 UTC\./,
    ],
    ['failed says what to allow', failed, /To see more, allow elasticloadbalancing:DescribeLoadBalancers\./],
    [
      'failed does not let the alarm be forgotten',
      failed,
      /The alarm web-5xx went off, and nothing is known about its cause\./,
    ],
  ])('%s', (_, diagnosis, says) => expect(top(renderEmail(diagnosis))).toMatch(says));
});

describe('of a cause that explains some of the errors, the first screen says what makes the others', () => {
  const [first, second] = twoFindings.findings as [Finding<Text>, Finding<Text>];
  const sure = { ...first, strength: 'decisive', share: 0.55, explains: ['504'] } as const;
  const top = (mail: string) => mail.split('\nPROOF')[0] ?? '';
  const { capped: _, ...uncapped } = second;
  const another: Finding<Text> = { ...uncapped, strength: 'decisive', share: 0.45, explains: ['503'] };
  const beside = (...others: Finding<Text>[]): Diagnosis => ({ ...identified, findings: [sure, ...others] });

  test.each<[string, Diagnosis, RegExp]>([
    ['one that is proven', beside(another), /explains 55 % of the errors, and a second cause explains at most 45 %: /],
    [
      'two that are',
      beside({ ...another, share: 0.3 }, { ...another, share: 0.1 }),
      /, and 2 more causes explain at most 30 % and at most 10 % \(below\)\./,
    ],
    [
      'one that is suspected',
      beside({ ...another, strength: 'circumstantial' }),
      /55 % of the errors; what is suspected for the others/,
    ],
    ['nothing', beside(), /55 % of the errors; what causes the others is not known\./],
    [
      'what began after it did',
      beside({ ...another, effect: true, share: null }),
      /what causes the others is not known\./,
    ],
  ])('%s', (_, diagnosis, says) => expect(top(renderEmail(diagnosis)).replace(/\s+/g, ' ')).toMatch(says));

  test('and nothing of the kind where it explains nearly all', () => {
    const nearly = {
      ...identified,
      findings: [
        { ...sure, share: 0.9 },
        { ...another, share: 0.1 },
      ],
    };
    expect(top(renderEmail(nearly))).not.toContain('This cause explains');
  });

  test('a second cause is not what else would fit', () => {
    const strong = { ...sure, strength: 'strong' } as const;
    expect(renderEmail({ ...identified, findings: [strong, another] })).not.toContain('what else would fit');
  });
});

describe('of a strong finding', () => {
  const [first, second] = twoFindings.findings as [Finding<Text>, Finding<Text>];
  const strong = { ...first, strength: 'strong' } as const;
  const alone: Diagnosis = { ...identified, findings: [strong], undetermined: [], broken: [] };
  const beside = (rival: Partial<Finding<Text>>): Diagnosis => ({
    ...alone,
    findings: [strong, { ...second, ...rival }],
  });

  test.each<[string, Diagnosis, RegExp]>([
    ['all rivals were ruled out', alone, /agree, and the alternatives were ruled out\./],
    ['a rival that explains errors is left', beside({ share: 1 }), /agree; what else would fit is listed below\./],
    [
      'a rival is left of which that is not known',
      beside({ share: null }),
      /agree; what else would fit is listed below/,
    ],
    ['a rival explains none of the errors', beside({ share: 0 }), /agree, and the alternatives were ruled out\./],
    [
      'another is what it brings about',
      beside({ share: 1, symptomOf: first.cause }),
      /the alternatives were ruled out/,
    ],
    [
      'one cause could not be judged',
      { ...alone, undetermined: [{ cause: 'nothing-listening', missing: [] }] },
      /agree, but 1 other cause could\s+not\s+be judged\./,
    ],
  ])('where %s, the mail says so', (_, diagnosis, says) => {
    expect(renderEmail(diagnosis).replaceAll('\n', ' ')).toMatch(says);
  });
});

test.each<[string, string, boolean, boolean]>([
  ['when the errors began, which is said already', identified.episode?.onset ?? '', false, false],
  ['before the errors', '2026-03-10T14:18:36Z', false, true],
  ['at the edge of what was read, which dates nothing', identified.episode?.onset ?? '', true, false],
])('that a cause began %s', (_, since, older, said) => {
  const { change: __, ...finding } = { ...(identified.findings[0] as Finding<Text>), since };
  const episode = identified.episode === null ? null : { ...identified.episode, older };
  expect(renderEmail({ ...identified, episode, findings: [finding] }).includes('The cause began at')).toBe(said);
});

test.each([
  ['half an hour before', '2026-03-10T13:50:00Z', true],
  ['longer before', '2026-03-10T13:49:59Z', false],
  ['within the first minute', '2026-03-10T14:20:59Z', true],
  ['after it', '2026-03-10T14:21:00Z', false],
])('without a cause, a change %s is told at the top: %s', (_, at, told) => {
  expect(renderEmail(beforeErrors(at)).includes('Look first at')).toBe(told);
});

test('what makes errors of every kind is told shortly', () => {
  expect(renderEmail({ ...identified, findings: [{ ...closed, explains: ERROR_KINDS }] })).toContain(
    '- Explains 97 % of the errors seen; such a fault shows as any 5xx',
  );
});

test('a target group that was not seen is told by its name', () => {
  const missing = [{ evidence: 'targetHealth', why: 'partial', ids: [BLUE], detail: 'not all of it came' }] as const;
  expect(renderEmail({ ...identified, undetermined: [{ cause: 'nothing-listening', missing }] })).toContain(
    '- Target health (web-blue): not all of it came.',
  );
});

describe('what was also found', () => {
  const other = (more: Partial<Finding<Text>>) => {
    const second = { ...closed, cause: 'traffic-surge', strength: 'circumstantial', share: 0.2, ...more } as const;
    const mail = renderEmail({ ...identified, findings: [{ ...closed, fixes: [] }, second] });
    return /ALSO FOUND\n([\s\S]*?)\n\n[A-Z]/.exec(mail)?.[1]?.replace(/\n */g, ' ') ?? '';
  };

  test('says why it is no stronger, and the first way out', () => {
    expect(other({ capped: 'it began too late' })).toMatch(
      /\(traffic-surge, circumstantial, explains 20 % of the errors; it began too late\): .* Fix, if this is the cause .* aws ec2/,
    );
  });

  test('a symptom is told as one, and needs no way out', () => {
    const said = other({ symptomOf: 'target-security-group-closed', strength: 'strong' });
    expect(said).toContain('(traffic-surge, strong, caused by target-security-group-closed)');
    expect(said).not.toContain('aws ');
  });

  test('what made it stays with it, unless that is told with another', () => {
    const change = { at: '2026-03-10T14:11:00Z', who: 'dana', what: 'set maxSize=2 on web-asg' };
    const says = /changed at 14:11 UTC by dana: set maxSize=2 on web-asg; /;
    expect(other({ change })).toMatch(says);
    expect(other({ change, symptomOf: 'target-security-group-closed' })).toMatch(says);
    expect(other(closed.change === undefined ? {} : { change: closed.change })).not.toContain('changed at');
  });
});

describe('what makes none of the errors', () => {
  const inEffect = (more: Partial<Finding<Text>>) => {
    const second = { ...closed, cause: 'traffic-surge', strength: 'circumstantial', share: 0, ...more } as const;
    const mail = renderEmail({ ...identified, circumstances: [], findings: [{ ...closed, fixes: [] }, second] });
    expect(mail).not.toMatch(/ALSO FOUND|explains\s+(none|0 %)|Fix, if this is the cause/);
    return /ALSO IN EFFECT\n([\s\S]*?)\n\n[A-Z]/.exec(mail)?.[1]?.replace(/\n */g, ' ') ?? '';
  };

  test('and fits is named among what is in effect, no more', () => {
    expect(inEffect({})).toMatch(/^- .* on port 8080 \(traffic-surge; causes none of these errors\)$/);
  });

  test('and is proven is told with its proof', () => {
    expect(inEffect({ capped: 'it explains none' })).toMatch(/\(traffic-surge; causes none of these errors\): ./);
  });
});

test.each<[string, string | undefined, Partial<FixTraits>, RegExp | null]>([
  [
    'a stack',
    'CloudFormation stack web',
    { owner: 'other' },
    /Managed by CloudFormation stack web, which may revert it/,
  ],
  [
    'its Auto Scaling group',
    'Auto Scaling group web-asg',
    { owner: 'scaling-group' },
    /Auto Scaling group web-asg may launch replacements/,
  ],
  [
    'the Auto Scaling group that the command changes',
    'Auto Scaling group tcp',
    { owner: 'scaling-group', changesOwner: true },
    null,
  ],
  [
    'a controller',
    'load balancer controller',
    { owner: 'controller' },
    /make\s+lasting\s+changes\s+in\s+the\s+cluster/,
  ],
  ['nobody', undefined, {}, null],
])('who owns what a command changes: %s', (_, managedBy, traits, says) => {
  const fixes = closed.fixes.slice(0, 1).map(({ managedBy: _owner, ...fix }) => ({
    ...fix,
    traits: { changesWhat: 'AWS', verifies: 'effect', owner: null, changesOwner: false, ...traits } as const,
    ...(managedBy === undefined ? {} : { managedBy }),
  }));
  const mail = renderEmail({ ...identified, findings: [{ ...closed, fixes }] });
  if (says === null) expect(mail).not.toMatch(/Managed by|may launch/);
  else expect(mail).toMatch(says);
});

test.each([
  [
    'an open fault',
    { ...identified, verdict: { ...identified.verdict, headline: words('web is ill') } },
    /\nCause: web is ill\.\n/,
  ],
  [
    'a load balancer whose name is not at the start',
    { ...identified, verdict: { ...identified.verdict, headline: words('targets of web are ill.') } },
    /\nCause: targets of web are ill\.\n/,
  ],
  [
    'a headline that says suspected itself',
    { ...suspected, verdict: { ...suspected.verdict, headline: words('suspected: x') } },
    /\n[Ss]uspected: x\.\n/,
  ],
])('the headline keeps names and ends once: %s', (_, diagnosis, says) => expect(renderEmail(diagnosis)).toMatch(says));

test('an alarm over several load balancers, muted, with an owner of its own', () => {
  const mail = renderEmail({
    ...identified,
    trigger: {
      ...identified.trigger,
      contributor: { LoadBalancer: 'app/web/1', AvailabilityZone: 'eu-central-1a' },
      alsoInAlarm: [{ attributes: { LoadBalancer: 'app/api/1' }, since: '2026-03-10T14:20:00Z' }],
      mutedBy: [{ name: 'deploys', description: 'deployments on Tuesdays' }],
      tags: [{ key: 'team', value: 'observability' }],
    },
  }).replace(/\s+/g, ' ');
  expect(mail).toContain('It went off for AvailabilityZone eu-central-1a and LoadBalancer app/web/1.');
  expect(mail).toContain('Also in ALARM: LoadBalancer app/api/1.');
  expect(mail).toContain('The rule deploys (deployments on Tuesdays) mutes it: its actions do not run');
});

test.each([
  ['one column too long goes to the next line', 'aaaa bbbbb', 9, ['aaaa', 'bbbbb']],
  ['what just fits stays', 'aaaa bbbb', 9, ['aaaa bbbb']],
  ['a word longer than the line stays whole', 'aaaaaaaaaaaa', 5, ['aaaaaaaaaaaa']],
  ['a number stays with its unit', 'it costs 48 % of all', 11, ['it costs', '48 % of all']],
  [
    'an address gets its own line, its full stop goes',
    'see https://a.test/b. Then',
    40,
    ['see', 'https://a.test/b', 'Then'],
  ],
  ['nothing is no line', '', 9, []],
])('wrapping: %s', (_, prose, width, lines) => expect(wrap(prose, width)).toEqual(lines));

test('a cause that lacks the same evidence for two reasons is told once', () => {
  const gap = { evidence: 'changes', why: 'partial' } as const;
  const missing = [
    { ...gap, detail: 'it was read too late' },
    { ...gap, detail: 'no events of that time are kept' },
  ];
  const mail = renderEmail({ ...inconclusive, undetermined: [{ cause: 'traffic-surge', missing }] });
  expect(mail.replace(/\s+/g, ' ')).toMatch(/So not judged: traffic-surge\./);
});
