import { describe, expect, test } from 'vitest';
import { redact } from '../../../../lambda/entry/cli/redact/redact.ts';
import { snapshotDiagnosis } from '../../../../lambda/entry/cli/snapshot-diagnosis.ts';
import { seen } from '../../../../lambda/incident/observed.ts';
import type { Snapshot } from '../../../../lambda/incident/snapshot.ts';
import { recordedIncidents } from '../../../support/incidents.ts';

/** Every word of the sentences that AWS and programs wrote, as somebody may name something. */
function wordsOfSentences(value: unknown, field = ''): readonly string[] {
  if (typeof value === 'string') return SENTENCES.test(field) ? (value.match(/[A-Za-z][A-Za-z-]+/g) ?? []) : [];
  if (Array.isArray(value)) return value.flatMap((item) => wordsOfSentences(item, field));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => wordsOfSentences(inner, name));
}
const SENTENCES = /^(?:message|reason|cause|description|stoppedReason|rolloutReason|stateReason|lines)$/;

const named = (snapshot: Snapshot): Snapshot => {
  const words = [...new Set(wordsOfSentences(snapshot.evidence))];
  const tags = Object.fromEntries(words.map((word, index) => [`tag${index}`, word]));
  const known = snapshot.evidence.tags.seen ? snapshot.evidence.tags.value : {};
  const { arn } = snapshot.question.subject;
  return {
    ...snapshot,
    evidence: { ...snapshot.evidence, tags: seen({ ...known, [arn]: { ...known[arn], ...tags } }) },
  };
};

/** The worst that may be named: every word that is judged is somebody's name, too. */
describe.each(recordedIncidents())('$name', ({ snapshot }) => {
  test('is judged as before, whatever things are called', () => {
    const judged = (one: Snapshot) => {
      const { verdict, findings } = snapshotDiagnosis(one);
      return [verdict.status, verdict.cause, findings.map(({ cause, strength }) => [cause, strength])];
    };
    const original = named(snapshot);
    expect(judged(redact(original).snapshot)).toEqual(judged(original));
  });
});
