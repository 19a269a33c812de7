import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { verbatim } from '../../lambda/incident/text.ts';
import { printable } from '../../lambda/render/printable.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { verdictLine } from '../../lambda/render/verdict-line.ts';
import {
  ALL,
  failed,
  hostile,
  identified,
  inconclusive,
  quiet,
  recovered,
  suspected,
  twoFindings,
} from './diagnoses.ts';

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

test('the terminal reads well', async () => {
  await expect(renderTerminal(twoFindings, { colour: false })).toMatchFileSnapshot('terminals/two-findings.txt');
  const verbose = renderTerminal(twoFindings, { colour: false, verbose: true });
  await expect(verbose).toMatchFileSnapshot('terminals/two-findings-in-full.txt');
});

describe.each(ALL)('the terminal: %s', (_, diagnosis) => {
  test('colours change no word', () => {
    const coloured = renderTerminal(diagnosis, { colour: true });
    expect(coloured).toMatch(ESCAPES);
    expect(coloured.replace(ESCAPES, '')).toBe(renderTerminal(diagnosis, { colour: false }));
  });

  test('prints no value that is not one, and nothing that could move the cursor', () => {
    const plain = renderTerminal(diagnosis, { colour: false });
    expect(plain).not.toMatch(/undefined|null|NaN|\[object/);
    expect(plain).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
  });
});

test.each([
  ['identified', identified, 31],
  ['suspected', suspected, 33],
  ['inconclusive', inconclusive, 33],
  ['quiet', quiet, 32],
  ['recovered', recovered, 32],
  ['failed', failed, 31],
])('the verdict stands first, in the colour of %s', (_, diagnosis, colour) => {
  const [first = ''] = renderTerminal(diagnosis, { colour: true }).split('\n');
  expect(first).toContain(`[${colour}m`);
  expect(first).toContain('web: ');
});

describe.each(ALL)('the short form: %s', (_, diagnosis) => {
  const lines = renderTerminal(diagnosis, { colour: false }).trimEnd().split('\n');

  test('fits 40 lines', () => expect(lines.length).toBeLessThanOrEqual(40));

  if (diagnosis.kind === 'failed') {
    test('ends with the verdict, and counts nothing that was never read', () => {
      expect(lines.at(-1)).toBe(lines[0]);
      expect(lines.join(' ')).not.toMatch(/-v shows|not judged|Seen of each step/);
    });
    return;
  }

  test('ends with the verdict in short, and what there is more of', () => {
    expect(lines.at(-1)).toMatch(/^\d+ causes? found, \d+ ruled out, \d+ not judged; -v shows them\.$/);
    // An address in a name stands on a line of its own, without what follows it.
    const bare = (said: string) => said.replace(/[\s,:)]/g, '');
    const told = bare(lines.slice(0, -1).join(''));
    const verdict = bare(printable(verdictLine(diagnosis)));
    expect(told.endsWith(verdict)).toBe(true);
    // The first sentences tell it in full: over them it stands only where they do not name whom it is about.
    expect(told.split(verdict).length - 1).toBe(diagnosis.trigger.state === 'OK' ? 2 : 1);
    expect(lines[0]).toContain(printable(diagnosis.loadBalancer.name).trim().split(' ')[0]);
  });

  test('says how much was seen of each step of looking by hand', () => {
    expect(lines.join(' ')).toMatch(
      /Seen of each step: service seen, connectivity partly, logs not, configuration\s+seen,\s+network partly\./,
    );
  });
});

test('what to do comes after the proof, and what is not there has no heading', () => {
  expect(renderTerminal(identified, { colour: false }).split('\nWhat to do\n')[1]).toMatch(/^Fix \(changes AWS\)/);
  expect(renderTerminal(recovered, { colour: false })).not.toContain('What to do');
});

test('in full it tells all that is known', () => {
  const short = renderTerminal(twoFindings, { colour: false });
  const full = renderTerminal(twoFindings, { colour: false, verbose: true });
  for (const heading of ['Symptoms', 'Timeline', 'Ruled out', 'Links', 'About this report']) {
    expect(full).toContain(`\n${heading}\n`);
    expect(short).not.toContain(`\n${heading}\n`);
  }
});

test.each([
  [20, 40],
  [60, 60],
  [500, 120],
])('asked for %i columns, prose takes at most %i', (width, widest) => {
  const lines = renderTerminal(identified, { colour: false, width }).split('\n');
  const prose = lines.filter(
    (line) => line.replace(/^- /, '').trim().includes(' ') && !/^ {2}(aws|alb-triage) /.test(line),
  );
  expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(widest);
  expect(Math.max(...prose.map((line) => line.length))).toBeGreaterThan(widest - 20);
});

test('a hostile name starts no escape sequence', () => {
  expect(renderTerminal(hostile, { colour: true }).replace(ESCAPES, '')).not.toContain(String.fromCharCode(27));
});

test('where there are no options, none is named', () => {
  const text = renderTerminal(identified, { colour: false, withoutOptions: true });
  expect(text).toMatch(/\d+ ruled out, \d+ not judged\.\n$/);
  expect(text).not.toContain('-v');
});

const OSC_8 = new RegExp(
  `${String.fromCharCode(27)}\\]8;;([^${String.fromCharCode(27)}]*)${String.fromCharCode(27)}\\\\`,
  'g',
);

