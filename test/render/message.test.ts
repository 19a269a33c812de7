import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { CAUSE_WORDS } from '../../lambda/incident/cause-words.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { resource, type Text, text, verbatim, words } from '../../lambda/incident/text.ts';
import { BYTES_AT_MOST, bytesOf, toMessage } from '../../lambda/render/message.ts';
import { renderSms } from '../../lambda/render/sms.ts';
import { ALL, closed, failed, failingTargetsOnly, identified, inconclusive, quiet, recovered } from './diagnoses.ts';
import { reportSchema } from './report-schema.ts';

const withHeadline = (headline: Text): Diagnosis => ({ ...identified, verdict: { ...identified.verdict, headline } });
const over: Diagnosis = {
  ...identified,
  episode: identified.episode && { ...identified.episode, end: '2026-03-10T14:28:00Z', trend: 'over' },
};
const NONE = { '500': 0, '502': 0, '503': 0, '504': 0, other5xx: 0 };

const fits = new Ajv({ allowUnionTypes: true }).compile(reportSchema());

describe.each(ALL)('the message: %s', (_, diagnosis) => {
  const message = toMessage(diagnosis);

  test('has a subject that SNS takes, with the load balancer and the verdict', () => {
    expect(message.subject).toMatch(/^[A-Za-z][\x20-\x7e]{0,77}$/);
    expect(message.subject).toMatch(/^we.*: (.+, .+|recovered after .+|no 5xx outage|could not be triaged)/);
    expect(Object.keys(CAUSE_WORDS).filter((id) => message.subject.includes(id))).toEqual([]);
  });

  test('has no empty attribute', () => {
    expect(Object.values(message.attributes).filter((value) => value === '')).toEqual([]);
  });

  test('has the report as its default body', () => {
    expect(JSON.parse(message.bodies.default)).toMatchObject({ schemaVersion: '1.0', kind: diagnosis.kind });
  });

  test('has a text message of 140 characters at most, each of them in its alphabet', () => {
    expect(message.bodies.sms).toMatch(/^[A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?]{1,140}$/);
  });

  test('is the same each time', () => expect(JSON.stringify(toMessage(diagnosis))).toBe(JSON.stringify(message)));
});

test.each([
  ['an identified cause', identified, ['identified', 'target-security-group-closed', 'network-block', 'decisive']],
  ['no cause', inconclusive, ['inconclusive', 'none', 'none', 'none']],
  ['a recovery', recovered, ['recovered', 'target-security-group-closed', 'network-block', 'decisive']],
  ['a failure', failed, ['failed', 'none', 'none', 'none']],
])('the attributes of %s', (_, diagnosis, values) => {
  const { status, cause, category, strength } = toMessage(diagnosis).attributes;
  expect([status, cause, category, strength]).toEqual(values);
});

test('the attributes of a load balancer that nobody could look at', () => {
  expect(toMessage(failed).attributes).toMatchObject({ loadBalancer: 'web', accountId: 'none', region: 'none' });
});

test('all plain-text protocols get the mail, https the card, or the report where the card goes elsewhere', () => {
  const { bodies } = toMessage(identified);
  expect(bodies['email-json']).toBe(bodies.email);
  expect(bodies.application).toBe(bodies.email);
  const texts = ['default', 'email', 'email-json', 'application', 'sms'];
  expect(Object.keys(bodies)).toEqual([...texts, 'https']);
  // Without a body of its own, https gets the default one.
  expect(Object.keys(toMessage(identified, { withoutCard: true }).bodies)).toEqual(texts);
});

test.each([
  [
    'identified',
    identified,
    'web: 48% 504, security group closed (sg-0aaa1111bbbb2222c). Rising since 14:20 UTC - 123456789012/eu-central-1',
  ],
  [
    'two resources, of which one fits',
    withHeadline(text`${resource('i-0123456789abcdef0')}, ${resource('i-0fedcba9876543210 of another account')}`),
    'web: 48% 504, security group closed (i-0123456789abcdef0). Rising since 14:20 UTC - 123456789012/eu-central-1',
  ],
  [
    'a resource that does not fit',
    withHeadline(text`${resource('x'.repeat(60))}`),
    'web: 48% 504, security group closed. Rising since 14:20 UTC - 123456789012/eu-central-1',
  ],
  [
    'a resource of the same name as the load balancer',
    withHeadline(text`${resource('web')}`),
    'web: 48% 504, security group closed. Rising since 14:20 UTC - 123456789012/eu-central-1',
  ],
  [
    'errors that are over',
    over,
    'web: 48% 504, security group closed (sg-0aaa1111bbbb2222c). From 14:20 UTC to 14:28 UTC - 123456789012/eu-central-1',
  ],
  ['one bad request', quiet, 'web: no 5xx outage. 1 of 6,120 requests failed - 123456789012/eu-central-1'],
  [
    'failing targets without errors',
    { ...quiet, symptoms: { ...quiet.symptoms, elb: NONE }, episode: failingTargetsOnly.episode },
    'web: no 5xx, health checks failing. Steady since 14:20 UTC - 123456789012/eu-central-1',
  ],
  ['inconclusive', inconclusive, 'web: errors not seen, no cause found - 123456789012/eu-central-1'],
  [
    'recovered',
    recovered,
    'web: recovered after 42 min, security group closed (sg-0aaa1111bbbb2222c) - 123456789012/eu-central-1',
  ],
])('the text message of %s', (_, diagnosis, says) => expect(renderSms(diagnosis)).toBe(says));

