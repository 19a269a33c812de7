import { describe, expect, test } from 'vitest';
import { ifSeen } from '../lambda/incident/observed.ts';
import { renderEmail } from '../lambda/render/email.ts';
import { renderJson } from '../lambda/render/json.ts';
import { diagnosisOf, recordedIncidents } from './support/incidents.ts';

/** What holds of every answer, whatever it is about. */
const told = recordedIncidents().map(({ name, snapshot }) => {
  const diagnosis = diagnosisOf(snapshot);
  return { name, snapshot, diagnosis, mail: renderEmail(diagnosis), report: renderJson(diagnosis) };
});

const COMMAND = /^(?:aws|kubectl|curl|alb-triage) /;

function repeated(all: readonly string[]): readonly string[] {
  return all.filter((one, index) => all.indexOf(one) !== index);
}

/** Without commands, addresses and ARNs on lines of their own: as sentences are read. */
function paragraphsOf(mail: string): readonly string[] {
  return mail
    .split('\n')
    .filter((line) => !COMMAND.test(line) && !/^(?:- )?(?:https:|arn:)/.test(line))
    .join('\n')
    .split(/\n\n|\n(?=- )|(?<=\.)\n(?=[A-Z])/)
    .map((paragraph) => paragraph.replace(/\n */g, ' '));
}

describe.each(told)('of $name', ({ snapshot, mail, report }) => {
  test('no command is told twice', () => {
    expect(repeated(mail.split('\n').filter((line) => COMMAND.test(line)))).toEqual([]);
  });

  test('no id stands twice in a paragraph', () => {
    const ids = /\b(?:sg|i|acl|subnet|rtb|eni|vpc)-[0-9a-f]{8,}\b|arn:\S+/g;
    const twice = paragraphsOf(mail).filter((one) => repeated(one.match(ids) ?? []).length > 0);
    expect(twice).toEqual([]);
  });

  test('nothing is told to explain none of the errors, nor 0 % of anything to fail', () => {
    expect(mail).not.toMatch(/explains\s+(?:none|0 %)|(?<![\d.])0 %\s+of\s+(?:the\s+)?(?:requests|errors)/);
  });

  test('what proves a finding is told in the order of time, to the minute', () => {
    for (const { because } of report.findings) {
      // A metric's minute comes after what somebody did in it.
      const minutes = because.flatMap(({ from, at }) =>
        at === undefined ? [] : Date.parse(at) + (from.endsWith('Metrics') ? 59_999 : 0),
      );
      expect(minutes).toEqual([...minutes].sort((one, other) => one - other));
    }
  });

  test('nobody is told to look at what was well whether a fix helped', () => {
    const targets = ifSeen(snapshot.evidence.targetHealth) ?? [];
    const looked = report.findings.flatMap(({ fixes }) =>
      fixes.flatMap(({ verify }) => (verify?.[2] === 'describe-target-health' ? (verify[4] ?? '') : [])),
    );
    const well = looked.filter((arn) => {
      const own = targets.filter(({ targetGroup }) => targetGroup === arn);
      return own.length > 0 && own.every(({ state }) => state === 'healthy');
    });
    // Where no error was counted, there is nothing else to look at.
    const { elb, target5xx } = report.symptoms;
    const isCounted = [...Object.values(elb), target5xx].some((errors) => (errors ?? 0) > 0);
    expect(isCounted ? well : []).toEqual([]);
  });
});