describe.each(ALL)('where a terminal makes links: %s', (_, diagnosis) => {
  test.each([false, true])('each ends, and leads to an address; in full: %s', (verbose) => {
    const page = renderTerminal(diagnosis, { colour: false, hyperlinks: true, verbose });
    const addresses = [...page.matchAll(OSC_8)].map(([, url = '']) => url);
    expect(addresses.filter((url, index) => (index % 2 === 0 ? !/^https?:[!-~]+$/.test(url) : url !== ''))).toEqual([]);
    expect(addresses.length % 2).toBe(0);
    expect(page.replace(OSC_8, '')).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

test('in the short form, one line leads to the console, to the affected group first', () => {
  const page = renderTerminal(identified, { colour: false, hyperlinks: true });
  const lines = page.split('\n').filter((line) => line.startsWith('In the console: '));
  expect(lines.map((line) => line.replace(OSC_8, ''))).toEqual([
    'In the console: Target group web-blue, Alarm web-5xx, Load balancer web',
  ]);
  expect(lines[0]).toMatch(/TargetGroup:targetGroupArn=arn\S+web-blue\S+Target group web-blue/);
  expect(renderTerminal(identified, { colour: false })).not.toContain('In the console');
});

test("in full, the longest address stands in nobody's way: under its title, or last of all", () => {
  const plain = renderTerminal(identified, { colour: false, verbose: true });
  const long = plain.split('\n').filter((line) => line.startsWith('https://') && line.length > 300);
  expect(long.length).toBe(1);
  const [, after = ''] = plain.split(long[0] ?? '-');
  expect(after).not.toMatch(/https:|^(Proof|Timeline|What to do|Afterwards|About this report)$/m);
  const linked = renderTerminal(identified, { colour: false, verbose: true, hyperlinks: true });
  expect(linked.replace(OSC_8, '')).toContain('\n- Errors minute by minute\n');
});

describe('what was not seen', () => {
  const denied = (causes: readonly CauseId[]): Diagnosis => ({
    ...identified,
    coverage: { ...identified.coverage, denied: ['cloudwatch:GetMetricData'] },
    undetermined: causes.map((cause) => ({
      cause,
      missing: [
        { evidence: 'loadBalancerMetrics', why: 'denied', action: 'cloudwatch:GetMetricData' },
        { evidence: 'instances', why: 'timed-out', action: 'ec2:DescribeInstances' },
        { evidence: 'instanceMetrics', why: 'partial', detail: 'disk usage was not seen' },
        { evidence: 'subnets', why: 'partial', detail: 'it was read too late' },
        { evidence: 'routeTables', why: 'partial', detail: 'it was read too late' },
      ],
    })),
  });
  const MANY = CAUSES.map(({ id }) => id).slice(0, 29);
  const said = (diagnosis: Diagnosis, verbose = false): string => {
    const page = renderTerminal(diagnosis, { colour: false, width: 120, verbose });
    return /\nNot seen\n(.*?)\n\n/s.exec(page)?.[1] ?? '';
  };

  test('is named in the short form, with the call and with why', () => {
    const [few, many] = [said(denied(['disk-full', 'waf-failing'])), said(denied(MANY))];
    for (const unseen of [few, many].map((one) => one.replace(/\s+/g, ' '))) {
      expect(unseen).toMatch(/Load balancer metrics.*cloudwatch:GetMetricData/);
      expect(unseen).toMatch(/nstances \(ec2:DescribeInstances\): AWS did not answer in time/);
      expect(unseen).toMatch(/Subnets and route tables: it was read too late/);
      expect(unseen).not.toMatch(/\d+ more/);
    }
    expect(few).toContain('So not judged: disk-full and waf-failing.');
    expect(many).not.toContain('disk-full');
  });

  test('in full, many causes stand by category, a line for each', () => {
    const unseen = said(denied(MANY), true);
    expect(unseen).toContain('cloudwatch:GetMetricData was denied. So not judged, by category:\n  - backend-down: ');
    for (const id of MANY) expect(unseen).toContain(id);
    expect(said(denied(['disk-full']), true)).toContain('So not judged: disk-full.');
  });

  test('holds changes that CloudTrail did not show', () => {
    const changesUnseen = [{ evidence: 'changes', why: 'denied', action: 'cloudtrail:LookupEvents' }] as const;
    const unseen = said({ ...identified, undetermined: [], changesUnseen });
    expect(unseen).toContain('Changes: cloudtrail:LookupEvents was denied.');
  });
});

test('where proofs have no room, when it began goes first, and what decides stays', () => {
  const [first] = identified.findings;
  if (first === undefined) throw new Error('nothing is found');
  const { change: _, ...undated } = first;
  const because = Array.from({ length: 9 }, (_, n) => ({
    from: 'targetHealth' as const,
    shows: verbatim(`sign ${n}`),
  }));
  const page = renderTerminal(
    { ...identified, findings: [{ ...undated, since: '2026-03-10T14:11:00Z', because }] },
    { colour: false },
  );
  expect(page).toContain('- Sign 0 (target health)\n- Sign 1 (target health)\n');
  expect(page).not.toContain('It began at');
  expect(page).toMatch(/- And \d more proofs\n/);
});