describe('the size', () => {
  const shortened = (diagnosis: Diagnosis) => {
    const message = toMessage(diagnosis);
    return { message, report: JSON.parse(message.bodies.default) };
  };
  const withFacts = (length: number): Diagnosis => ({
    ...identified,
    findings: [{ ...closed, facts: { x: 'x'.repeat(length) } }],
  });

  test('counts bytes of the encoded message, not characters', () => {
    const bodies = { default: '"', email: 'é', 'email-json': '', application: '', sms: '' };
    const encoded = '{"default":"\\"","email":"é","email-json":"","application":"","sms":""}';
    expect(bytesOf({ subject: 'ab', bodies, attributes: { a: 'b' } })).toBe(encoded.length + 1 + 2 + 'aStringb'.length);
  });

  test('is used to the last byte: a report that just fits is whole, one byte more is shortened', () => {
    const room = BYTES_AT_MOST - bytesOf(toMessage(withFacts(0)));
    expect(bytesOf(toMessage(withFacts(room)))).toBe(BYTES_AT_MOST);
    expect(shortened(withFacts(room)).report.truncated).toBeUndefined();
    expect(shortened(withFacts(room + 1)).report.truncated).toEqual(['facts']);
  });

  const huge = 'é"\\'.repeat(50_000);
  const list = Array.from({ length: 3000 }, (_, index) => index);
  test.each<[string, Diagnosis]>([
    ['facts', withFacts(300_000)],
    [
      'a timeline',
      {
        ...identified,
        timeline: list.map(() => ({ at: '2026-03-10T14:20:00Z', kind: 'health', what: verbatim('x'.repeat(100)) })),
      },
    ],
    [
      'changes',
      {
        ...identified,
        changes: list.map(() => ({ at: 'x', who: 'x'.repeat(50), what: 'x'.repeat(50), resource: 'x', source: 'x' })),
      },
    ],
    ['links', { ...identified, links: list.map(() => ({ title: 'x', url: `https://x.test/${'x'.repeat(100)}` })) }],
    ['reasons', { ...identified, ruledOut: [{ cause: 'host-firewall', because: verbatim(huge) }] }],
    ['findings', { ...identified, findings: list.slice(0, 200).map(() => closed) }],
    ['proof', { ...identified, findings: [{ ...closed, because: list.flatMap(() => closed.because) }] }],
    [
      'tags',
      {
        ...identified,
        loadBalancer: { ...identified.loadBalancer, tags: list.map(() => ({ key: 'x', value: 'x'.repeat(200) })) },
      },
    ],
    ['a headline', { ...identified, verdict: { ...identified.verdict, headline: verbatim(huge) } }],
    ['an alarm description', { ...identified, trigger: { ...identified.trigger, alarmDescription: huge } }],
    ['an error', { ...failed, error: huge }],
    [
      'a defect',
      { ...identified, broken: list.slice(0, 300).map(() => ({ cause: 'waf-failing', error: huge.slice(0, 1000) })) },
    ],
    [
      'ids not seen',
      {
        ...identified,
        undetermined: [
          {
            cause: 'host-firewall',
            missing: [{ evidence: 'instances', why: 'partial', ids: list.map((n) => `i-${n}${'0'.repeat(100)}`) }],
          },
        ],
      },
    ],
    [
      'details not seen',
      {
        ...identified,
        undetermined: list.slice(0, 300).map(() => ({
          cause: 'host-firewall',
          missing: [{ evidence: 'instances', why: 'failed', detail: huge.slice(0, 500) }],
        })),
      },
    ],
    [
      'target groups',
      {
        ...identified,
        findings: [
          {
            ...closed,
            affected: { ...closed.affected, targetGroups: list.map((n) => `arn:x/${n}${'x'.repeat(300)}`) },
          },
        ],
      },
    ],
    [
      'a command',
      {
        ...identified,
        findings: [
          { ...closed, fixes: [{ does: words('x'), run: ['aws', huge], changes: true, undo: null, verify: null }] },
        ],
      },
    ],
    ['control characters', { ...identified, trigger: { ...identified.trigger, reason: '\u0001'.repeat(100_000) } }],
    [
      'everything at once',
      {
        ...inconclusive,
        error: huge,
        findings: list.slice(0, 100).map(() => ({ ...closed, headline: verbatim(huge.slice(0, 3000)) })),
        fingerprint: huge,
        incidentKey: huge,
        coverage: {
          judged: 1,
          of: 2,
          denied: list.map((n) => `x:${n}${'y'.repeat(400)}`),
          steps: identified.coverage.steps,
        },
      },
    ],
  ])('a message with too much of %s is shortened, says so, and still is a report', (_, diagnosis) => {
    const { message, report } = shortened(diagnosis);
    expect(bytesOf(message)).toBeLessThanOrEqual(BYTES_AT_MOST);
    expect(report.truncated.length).toBeGreaterThan(0);
    expect(message.bodies.email).toMatch(/Shortened\s+to\s+fit\s+one\s+message;\s+left\s+out:/);
    expect(fits(report), JSON.stringify(fits.errors)).toBe(true);
    expect(report.verdict.status).toBe(diagnosis.verdict.status);
  });

  test('a shortened message keeps the verdict, its proof, the command, and how much was judged', () => {
    const { message, report } = shortened({
      ...withFacts(300_000),
      links: list.map(() => ({ title: 'x', url: `https://x.test/${'x'.repeat(100)}` })),
    });
    expect(report.findings[0].because).toHaveLength(3);
    expect(report.findings[0].fixes[0].run).toEqual(closed.fixes[0]?.run);
    expect(message.bodies.email).toContain('3 causes ruled out, 2 could not be judged');
  });
});
