import { describe, expect, test } from 'vitest';
import { asRecovered } from '../../lambda/diagnose/recovery.ts';
import { CAUSE_WORDS } from '../../lambda/incident/cause-words.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { ToldFix } from '../../lambda/incident/finding.ts';
import { chatCard } from '../../lambda/render/chat.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { toMessage } from '../../lambda/render/message.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { answerOf } from '../../lambda/render/verdict-line.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

const recorded = recordedIncidents().map(({ name, snapshot }) => ({ name, diagnosis: diagnosisOf(snapshot) }));

/** An alarm that is OK again, and went off long before. */
const OVER_AFTER_LONG: Diagnosis['trigger'] = {
  kind: 'alarm',
  alarmName: 'web-5xx',
  state: 'OK',
  at: '2026-03-10T15:00:00Z',
  previousState: 'ALARM',
  previousStateAt: '2026-03-10T03:26:00Z',
};

const isCommand = (line: string): boolean => /^(aws|alb-triage|kubectl) /.test(line);
const isAddress = (line: string): boolean => /^https:\/\/\S+$/.test(line);

/** What mends the first cause, besides the way to take first and its steps. */
function waysBesideFirst({ verdict, findings: [first] }: Diagnosis): readonly ToldFix[] {
  if (verdict.cause === null || first === undefined) return [];
  const known = (run: ToldFix['run']): string => JSON.stringify(run);
  const [way] = first.fixes;
  return first.fixes
    .slice(1)
    .filter(({ run, step }) => (step?.number ?? 1) === 1 && known(run) !== known(way?.run ?? null));
}

describe.each(recorded)('what is read of $name', ({ diagnosis }) => {
  const { subject } = toMessage(diagnosis);
  const lines = renderEmail(diagnosis).trimEnd().split('\n');
  const heading = lines.findIndex((line, index) => lines[index - 1] === '' && /^[A-Z][A-Z ]+$/.test(line));
  const first = lines.slice(0, heading < 0 ? lines.length : heading - 1);
  const { name, region, accountId } = diagnosis.loadBalancer;

  test('the subject is short, and has no internal id', () => {
    expect(subject).toMatch(/^[\x20-\x7e]{1,78}$/);
    expect(Object.keys(CAUSE_WORDS).filter((id) => id.includes('-') && subject.includes(id))).toEqual([]);
    expect(subject).toContain(region);
  });

  test('the first screen is one, and says where', () => {
    const prose = first.filter((line) => !isCommand(line) && !isAddress(line));
    expect(prose.filter((line) => line !== '').length).toBeLessThanOrEqual(12);
    expect(prose.join('\n').length).toBeLessThanOrEqual(600);
    expect(first.filter(isAddress).filter((url) => url.includes('console.')).length).toBe(1);
    for (const fact of [name, region, accountId, diagnosis.incidentId]) expect(prose.join('\n')).toContain(fact);
  });

  test('the mail is read to its end', () => {
    expect(lines.length).toBeLessThanOrEqual(diagnosis.verdict.status === 'quiet' ? 15 : 90);
    expect(lines.filter((line) => line.length > 200 && !isCommand(line))).toEqual([]);
  });

  test('no command to be typed stands among words', () => {
    const prose = lines.filter((line) => !isCommand(line) && !/^curl /.test(line));
    expect(prose.filter((line) => /\b(curl|kubectl) -|localhost:/.test(line))).toEqual([]);
  });

  test('it has a next step', () => {
    expect(lines.join('\n')).toMatch(
      /\n(Fix|By hand|To look closer|Next:|If it happens again|If requests fail|To ask again|To see more|Some calls to AWS failed)/,
    );
  });

  test('its card in chat says what to do, not only where to look', () => {
    const steps = chatCard(diagnosis).content.nextSteps;
    if (diagnosis.kind !== 'recovered') expect(steps.filter((step) => !isAddress(step))).not.toEqual([]);
  });

  test.each([
    [60, 45],
    [80, 40],
    [200, 40],
  ])('a terminal of %i columns shows it in %i lines at most', (width, atMost) => {
    for (const hyperlinks of [false, true]) {
      const page = renderTerminal(diagnosis, { colour: false, hyperlinks, width }).trimEnd().split('\n');
      expect(page.length).toBeLessThanOrEqual(atMost);
      // What was not seen is named, with why; a count alone says nothing.
      const [, unseen = ''] = /\nNot seen\n(.*?)\n\n/s.exec(`${page.join('\n')}\n\n`) ?? [];
      expect(unseen).not.toMatch(/^- \d+ more|not judged: \d+ more/m);
      const { undetermined, changesUnseen = [], advice } = diagnosis;
      const isWhole = undetermined.length + changesUnseen.length === 0;
      // Advice stands there by itself, where there is room for it.
      if (!isWhole || advice === undefined) expect(unseen === '').toBe(isWhole);
      // What mends it does not stand behind what only helps for now.
      const ways = diagnosis.kind === 'recovered' ? [] : waysBesideFirst(diagnosis);
      if (ways.length > 0) expect(page).toContain('Further steps');
    }
  });
});

