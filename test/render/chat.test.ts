import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { text, verbatim } from '../../lambda/incident/text.ts';
import { type ChatCard, chatCard } from '../../lambda/render/chat.ts';
import { toMessage } from '../../lambda/render/message.ts';
import { recordedIncidents } from '../support/incidents.ts';
import { ALL, failed, hostile, identified, inconclusive, recovered } from './diagnoses.ts';

/** A custom notification of Amazon Q Developer, as AWS documents it: what else is sent, it drops without a word. */
const SCHEMA = {
  type: 'object',
  required: ['version', 'source', 'content'],
  additionalProperties: false,
  properties: {
    version: { const: '1.0' },
    source: { const: 'custom' },
    id: { type: 'string', minLength: 1 },
    content: {
      type: 'object',
      required: ['description'],
      additionalProperties: false,
      properties: {
        textType: { const: 'client-markdown' },
        title: { type: 'string', maxLength: 250 },
        description: { type: 'string', minLength: 1, maxLength: 8000 },
        nextSteps: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 350 } },
        keywords: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 75 } },
      },
    },
    metadata: {
      type: 'object',
      additionalProperties: false,
      properties: {
        threadId: { type: 'string', minLength: 1 },
        summary: { type: 'string', minLength: 1 },
        eventType: { type: 'string' },
        relatedResources: { type: 'array', items: { type: 'string' } },
        additionalContext: { type: 'object', additionalProperties: { type: 'string' } },
        enableCustomActions: { type: 'boolean' },
      },
    },
  },
};
const fits = new Ajv().compile(SCHEMA);

/** All that Slack or Teams would read as mark-up or show. */
const shown = ({ content, metadata }: ChatCard): readonly string[] => [
  content.title,
  ...content.description.split('\n'),
  ...content.nextSteps,
  ...content.keywords,
  metadata.summary,
];
/** A bare address, as the console's are, is read as one before any mark-up. */
const outsideCode = (line: string): string => line.replace(/`[^`]*`/g, '').replace(/^https:\/\/\S+$/, '');

describe.each(ALL)('the card: %s', (_, diagnosis) => {
  const card = chatCard(diagnosis);

  test('is what Amazon Q Developer takes', () => {
    expect(fits(JSON.parse(JSON.stringify(card))), JSON.stringify(fits.errors)).toBe(true);
  });

  test('is read at once: ten lines with its title and steps, and below what Slack shows whole', () => {
    const { description, nextSteps } = card.content;
    expect(1 + description.split('\n').length + nextSteps.length).toBeLessThanOrEqual(10);
    expect(card.content.description.length).toBeLessThanOrEqual(3000);
    expect(card.content.description).not.toContain('\n\n');
  });

  test('is one conversation for a load balancer, with its latest in one line', () => {
    expect(card.metadata.threadId).toBe(diagnosis.incidentKey);
    expect(card.metadata.summary).toMatch(/^[^\n]+$/);
  });

  test('has no mark-up but whole pairs of backticks', () => {
    for (const line of shown(card)) {
      expect((line.match(/`/g) ?? []).length % 2).toBe(0);
      expect(outsideCode(line)).not.toMatch(/[<>*~]|\]\(|&(?!(?:amp|lt|gt);)/);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  });

  test('is the body for https', () => expect(JSON.parse(toMessage(diagnosis).bodies.https ?? '')).toEqual(card));

  test('is the same each time', () => expect(chatCard(diagnosis)).toEqual(card));
});

test('tells what is going on, why and how sure, and what to do with the command', () => {
  const { content, metadata } = chatCard(identified);
  expect(content.title).toBe('web: 48% 504, security group closed - 123456789012/eu-central-1');
  expect(content.description).toContain(
    'security group `sg-0aaa1111bbbb2222c` does not allow inbound traffic from the load balancer',
  );
  expect(content.nextSteps[0]).toContain('`aws ec2 authorize-security-group-ingress --region eu-central-1 ');
  expect(content.nextSteps.at(-1)).toMatch(/^https:\/\/\S+$/);
  expect(metadata.summary).toBe('web: 48% 504, security group closed');
});

test.each(recordedIncidents())('$name: ten lines, and whoever has more to do is told where', ({ snapshot }) => {
  const diagnosis = diagnose(snapshot, CAUSES);
  const { description, nextSteps } = chatCard(diagnosis).content;
  expect(1 + description.split('\n').length + nextSteps.length).toBeLessThanOrEqual(10);
  // Beside the console, what to do first; of what recovered, the mail tells how to prevent it.
  if (diagnosis.trigger.state !== 'OK') {
    expect(nextSteps.some((step) => !step.startsWith('https://'))).toBe(true);
  }
});

test('of very many steps the first are told, and where the rest is', () => {
  const [finding] = identified.findings;
  if (finding === undefined) throw new Error('no finding');
  const [one] = finding.fixes;
  if (one === undefined) throw new Error('no fix');
  const fixes = Array.from({ length: 9 }, (_, index) => ({
    ...one,
    run: ['aws', 'ec2', 'reboot-instances', '--instance-ids', `i-${index}`],
    step: { number: index + 1, of: 9 },
  }));
  const { nextSteps } = chatCard({ ...identified, findings: [{ ...finding, fixes }] }).content;
  expect(nextSteps).toHaveLength(5);
  expect(nextSteps[3]).toBe('The steps after that are in the mail and in the JSON report.');
});

test('a recovery says so in its line, and no cause found leads on', () => {
  expect(chatCard(recovered).metadata.summary).toMatch(/^web: recovered after 42 min/);
  expect(chatCard(inconclusive).content.nextSteps.join('\n')).toContain('`alb-triage web --at ');
  expect(chatCard(failed).content.nextSteps.join('\n')).toContain('`elasticloadbalancing:DescribeLoadBalancers`');
});

const named = (name: string): Diagnosis => ({
  ...identified,
  loadBalancer: { ...identified.loadBalancer, name },
  verdict: { ...identified.verdict, headline: text`${verbatim(name)}` },
});

test('nobody is called, and nothing is linked, by what others named', () => {
  const said = shown(
    chatCard(named('<!channel> <@U123> <https://evil.test|here> [x](https://evil.test) *b* _i_ ~s~ `c`')),
  );
  for (const line of said) expect(outsideCode(line)).not.toMatch(/<[!@h]|\]\(https|\*b\*|(?<![\w])_i_|~s~/);
});

test('a command that does not fit whole, or would end its own code, is not told by half', () => {
  const withRun = (...run: string[]): Diagnosis => {
    const [first] = identified.findings;
    const [fix] = first?.fixes ?? [];
    if (first === undefined || fix === undefined) throw new Error('no fix');
    return { ...identified, findings: [{ ...first, fixes: [{ ...fix, run }] }] };
  };
  for (const run of [
    ['aws', 'x'.repeat(400)],
    ['aws', '--name', 'a`b'],
  ]) {
    const { nextSteps } = chatCard(withRun(...run)).content;
    expect(nextSteps.join('\n')).toContain('The command is in the mail');
    expect(nextSteps.join('\n')).not.toMatch(/`aws|xxx/);
  }
});

test('whatever it is told of, it fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (name) => {
      const card = chatCard(named(name));
      expect(fits(card), JSON.stringify(fits.errors)).toBe(true);
      expect(card.content.description.length).toBeLessThanOrEqual(3000);
      expect(card.content.description.split('\n').length).toBeLessThanOrEqual(10);
    }),
    { numRuns: 200 },
  );
  expect(fits(chatCard(hostile))).toBe(true);
});
