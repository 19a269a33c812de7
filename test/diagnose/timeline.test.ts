import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { asString } from '../../lambda/render/json.ts';
import { recordedIncidents } from '../support/incidents.ts';

const incidents = recordedIncidents();

function diagnosed(name: string): Diagnosis {
  const incident = incidents.find((one) => one.name === name);
  if (incident === undefined) throw new Error(name);
  return diagnose(incident.snapshot, CAUSES);
}

function momentOf(diagnosis: Diagnosis, cause: CauseId): string | undefined {
  const says = asString(diagnosis.findings.find((finding) => finding.cause === cause)?.headline ?? []);
  const told = diagnosis.timeline.find(({ what }) => asString(what).startsWith(says));
  return told && `${told.at.slice(11, 19)} ${asString(told.what).slice(says.length)}`.trim();
}

describe('the moment of a finding', () => {
  test.each<[what: string, name: string, cause: CauseId, told: string]>([
    [
      'one that ECS recorded after the errors began',
      'tasks-killed-for-memory',
      'out-of-memory',
      '14:27:00  (as recorded by ECS)',
    ],
    [
      'several of which the last is told',
      'tasks-end-before-they-are-ready',
      'crashing-backend',
      '13:47:11  (as recorded by ECS; the last time at 2026-03-10T14:24:56Z)',
    ],
    ['one that began the errors', 'killed-an-hour-late', 'out-of-memory', '14:18:00'],
    [
      'gaps of which the last is told',
      'version-without-health-page',
      'no-running-tasks',
      '14:18:00  (the last time at 2026-03-10T14:25:00Z)',
    ],
    [
      'one that nothing of its own dates',
      'closed-port-beside-a-slow-service',
      'nothing-listening',
      '14:06:00  (when the first such errors came)',
    ],
    ['what dates itself', 'instance-impaired', 'instance-check-failed', '14:21:00'],
  ])('%s', (_, name, cause, told) => {
    expect(momentOf(diagnosed(name), cause)).toBe(told);
  });
});

test('what is also found is shown by its own evidence, not by when the errors began', () => {
  const mail = renderEmail(diagnosed('instance-impaired')).replace(/\s+/g, ' ');
  expect(mail).toContain('console of web-1: Out of memory, killed node');
  expect(mail).not.toMatch(/killed node: out of memory \([^)]*\): the errors began/);
});

describe('within the minute of a metric', () => {
  test.each([
    ['kernel-kills-the-application', ['The kernel', 'first 502 errors']],
    ['spot-takes-all-tasks', ['3 targets of', 'web runs 0', 'first 503 errors']],
    ['health-endpoint-503', ['The application answers', 'The health check', 'first 5xx answers']],
    ['deep-health-check-and-database-down', ['The health check', 'first 5xx answers']],
  ])('what makes the errors stands before them: %s', (name, expected) => {
    const told = diagnosed(name).timeline.map(({ what }) => asString(what));
    const order = expected.map((words) => told.findIndex((said) => said.startsWith(words)));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  test.each(incidents)('a change stands before what was counted: $name', ({ snapshot }) => {
    const { timeline } = diagnose(snapshot, CAUSES);
    const late = timeline.filter(({ kind, at }, index) =>
      timeline
        .slice(0, index)
        .some(
          (before) =>
            kind === 'change' &&
            before.kind === 'symptom' &&
            before.at < at &&
            before.at.slice(0, 16) === at.slice(0, 16),
        ),
    );
    expect(late).toEqual([]);
  });
});