describe('however long the names are', () => {
  const LONG_REGION = 'ap-southeast-1';
  const over = recorded.map(({ diagnosis }) => asRecovered({ ...diagnosis, trigger: OVER_AFTER_LONG }));
  const answers = new Map([...recorded.map(({ diagnosis }) => diagnosis), ...over].map((one) => [answerOf(one), one]));
  const named = (accountName: string, name = 'payments-production-internal-alb'): readonly Diagnosis[] =>
    [...answers.values()].map((one) => ({
      ...one,
      loadBalancer: { ...one.loadBalancer, name, accountName, region: LONG_REGION },
    }));

  test.each(['acme-production-payments', 'a'.repeat(32), 'x'.repeat(50)])(
    'the subject ends in the Region: %s',
    (account) => {
      const subjects = named(account).map((one) => toMessage(one).subject);
      expect(subjects.filter((one) => one.length > 78 || !one.endsWith(LONG_REGION))).toEqual([]);
      expect(subjects.filter((one) => !one.startsWith('payments'))).toEqual([]);
    },
  );

  const long: Partial<Diagnosis['loadBalancer']> = {
    owner: 'o'.repeat(250),
    accountName: 'a'.repeat(250),
    runbook: `https://wiki.example.com/${'r'.repeat(150)}`,
  };
  const alarmName = 'n'.repeat(255);
  const tagged = [...answers.values()].map((one) => ({
    ...one,
    loadBalancer: { ...one.loadBalancer, ...long },
    trigger: { ...one.trigger, alarmName },
  }));

  test('the first screen is one, with the runbook whole on a line of its own', () => {
    for (const diagnosis of tagged) {
      const lines = renderEmail(diagnosis).trimEnd().split('\n');
      expect(lines).toContain(long.runbook);
      expect(lines.filter((line) => line.length > 200 && !isCommand(line) && !isAddress(line))).toEqual([]);
      const heading = lines.findIndex((line, index) => lines[index - 1] === '' && /^[A-Z][A-Z ]+$/.test(line));
      // Where nothing follows, what reading took is the last line, below the screen.
      const receipt = lines.findIndex((line) => line.startsWith('Read at '));
      const first = lines.slice(0, heading < 0 ? receipt : heading - 1);
      const prose = first.filter((line) => !isCommand(line) && !isAddress(line));
      expect(prose.join('\n').length).toBeLessThanOrEqual(600);
      expect(prose.join('\n')).toContain(diagnosis.incidentId);
    }
  });

  test('an address that is too long for a line is not cut: it is said where it stands', () => {
    const [one] = tagged;
    if (one === undefined) throw new Error('none recorded');
    const runbook = `https://wiki.example.com/${'r'.repeat(225)}`;
    const mail = renderEmail({ ...one, loadBalancer: { ...one.loadBalancer, runbook } });
    expect(mail).toContain('Runbook: its address is too long for here');
    expect(mail).not.toContain('https://wiki.example.com');
  });

  test.each([170, 198, 199, 201, 330, 700, 5000])('no line of a mail is longer for what others wrote: %i', (length) => {
    const url = `https://wiki.example.com/${'p'.repeat(length - 25)}`;
    const theirs = `See ${url}, then ask. ${'w'.repeat(length)}`;
    const mails = [...answers.values()].slice(0, 40).map((one) =>
      renderEmail({
        ...one,
        loadBalancer: { ...one.loadBalancer, owner: url, tags: [{ key: 'k'.repeat(120), value: theirs }] },
        trigger: {
          ...one.trigger,
          alarmName: 'n'.repeat(255),
          alarmDescription: `${theirs}\n${url}`,
          reason: theirs,
          mutedBy: [{ name: 'm'.repeat(length), description: theirs }],
          tags: [{ key: url, value: url }],
        },
        findings: one.findings.map((finding) => ({
          ...finding,
          fixes: finding.fixes.map((fix) => ({ ...fix, managedBy: theirs })),
          ...(finding.change === undefined ? {} : { change: { ...finding.change, who: theirs, what: theirs } }),
        })),
        changes: one.changes.map((change) => ({ ...change, who: theirs })),
        ...(one.error === undefined ? {} : { error: theirs }),
      }),
    );
    for (const mail of mails) {
      const lines = mail.split('\n');
      expect(lines.filter((line) => [...line].length > 200 && !isCommand(line))).toEqual([]);
      // Whole, or not there: half of one leads somewhere else.
      const addresses = lines.filter((line) => line.includes('https://wiki.example.com'));
      expect(addresses.filter((line) => line.replace(/^\W+/, '') !== url)).toEqual([]);
    }
    const told = mails.some((mail) => mail.includes('a web address at wiki.example.com'));
    expect(told || length < 199 || length > 600).toBe(true);
  });

  test('the account is cut before the load balancer', () => {
    const subjects = named('acme-production-payments', 'payments').map((one) => toMessage(one).subject);
    expect(subjects.filter((one) => !one.startsWith('payments: '))).toEqual([]);
    expect(subjects.filter((one) => one.includes(`... - ${LONG_REGION}`))).toEqual([]);
  });
});

test('half of the mails take 60 lines at most', () => {
  const lengths = recorded.map(({ diagnosis }) => renderEmail(diagnosis).trimEnd().split('\n').length);
  const [median = Number.NaN] = [...lengths].sort((a, b) => a - b).slice(Math.floor(lengths.length / 2));
  expect(median).toBeLessThanOrEqual(60);
});
