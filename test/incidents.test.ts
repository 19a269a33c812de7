import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cause } from '../lambda/causes/cause.ts';
import { CAUSES } from '../lambda/causes/index.ts';
import type { CauseId } from '../lambda/incident/cause.ts';
import { CATALOGUE } from '../lambda/incident/cause.ts';
import { words } from '../lambda/incident/text.ts';
import { renderEmail } from '../lambda/render/email.ts';
import { asString } from '../lambda/render/json.ts';
import { plainText } from '../lambda/render/plain.ts';
import { renderSms } from '../lambda/render/sms.ts';
import { renderTerminal } from '../lambda/render/terminal.ts';
import { answerOf, incidentReport } from './support/golden.ts';
import { BY_CAUSE, causesTold, diagnosisOf, recordedIncidents, TANGLES, waitingTold } from './support/incidents.ts';
import { madeIncidents } from './support/recipes.ts';

const recorded = recordedIncidents().map((incident) => ({
  ...incident,
  diagnosis: diagnosisOf(incident.snapshot),
}));
const ACCEPT = '`npm run accept` writes it anew';
const causes = CAUSES.map(({ id }) => id);

describe.each(recorded)('$name', ({ diagnosis, expected, file }) => {
  const mail = renderEmail(diagnosis);
  const inFull = renderTerminal(diagnosis, { colour: false, verbose: true });
  const report = incidentReport(diagnosis);
  const confident = diagnosis.findings
    .filter(({ strength }) => strength !== 'circumstantial')
    .map(({ cause }) => cause);

  test('the answer is right', () => {
    expect(expected.status).toContain(diagnosis.verdict.status);
    if (expected.cause.length > 0) expect(expected.cause).toContain(diagnosis.findings[0]?.cause);
    else expect(confident).toEqual([]);
    expect(confident.filter((cause) => expected.never.includes(cause))).toEqual([]);
    expect(diagnosis.broken).toEqual([]);
  });

  test('what waits behind that is told, and nothing else', () => {
    expect(waitingTold(diagnosis)).toEqual([...(expected.waiting ?? [])].sort());
  });

  test('it says what it must, and nothing that is false', () => {
    const told = `${mail}\n${inFull}`.replace(/\s+/g, ' ');
    const isTold = (words: string): boolean => new RegExp(words, 'i').test(told);
    const { says = [], neverSays = [] } = expected;
    expect(says.filter((words) => !isTold(words))).toEqual([]);
    expect(neverSays.filter(isTold)).toEqual([]);
  });

  test('it is told as its golden file tells it', async () => {
    await expect(report, ACCEPT).toMatchFileSnapshot(file('report.txt'));
  });

  test('causes more that are not found alter nothing in its golden file', () => {
    const [cause] = causes;
    if (cause === undefined) throw new Error('there are no causes');
    const { ruledOut, notApplicable, undetermined, coverage } = diagnosis;
    const because = words('it is not so');
    const partly = { evidence: 'networkAcls', why: 'partial', ids: ['acl-1'], detail: 'not all of it came' } as const;
    const missing = [partly, ...undetermined.flatMap((one) => one.missing)];
    const withMore = {
      ...diagnosis,
      ruledOut: [{ cause, because }, ...ruledOut],
      notApplicable: [...notApplicable, { cause, because }],
      undetermined: [{ cause, missing }, ...undetermined],
      coverage: { ...coverage, judged: coverage.judged + 2, of: coverage.of + 3 },
    };
    expect(incidentReport(withMore)).toBe(report);
  });

  test('every cause answers, and the whole report says what', () => {
    const { findings, ruledOut, notApplicable, undetermined, coverage, collectedAt } = diagnosis;
    // What waits is told, and is no cause found.
    const answered = new Set(findings.map(({ cause }) => cause));
    const found = new Set(findings.flatMap(({ cause, waiting }) => (waiting ? [] : cause)));
    const others = [...ruledOut, ...notApplicable, ...undetermined].map(({ cause }) => cause);
    expect([...answered, ...others].sort()).toEqual([...causes].sort());
    expect(coverage).toMatchObject({ judged: causes.length - undetermined.length, of: causes.length });

    const told = inFull.replace(/\s+/g, ' ');
    expect(told).toContain(
      [
        ` Coverage ${ruledOut.length} ${ruledOut.length === 1 ? 'cause' : 'causes'} ruled out, `,
        `${undetermined.length} could not be judged`,
        ...(found.size === 0 ? [] : [`, ${found.size} found`]),
        ...(notApplicable.length === 0 ? [] : [`, ${notApplicable.length} not applicable here`]),
        '. ',
      ].join(''),
    );
    for (const { cause, because } of ruledOut) {
      expect(told).toContain(` - ${cause}: ${plainText(because, { today: collectedAt })}`.replace(/\s+/g, ' '));
    }
    const namesAfter = (words: RegExp): readonly string[] =>
      [...told.matchAll(words)].flatMap(([, names = '']) => names.split(/, | and /)).sort();
    expect(namesAfter(/ - Not applicable here: (.*?)(?= [A-Z])/g)).toEqual(
      notApplicable.map(({ cause }) => cause).sort(),
    );
    const byCategory = new RegExp(` - (?:${Object.keys(CATALOGUE).join('|')}): (.*?)(?= - | [A-Z])`, 'g');
    expect(new Set([...namesAfter(/ So not judged: (.*?)\./g), ...namesAfter(byCategory)])).toEqual(
      new Set(undetermined.map(({ cause }) => cause)),
    );
  });

  test('its timeline runs forward, and what was counted in a minute comes after what was changed in it', () => {
    const minutes = diagnosis.timeline.map(({ at }) => at.slice(0, 16));
    expect(minutes).toEqual([...minutes].sort());
    const early = diagnosis.timeline.filter(({ kind, at }, index) => {
      const later = diagnosis.timeline.slice(index + 1);
      return (
        kind === 'symptom' && later.some((one) => one.kind === 'change' && one.at.slice(0, 16) === at.slice(0, 16))
      );
    });
    expect(early).toEqual([]);
  });

  test('the moment of a finding in its timeline is one that its proof holds', () => {
    const strange = diagnosis.findings.flatMap(({ headline, because }) => {
      const says = asString(headline);
      const told = diagnosis.timeline.find(({ kind, what }) => kind === 'health' && asString(what).startsWith(says));
      const times = [headline, ...because.map(({ shows }) => shows)].flat();
      const held = [
        ...because.map(({ at }) => at),
        ...times.map((part) => (part.kind === 'time' ? part.at : undefined)),
      ];
      const isOfErrors = told !== undefined && asString(told.what).endsWith('(when the first such errors came)');
      return told === undefined || isOfErrors || held.includes(told.at) ? [] : [`${told.at}: ${says}`];
    });
    expect(strange).toEqual([]);
  });

  test('what has a name is told by it, wherever it is told', () => {
    const { names = {}, verdict, findings, timeline, topology } = diagnosis;
    const told = [verdict.headline, ...findings.map(({ headline }) => headline), ...timeline.map(({ what }) => what)];
    const marks = (topology?.marks ?? []).map(({ says }) => asString(says)).join('; ');
    const all = [...told.map(asString), marks];
    const bare = Object.entries(names).flatMap(([id, name]) =>
      all.filter((says) => says.includes(id) && !says.includes(`${name} (${id})`)),
    );
    expect(bare).toEqual([]);
    expect(Object.keys(names).filter((id) => renderSms(diagnosis).includes(id))).toEqual([]);
  });

  test('no word of it is a value that does not exist', () => {
    expect(`${mail}${inFull}`).not.toMatch(/undefined|\bnull\b|NaN|\[object/);
  });

  test('its README says what happened and how it was made', () => {
    expect(readFileSync(file('README.md'), 'utf8')).toMatch(/^# .{10,100}\n\n/);
  });
});

const made = await madeIncidents();

test.each(made)('the snapshot of $name is what its recipe makes', ({ file, text }) => {
  expect(readFileSync(file, 'utf8'), ACCEPT).toBe(text);
});

/** A made incident is for its own cause: it would add a line to the file of every other. */
const fromAws = recorded.filter(({ name }) => !made.some((one) => one.name === name));

describe.each(causes)('what %s answers', (cause) => {
  test('in each incident of AWS is what its golden file says', async () => {
    const lines = fromAws.map(({ name, diagnosis }) => `${name}: ${answerOf(cause, diagnosis)}\n`);
    await expect(lines.join(''), ACCEPT).toMatchFileSnapshot(join(BY_CAUSE, `${cause}.txt`));
  });
});

test('no golden file is left of what is gone', () => {
  const answers = causes.map((cause) => `${cause}.txt`);
  expect(readdirSync(BY_CAUSE).filter((of) => !answers.includes(of))).toEqual([]);
  const known = ['README.md', 'expect.json', 'recipe.ts', 'report.txt', 'snapshot.json'];
  const files = recorded.flatMap(({ name, file }) => readdirSync(file('')).map((of) => `${name}/${of}`));
  expect(files.filter((path) => !known.some((of) => path.endsWith(`/${of}`)))).toEqual([]);
});

test('every cause is what some incident is found to be: a recorded one, or one that its own test stages', () => {
  const found = new Set<CauseId | undefined>(recorded.map(({ diagnosis }) => diagnosis.findings[0]?.cause));
  const staged = ({ category, id }: Cause): boolean =>
    readFileSync(`test/causes/${category}/${id}.test.ts`, 'utf8').includes(`expect(foundFirst(`);
  expect(CAUSES.filter((cause) => !found.has(cause.id) && !staged(cause)).map(({ id }) => id)).toEqual([]);
});

test('at least fifteen of them are tangled, in every way', () => {
  const tangled = recorded.flatMap(({ expected }) => expected.tangled ?? []);
  expect(tangled.length).toBeGreaterThanOrEqual(15);
  expect(new Set(tangled)).toEqual(new Set(TANGLES));
});

const MOSTLY = 0.85;

test('of those with more than one fault, exactly what must be found is found in most', () => {
  const withSet = recorded.flatMap(({ diagnosis, expected: { causes } }) =>
    causes === undefined ? [] : [{ told: causesTold(diagnosis), causes: [...causes].sort() }],
  );
  const exact = withSet.filter(({ told, causes }) => told.join() === causes.join());
  expect(exact.length).toBeGreaterThanOrEqual(MOSTLY * withSet.length);
  const ofSeveral = withSet.filter(({ causes }) => causes.length > 1);
  const exactOfSeveral = exact.filter(({ causes }) => causes.length > 1);
  expect(exactOfSeveral.length).toBeGreaterThanOrEqual(MOSTLY * ofSeveral.length);
});

test('at least fifteen of them name exactly what must be found, and ten of them what waits behind it', () => {
  const all = recorded.map(({ expected }) => expected);
  expect(all.filter(({ causes = [] }) => causes.length > 1).length).toBeGreaterThanOrEqual(15);
  expect(all.filter(({ waiting = [] }) => waiting.length > 0).length).toBeGreaterThanOrEqual(10);
});
